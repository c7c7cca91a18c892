package io.tandem.node.sim;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.call.LegCommand;
import io.tandem.node.entity.EdgeSignal;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.OfferFailure;
import io.tandem.persistence.call.ProofOfLife;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An edge as the contract of {@link LegCommand} and {@link CallCommand} asks: phones and callers by
 * script, facts attested in order until they are stored.
 */
final class SimEdge {

  /** What a phone does when it rings. */
  record Phone(long afterMillis, Does does) {
    enum Does {
      ANSWER,
      DECLINE,
      IGNORE,
      UNREACHABLE
    }
  }

  /** What a caller does. */
  record Caller(long patienceMillis, long talkMillis, EndedBy endsIt, Map<String, Phone> phones) {}

  /** What really happened to a call on this edge; what the auditor holds the journal against. */
  static final class Legs {
    final String callId;
    final Caller script;
    final Deque<CallCommand> toAttest = new ArrayDeque<>();
    final Map<String, Offer> ringing = new LinkedHashMap<>();
    final Map<String, String> settled = new LinkedHashMap<>();
    boolean attesting;
    boolean gone;
    @Nullable Offer bridged;
    @Nullable Instant bridgedAt;
    @Nullable Instant goneAt;
    int rejects;

    Legs(String callId, Caller script) {
      this.callId = callId;
      this.script = script;
    }

    /** Connected time by the edge's own clock, up to {@code at} while it lasts. */
    long connectedMillis(Instant at) {
      if (bridgedAt == null) {
        return 0;
      }
      return Duration.between(bridgedAt, goneAt == null ? at : goneAt).toMillis();
    }
  }

  private final SimWorld world;
  private final EdgeRef ref;
  private final Map<String, Legs> legs = new LinkedHashMap<>();
  private @Nullable Instant diedAt;

  SimEdge(SimWorld world, EdgeRef ref) {
    this.world = world;
    this.ref = ref;
  }

  EdgeRef ref() {
    return ref;
  }

  Map<String, Legs> legs() {
    return legs;
  }

  @Nullable Instant diedAt() {
    return diedAt;
  }

  boolean quiet() {
    return diedAt != null || legs.values().stream().allMatch(l -> l.gone && l.toAttest.isEmpty());
  }

  /** A caller comes; {@code offer} is what the edge made of it. */
  void invite(String callId, CallCommand.Offer offer, Caller caller) {
    if (diedAt != null) {
      return;
    }
    Legs call = new Legs(callId, caller);
    legs.put(callId, call);
    attest(call, offer);
    later(caller.patienceMillis(), () -> giveUp(call));
  }

  /**
   * All sockets and all memory of this edge are gone; seconds later a sweep finds what it carried.
   */
  void die() {
    if (diedAt != null) {
      return;
    }
    diedAt = world.time().now();
    Instant heartbeat = Instant.ofEpochSecond(diedAt.getEpochSecond());
    for (Legs call : legs.values()) {
      if (!call.gone || !call.toAttest.isEmpty()) {
        boolean over = call.goneAt != null && call.goneAt.isBefore(heartbeat);
        ProofOfLife proof = new ProofOfLife(ref, heartbeat, over ? call.goneAt : heartbeat);
        world
            .time()
            .after(
                Duration.ofSeconds(8),
                () -> world.attest(call.callId, new CallCommand.EdgeLost(proof), reply -> {}));
      }
    }
  }

  void take(EdgeSignal signal, Runnable takenOn) {
    if (diedAt != null) {
      return;
    }
    LegCommand command = (LegCommand) signal;
    Legs call = legs.get(command.callId());
    if (call == null) {
      throw new AssertionError("a signal for a call that was never here: " + command);
    }
    switch (command) {
      case LegCommand.Ring c -> ring(call, c);
      case LegCommand.StopRinging c -> stop(call, c);
      case LegCommand.Reject c -> reject(call);
      case LegCommand.HangUp c -> hangUp(call, EndedBy.PLATFORM, c.reason());
      case LegCommand.PauseRecording c -> {} // nothing is recorded here
      case LegCommand.Report c -> {} // everything is attested until it is stored anyway
    }
    takenOn.run();
  }

