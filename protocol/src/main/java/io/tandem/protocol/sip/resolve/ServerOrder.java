package io.tandem.protocol.sip.resolve;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The order in which servers are tried (RFC 2782): by priority, and within one by lot, each in
 * proportion to its weight. Servers with weight 0 come first only by the smallest of chances. Drawn
 * anew for each call, so that the load is spread as the weights say. Pure.
 */
public final class ServerOrder {
  private ServerOrder() {}

  /** The servers in an order of their own. */
  public static List<Located.Server> drawn(List<Located.Server> servers, RandomGenerator random) {
    TreeMap<Integer, List<Located.Server>> byPriority = new TreeMap<>();
    for (Located.Server server : servers) {
      byPriority.computeIfAbsent(server.priority(), p -> new ArrayList<>()).add(server);
    }
    List<Located.Server> order = new ArrayList<>(servers.size());
    byPriority.values().forEach(of -> draw(of, random, order));
    return order;
  }

  private static void draw(
      List<Located.Server> from, RandomGenerator random, List<Located.Server> order) {
    // RFC 2782: those of weight 0 stand at the beginning of the list that the lot runs over
    List<Located.Server> left = new ArrayList<>(from.size());
    from.stream().filter(server -> server.weight() == 0).forEach(left::add);
    from.stream().filter(server -> server.weight() > 0).forEach(left::add);
    while (!left.isEmpty()) {
      int sum = left.stream().mapToInt(Located.Server::weight).sum();
      int lot = random.nextInt(sum + 1);
      int running = 0;
      int at = 0;
      for (; at < left.size() - 1; at++) {
        running += left.get(at).weight();
        if (running >= lot) {
          break;
        }
      }
      order.add(left.remove(at));
    }
  }
}
