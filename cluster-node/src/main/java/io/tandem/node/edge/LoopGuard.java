package io.tandem.node.edge;

import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.hops.Recurrence;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transport.SipTransport;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses calls that come round again (TEL-9): 483 without hops, 440 without breadth, 482 where a
 * Via of ours shows it, or so many calls of the same two numbers that nobody makes. On the loop
 * only.
 */
final class LoopGuard {
  private static final Logger LOG = LoggerFactory.getLogger(LoopGuard.class);

  private final Edge edge;
  private final SipTransport transport;
  private final Recurrence pairs;
  private final Map<String, String> pairOfCall = new HashMap<>();
  private @Nullable Set<String> ours;

  LoopGuard(Edge edge, SipTransport transport) {
    this.edge = edge;
    this.transport = transport;
    this.pairs = new Recurrence(edge.settings().samePairMax());
  }

  /**
   * The status that refuses a new INVITE; empty when it may be sent on.
   *
   * @param caller the caller's number
   * @param called ours
   */
  Optional<Integer> refusal(SipRequest invite, String caller, String called) {
    boolean recurs = pairs.isLoop(pair(caller, called));
    Optional<Integer> status =
        Hops.refusal(invite, ours()).or(() -> recurs ? Optional.of(482) : Optional.empty());
    status.ifPresent(
        found -> {
          LOG.warn("a call is refused with {}: it came round again or has no hops left", found);
          edge.count("loop", found);
        });
    return status;
  }

  /** What our Vias show: asked once, for sockets stay where they are. */
  private Set<String> ours() {
    Set<String> known = ours;
    if (known == null) {
      known =
          transport.listening().stream()
              .map(
                  bind ->
                      bind.sentByHost().toLowerCase(Locale.ROOT) + ":" + bind.address().getPort())
              .collect(Collectors.toSet());
      ours = known;
    }
    return known;
  }

  /** A call is taken. */
  void began(String callId, String caller, String called) {
    String pair = pair(caller, called);
    pairs.began(pair);
    pairOfCall.put(callId, pair);
  }

  /** It is over. */
  void ended(String callId) {
    String pair = pairOfCall.remove(callId);
    if (pair != null) {
      pairs.ended(pair);
    }
  }

  private static String pair(String caller, String called) {
    return caller + '>' + called;
  }
}
