package io.tandem.node.edge;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.edge.trunk.Carrier;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.security.Loop;
import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.hops.Recurrence;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transport.Flow;
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

  private static final int LOOP = 482;

  private final Edge edge;
  private final SipTransport transport;
  private final DoorWatch doors;
  private final Recurrence pairs;
  private final Map<String, String> pairOfCall = new HashMap<>();
  private @Nullable Set<String> ours;

  LoopGuard(Edge edge, EdgeWorld world) {
    this.edge = edge;
    this.transport = world.transport();
    this.doors = world.doors();
    this.pairs = new Recurrence(edge.settings().samePairMax());
  }

  /**
   * The status that refuses a new INVITE; empty when it may be sent on. What is refused is told to
   * the security log, and to the agent whose phone sent the call back (COOL-2).
   *
   * @param caller the caller's number
   * @param to ours, and where its calls go
   */
  Optional<Integer> refusal(
      SipRequest invite,
      String caller,
      RoutingDesk.Destination to,
      @Nullable Carrier carrier,
      Flow flow) {
    boolean recurs = pairs.isLoop(pair(caller, to.number()));
    Optional<Integer> shown = Hops.refusal(invite, ours());
    Optional<Integer> status = shown.or(() -> recurs ? Optional.of(LOOP) : Optional.empty());
    status.ifPresent(
        found -> {
          LOG.warn("a call is refused with {}: it came round again or has no hops left", found);
          edge.count("loop", found);
          tell(found, shown.isEmpty() ? "SAME_PAIR" : ground(found), invite, to, carrier, flow);
        });
    return status;
  }

  private static String ground(int status) {
    return status == LOOP ? "OUR_VIA" : status == 440 ? "BREADTH" : "HOPS";
  }

  private void tell(
      int status,
      String ground,
      SipRequest invite,
      RoutingDesk.Destination to,
      @Nullable Carrier carrier,
      Flow flow) {
    CallSession call = null;
    Offer blamed = null;
    for (CallSession each : edge.calls()) {
      Offer sent = each.sentTo(invite.callId()).orElse(null);
      if (sent != null) {
        call = each;
        blamed = sent;
      }
    }
    Loop loop =
        new Loop(
            status,
            ground,
            to.number(),
            to.campaignId(),
            carrier == null ? null : carrier.id(),
            blamed == null ? null : blamed.agentId(),
            call == null ? null : call.callId(),
            invite.maxForwards(),
            invite.vias().size(),
            Hops.breadth(invite),
            doors.address(flow.remote().getAddress().getHostAddress()));
    doors.loop(blamed == null ? to.campaign().accountId() : blamed.accountId(), loop);
    if (call != null && blamed != null) {
      blame(call.callId(), blamed, loop);
    }
  }

  /** COOL-2: the INVITE that we sent to that phone came back to us from there. */
  private void blame(String callId, Offer offer, Loop loop) {
    var unused =
        edge.gateway()
            .attest(
                new EntityKey(AgentRules.NAME, offer.agentId()),
                new AgentCommand.ReportLoop(
                    callId, offer.offerId(), loop.called(), loop.ground(), loop.hops()),
                new Origin(callId + '/' + offer.offerId() + "/loop", callId, edge.actor()));
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