  private void ring(Legs call, LegCommand.Ring c) {
    String offerId = c.offer().offerId();
    if (call.gone
        || call.bridged != null
        || call.settled.containsKey(offerId)
        || call.ringing.containsKey(offerId)) {
      return;
    }
    call.ringing.put(offerId, c.offer());
    Scenario.mustBeCovered(world, call.callId, c.offer());
    Phone phone =
        call.script.phones().getOrDefault(c.offer().agentId(), new Phone(0, Phone.Does.IGNORE));
    switch (phone.does()) {
      case ANSWER -> later(phone.afterMillis(), () -> answer(call, offerId));
      case DECLINE -> later(phone.afterMillis(), () -> phoneFails(call, offerId, "DECLINED", 603));
      case UNREACHABLE ->
          later(phone.afterMillis(), () -> phoneFails(call, offerId, "UNREACHABLE", 503));
      case IGNORE -> {}
    }
    later(c.ringMillis(), () -> phoneFails(call, offerId, "NO_ANSWER", 487));
  }

  private void answer(Legs call, String offerId) {
    Offer offer = call.ringing.remove(offerId);
    if (offer == null || call.gone || call.bridged != null) {
      return;
    }
    call.bridged = offer;
    call.bridgedAt = world.time().now();
    List<String> lost = new ArrayList<>(call.ringing.keySet());
    call.ringing.clear();
    attest(
        call,
        new CallCommand.Bridged(
            offerId, dialog(call.callId), dialog(call.callId), lost, call.bridgedAt));
    long timer = offer.terms().timerMillis();
    later(timer, () -> cross(call, timer));
    later(call.script.talkMillis(), () -> hangUp(call, call.script.endsIt(), "NORMAL"));
  }

  private void cross(Legs call, long timer) {
    if (!call.gone) {
      attest(call, new CallCommand.Crossed(timer, world.time().now()));
    }
  }

  private void phoneFails(Legs call, String offerId, String reason, int status) {
    if (call.gone || call.ringing.remove(offerId) == null) {
      return;
    }
    call.settled.put(offerId, reason);
    attest(
        call,
        new CallCommand.PhoneFailed(
            new OfferFailure(offerId, reason, "", true, status), world.time().now()));
  }

  private void stop(Legs call, LegCommand.StopRinging c) {
    if (call.gone || call.bridged != null || call.settled.containsKey(c.offerId())) {
      return;
    }
    boolean rang = call.ringing.remove(c.offerId()) != null;
    call.settled.put(c.offerId(), c.reason());
    attest(
        call,
        new CallCommand.PhoneFailed(
            new OfferFailure(c.offerId(), c.reason(), "", rang, 0), world.time().now()));
  }

  private void reject(Legs call) {
    if (!call.gone) {
      call.rejects++;
      end(call);
    }
  }

  private void giveUp(Legs call) {
    if (call.bridged == null) {
      hangUp(call, EndedBy.CALLER, "CANCELLED");
    }
  }

  private void hangUp(Legs call, EndedBy by, String cause) {
    if (!call.gone) {
      end(call);
      Instant at = world.time().now();
      attest(call, new CallCommand.LegsEnded(by, cause, call.connectedMillis(at), at));
    }
  }

  private void end(Legs call) {
    call.gone = true;
    call.goneAt = world.time().now();
    call.ringing.clear();
  }

  // ---- facts, in order, until they are stored
  // ----------------------------------------------------

  private void attest(Legs call, CallCommand fact) {
    call.toAttest.add(fact);
    next(call);
  }

  private void next(Legs call) {
    CallCommand fact = call.toAttest.peek();
    if (fact == null || call.attesting || diedAt != null) {
      return;
    }
    call.attesting = true;
    boolean[] done = {false};
    world.again(
        () -> {
          if (!done[0] && diedAt == null) {
            world.send(
                new io.tandem.node.entity.EntityKey("call", call.callId),
                fact,
                reply -> {
                  if (!done[0] && diedAt == null) {
                    done[0] = true;
                    stored(call, fact, reply);
                  }
                });
          }
          return !done[0] && diedAt == null;
        });
  }

  private void stored(Legs call, CallCommand fact, Reply reply) {
    call.attesting = false;
    call.toAttest.remove();
    boolean misplaced = reply instanceof CallReply.Misplaced;
    if (misplaced && (fact instanceof CallCommand.Bridged || fact instanceof CallCommand.Crossed)) {
      end(call);
      call.toAttest.clear();
    }
    next(call);
  }

  private void later(long millis, Runnable what) {
    world
        .time()
        .after(
            Duration.ofMillis(millis),
            () -> {
              if (diedAt == null) {
                what.run();
              }
            });
  }

  static LegDialog dialog(String callId) {
    Personal<String> person =
        Personal.of("person:" + callId, DataClass.CALL_NUMBER, "sip:x@192.0.2.1");
    return new LegDialog(
        callId, "l", "r", person, person, person, List.of(), 1, 1, false, "UDP", person, person);
  }
}
