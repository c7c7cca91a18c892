package io.tandem.node.edge;

import io.tandem.node.call.EdgeNews;
import io.tandem.node.directory.Directory;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.protocol.sip.event.DialogReport;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In which calls of other edges watched phones ring or talk, by the read models (TEL-11): the
 * directory says for which calls an agent is kept, the call's row whether it talks. So it holds
 * whatever edge dies, and is as late as the read models are. On the loop only; the database is
 * asked elsewhere.
 */
final class CallsElsewhere {
  private static final Logger LOG = LoggerFactory.getLogger(CallsElsewhere.class);

  private final EdgeRef own;
  private final Directory directory;
  private final CallIndex index;
  private final Executor blocking;
  private final EdgeLoop loop;
  private Map<Kept, Optional<DialogReport.State>> known = Map.of();
  private final Set<String> left = new HashSet<>();
  private boolean asking;

  /** An agent at a phone is kept for a call. */
  private record Kept(String endpoint, String agentId, String callId) {}

  CallsElsewhere(EdgeWorld world) {
    this.own = world.ref();
    this.directory = world.directory();
    this.index = world.calls();
    this.blocking = world.blocking();
    this.loop = world.transport().loop();
  }

  /**
   * As the last look found it.
   *
   * @param seats what the carrying edges tell of who sits in an agent's place
   */
  List<DialogReport.Call> of(String endpoint, List<EdgeNews.Seat> seats) {
    List<DialogReport.Call> calls = new ArrayList<>(1);
    for (EdgeNews.Seat seat : seats) {
      if (seat.talks()) {
        left.add(seat.callId());
      }
      if (seat.endpoint().equals(endpoint)) {
        calls.add(
            new DialogReport.Call(
                seat.callId(),
                true,
                seat.talks() ? DialogReport.State.CONFIRMED : DialogReport.State.EARLY));
      }
    }
    known.forEach(
        (kept, state) ->
            state
                .filter(there -> kept.endpoint().equals(endpoint))
                .filter(there -> !left.contains(kept.callId()))
                .ifPresent(s -> calls.add(new DialogReport.Call(kept.callId(), true, s))));
    return calls;
  }

  /** The phones of the agents that are kept for a call, as far as somebody watches them. */
  Stream<String> phones(String callId) {
    return known.keySet().stream()
        .filter(kept -> kept.callId().equals(callId))
        .map(Kept::endpoint)
        .distinct();
  }

  /**
   * Looks again.
   *
   * @param endpoints that are watched
   * @param here whether this edge carries a call: then it knows better
   * @param changed is given phones of which something else is known now
   */
  void look(Collection<String> endpoints, Predicate<String> here, Consumer<Set<String>> changed) {
    if (asking) {
      return;
    }
    Map<Kept, Optional<DialogReport.State>> next = new HashMap<>();
    List<Kept> unclear = new ArrayList<>();
    for (Kept kept : kept(endpoints, here)) {
      Optional<DialogReport.State> before = known.get(kept);
      if (before != null) {
        next.put(kept, before);
      }
      if (before == null || before.equals(Optional.of(DialogReport.State.EARLY))) {
        unclear.add(kept);
      }
    }
    if (unclear.isEmpty()) {
      take(next, changed);
      return;
    }
    asking = true;
    blocking.execute(
        () -> {
          Map<Kept, Optional<DialogReport.State>> found = found(unclear);
          loop.execute(
              () -> {
                asking = false;
                next.putAll(found);
                take(next, changed);
              });
        });
  }

  private List<Kept> kept(Collection<String> endpoints, Predicate<String> here) {
    List<Kept> all = new ArrayList<>();
    for (String endpoint : endpoints) {
      directory
          .agentsAt(endpoint)
          .forEach(
              (agentId, agent) ->
                  agent.reservations().values().stream()
                      .map(AgentState.Reservation::callId)
                      .filter(here.negate())
                      .forEach(callId -> all.add(new Kept(endpoint, agentId, callId))));
    }
    return all;
  }

  /** A database that is away, or behind the directory, leaves what was known. */
  private Map<Kept, Optional<DialogReport.State>> found(List<Kept> unclear) {
    Map<Kept, Optional<DialogReport.State>> found = new HashMap<>();
    try {
      for (Kept kept : unclear) {
        index.byId(kept.callId()).ifPresent(row -> found.put(kept, state(row, kept.agentId())));
      }
    } catch (JournalException away) {
      LOG.warn("lamps stay as they are: {}", away.getMessage());
    }
    return found;
  }

  private Optional<DialogReport.State> state(CallIndexRow row, String agentId) {
    if (own.toString().equals(row.edge()) || row.endedAt() != null) {
      return Optional.empty();
    }
    if (row.connectedAt() == null) {
      return Optional.of(DialogReport.State.EARLY);
    }
    return agentId.equals(row.agentId())
        ? Optional.of(DialogReport.State.CONFIRMED)
        : Optional.empty();
  }

  private void take(Map<Kept, Optional<DialogReport.State>> next, Consumer<Set<String>> changed) {
    Map<Kept, Optional<DialogReport.State>> before = known;
    known = Map.copyOf(next);
    // who has left a call does not come back to it, also when its end is told before it is read
    left.retainAll(known.keySet().stream().map(Kept::callId).toList());
    Set<String> phones = new HashSet<>();
    next.forEach(
        (kept, state) -> {
          if (!state.equals(before.getOrDefault(kept, Optional.empty()))) {
            phones.add(kept.endpoint());
          }
        });
    before.forEach(
        (kept, state) -> {
          if (state.isPresent() && !next.containsKey(kept)) {
            phones.add(kept.endpoint());
          }
        });
    if (!phones.isEmpty()) {
      changed.accept(phones);
    }
  }
}
