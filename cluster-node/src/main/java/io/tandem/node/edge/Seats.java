package io.tandem.node.edge;

import io.tandem.node.call.EdgeNews;
import io.tandem.node.edge.legs.Legs;
import io.tandem.persistence.call.EdgeRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which phones sit in another one's place after a transfer, or are rung for it, in the calls of
 * this edge and of others (TEL-11). The call's own record knows the agent that was offered it and
 * nobody else, so edges tell each other: all of it when something changes and every {@value
 * #AGAIN_MILLIS} ms while there is something to tell; what is not told again in time is forgotten
 * with the edge that told it. On the loop only.
 */
final class Seats {
  private static final Logger LOG = LoggerFactory.getLogger(Seats.class);
  private static final long AGAIN_MILLIS = 10_000;
  private static final long FORGOTTEN_MILLIS = 35_000;

  private final Edge edge;
  private final Consumer<EdgeNews> others;
  private final Map<EdgeRef, EdgeNews.Seats> heard = new HashMap<>();
  private List<EdgeNews.Seat> told = List.of();
  private boolean again;

  /**
   * @param others tells all edges
   */
  Seats(Edge edge, Consumer<EdgeNews> others) {
    this.edge = edge;
    this.others = others;
  }

  /** Who sits where in a call of this edge once somebody was to take the agent's place. */
  static List<EdgeNews.Seat> of(CallSession call) {
    if (call.legs().phase() != Legs.Phase.CONNECTED) {
      return List.of();
    }
    List<EdgeNews.Seat> seats = new ArrayList<>(2);
    call.agentSide()
        .successor()
        .ifPresent(phone -> seats.add(new EdgeNews.Seat(call.callId(), phone, true)));
    call.transfer()
        .ringing()
        .ifPresent(phone -> seats.add(new EdgeNews.Seat(call.callId(), phone, false)));
    return seats;
  }

  /** What the others are to know may have changed. */
  void tell() {
    List<EdgeNews.Seat> seats = new ArrayList<>();
    edge.calls().forEach(call -> seats.addAll(of(call)));
    if (!seats.isEmpty() || !told.isEmpty()) {
      told = List.copyOf(seats);
      others.accept(new EdgeNews.Seats(edge.ref(), told));
    }
    if (!told.isEmpty() && !again) {
      again = true;
      var next = edge.loop().schedule(AGAIN_MILLIS, this::tellAgain);
      LOG.trace("seats are told again with {}", next);
    }
  }

  private void tellAgain() {
    again = false;
    tell();
  }

  /**
   * Another edge tells, or this one.
   *
   * @param changed is given phones of which something else is known now
   */
  void hear(EdgeNews.Seats news, Consumer<Stream<String>> changed) {
    if (news.edge().equals(edge.ref())) {
      return;
    }
    EdgeNews.Seats before = heard.put(news.edge(), news);
    changed.accept(Stream.concat(phones(before), phones(news)));
    var end =
        edge.loop()
            .schedule(
                FORGOTTEN_MILLIS,
                () -> {
                  if (heard.remove(news.edge(), news)) {
                    changed.accept(phones(news));
                  }
                });
    LOG.trace("seats of {} are known until {}", news.edge(), end);
  }

  private static Stream<String> phones(EdgeNews.@Nullable Seats news) {
    return news == null ? Stream.of() : news.seats().stream().map(EdgeNews.Seat::endpoint);
  }

  /** In calls of other edges. */
  Stream<EdgeNews.Seat> elsewhere() {
    return heard.values().stream().flatMap(news -> news.seats().stream());
  }
}
