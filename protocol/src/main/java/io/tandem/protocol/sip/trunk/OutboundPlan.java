package io.tandem.protocol.sip.trunk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Where a call to a number is sent, one address after the other (TEL-3): the trunks with the
 * longest prefix of it, by rank and name, and of each its usable addresses in their order.
 */
public final class OutboundPlan {

  private OutboundPlan() {}

  /**
   * A trunk as far as routing goes.
   *
   * @param targets in the order in which they are tried
   */
  public record Trunk(String id, List<Route> routes, List<String> targets) {}

  /** A prefix of E.164 digits that a trunk leads to. */
  public record Route(String prefix, int rank) {}

  /** One try. */
  public record Attempt(String trunkId, String target) {}

  private record Fit(Trunk trunk, Route route) {}

  /**
   * The tries, in order; none when no trunk leads there or none of those that do answers.
   *
   * @param usable whether a target of a trunk is used
   */
  public static List<Attempt> of(
      String e164, List<Trunk> trunks, BiPredicate<String, String> usable) {
    List<Fit> fits = new ArrayList<>();
    for (Trunk trunk : trunks) {
      trunk.routes().stream()
          .filter(route -> e164.startsWith(route.prefix()))
          .max(Comparator.comparingInt(route -> route.prefix().length()))
          .ifPresent(route -> fits.add(new Fit(trunk, route)));
    }
    fits.sort(
        Comparator.<Fit>comparingInt(fit -> -fit.route().prefix().length())
            .thenComparingInt(fit -> fit.route().rank())
            .thenComparing(fit -> fit.trunk().id()));
    List<Attempt> attempts = new ArrayList<>();
    for (Fit fit : fits) {
      for (String target : fit.trunk().targets()) {
        if (usable.test(fit.trunk().id(), target)) {
          attempts.add(new Attempt(fit.trunk().id(), target));
        }
      }
    }
    return attempts;
  }

  /**
   * Whether another address may do better than one that answered so: it did not answer (408), or
   * the failure was its own (5xx). What the called party said is final.
   */
  public static boolean mayFailOver(int status) {
    return status == 408 || (status >= 500 && status < 600);
  }

  /** Whether it says that the address itself is in trouble. */
  public static boolean isTrouble(int status) {
    return status == 408 || status == 503;
  }
}
