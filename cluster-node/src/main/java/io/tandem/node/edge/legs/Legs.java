package io.tandem.node.edge.legs;

import io.tandem.node.call.CallCommand;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.OfferFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.OrderedPMap;
import org.pcollections.PMap;

/**
 * The legs of one call. Immutable; {@link #on} is the whole of it.
 *
 * @param phase how far the call is
 * @param phones every phone that was to be rung, by offer
 * @param ringing whether the caller was told that a phone rings
 * @param bridge the connection, once a phone answered
 */
public record Legs(
    Phase phase, PMap<String, Phone> phones, boolean ringing, @Nullable Bridge bridge) {

  /** How far a call is. */
  public enum Phase {
    ROUTING,
    CONNECTED,
    ENDED
  }

  /** A phone: ringing, or being stopped for a reason, or done with. */
  public record Phone(@Nullable Offer offer, PhonePhase phase, String stopReason) {}

  /** How far a phone is. */
  public enum PhonePhase {
    RINGING,
    STOPPING,
    DONE
  }

  /**
   * The connection: since when, by both clocks.
   *
   * @param acknowledged whether the caller is known to have our answer: until then nothing proves
   *     that anybody is there, and the call counts as not connected (QT-5, in the customer's
   *     favour)
   * @param crossed whether the timer was crossed
   */
  public record Bridge(Offer offer, EdgeTime since, boolean acknowledged, boolean crossed) {

    /** Whole milliseconds of connected time at {@code now}, by the monotonic clock (QT-3). */
    public long connectedMillis(EdgeTime now) {
      return Duration.ofNanos(now.nanos() - since.nanos()).toMillis();
    }

    /** Connected time that counts: none as long as the caller may not have our answer. */
    public long provenMillis(EdgeTime now) {
      return acknowledged ? connectedMillis(now) : 0;
    }

    /**
     * The instant that {@code millis} of connected time name: the wall clock may have stepped
     * since, the connected time has not.
     */
    public Instant instant(long millis) {
      return since.wall().plusMillis(millis);
    }
  }

  /** The legs after an input, and what is to be done. */
  public record Step(Legs next, List<LegOutput> outputs) {}

  /** How long a phone may take to say that it stopped ringing. */
  public static final long STOP_MILLIS = 2_000;

  /** A caller is there and nobody rings yet. */
  public static final Legs NEW = new Legs(Phase.ROUTING, OrderedPMap.empty(), false, null);

  private static final String QUALIFY = "qualify";

  /** What an input leads to. Whatever does not fit any more changes nothing. */
  public Step on(LegInput input, EdgeTime now) {
    return switch (input) {
      case LegInput.Ring ring -> ring(ring);
      case LegInput.StopRinging stop -> stopRinging(stop, now);
      case LegInput.Reject reject -> reject(reject);
      case LegInput.HangUp hangUp -> end(EndedBy.PLATFORM, hangUp.reason(), now);
      case LegInput.PhoneRings rings -> phoneRings(rings);
      case LegInput.PhoneAnswered answered -> phoneAnswered(answered.offerId(), now);
      case LegInput.PhoneRefused refused -> phoneGone(refused.offerId(), refused.sipStatus(), now);
      case LegInput.RingTimeOver over -> stop(over.offerId(), "NO_ANSWER");
      case LegInput.StopTimeOver over -> phoneGone(over.offerId(), 487, now);
      case LegInput.CallerCancelled cancelled -> callerCancelled(now);
      case LegInput.CallerAcknowledged acknowledged -> callerAcknowledged(now);
      case LegInput.CallerSilent silent -> end(EndedBy.PLATFORM, "NO_ACK", now);
      case LegInput.CallerHungUp hungUp -> acknowledged().connectedOnly(EndedBy.CALLER, now);
      case LegInput.AgentHungUp hungUp -> connectedOnly(EndedBy.AGENT, now);
      case LegInput.LegGone gone ->
          phase == Phase.CONNECTED ? end(EndedBy.PLATFORM, gone.cause(), now) : nothing();
      case LegInput.TimerDue due -> timerDue(now);
    };
  }

  /** Whether this phone rings and no other does: only then may it be heard before it answers. */
  public boolean ringsAlone(String offerId) {
    return phase == Phase.ROUTING
        && phones.entrySet().stream()
            .allMatch(
                phone ->
                    phone.getKey().equals(offerId)
                        ? phone.getValue().phase() == PhonePhase.RINGING
                        : phone.getValue().phase() == PhonePhase.DONE);
  }

  /** Connected time so far; zero when not connected. */
  public long connectedMillis(EdgeTime now) {
    return bridge == null ? 0 : bridge.connectedMillis(now);
  }

  private Step ring(LegInput.Ring ring) {
    String offerId = ring.offer().offerId();
    if (phase != Phase.ROUTING || phones.containsKey(offerId)) {
      return nothing();
    }
    return step(
        withPhone(offerId, new Phone(ring.offer(), PhonePhase.RINGING, "")),
        new LegOutput.InvitePhone(ring.offer()),
        new LegOutput.SetTimer(
            ringTimer(offerId), ring.ringMillis(), new LegInput.RingTimeOver(offerId)));
  }

  /** A phone that was never rung is marked, so that a Ring that comes later finds it done. */
  private Step stopRinging(LegInput.StopRinging stop, EdgeTime now) {
    if (phase == Phase.ROUTING && !phones.containsKey(stop.offerId())) {
      OfferFailure failure = new OfferFailure(stop.offerId(), "WITHDRAWN", stop.reason(), false, 0);
      return step(
          withPhone(stop.offerId(), new Phone(null, PhonePhase.DONE, "WITHDRAWN")),
          new LegOutput.Attest(new CallCommand.PhoneFailed(failure, now.wall())));
    }
    return stop(stop.offerId(), "WITHDRAWN");
  }

  private Step stop(String offerId, String reason) {
    Phone phone = phones.get(offerId);
    if (phase != Phase.ROUTING || phone == null || phone.phase() != PhonePhase.RINGING) {
      return nothing();
    }
    return step(
        withPhone(offerId, new Phone(phone.offer(), PhonePhase.STOPPING, reason)),
        new LegOutput.CancelPhone(offerId),
        new LegOutput.SetTimer(
            ringTimer(offerId), STOP_MILLIS, new LegInput.StopTimeOver(offerId)));
  }

  private Step phoneRings(LegInput.PhoneRings rings) {
    Phone phone = phones.get(rings.offerId());
    if (phase != Phase.ROUTING || ringing || phone == null || phone.phase() != PhonePhase.RINGING) {
      return nothing();
    }
    return step(new Legs(phase, phones, true, null), new LegOutput.RingCaller());
  }

  /**
   * MKT-3: the first answer wins; QT-2: connected time runs from here. An answer that crossed our
   * CANCEL is an answer.
   */
  private Step phoneAnswered(String offerId, EdgeTime now) {
    Phone phone = phones.get(offerId);
    if (phase != Phase.ROUTING
        || phone == null
        || phone.offer() == null
        || phone.phase() == PhonePhase.DONE) {
      return step(this, new LegOutput.DismissPhone(offerId));
    }
    List<String> lost = new ArrayList<>();
    List<LegOutput> outputs = new ArrayList<>();
    outputs.add(new LegOutput.AcceptPhone(offerId));
    outputs.add(new LegOutput.AnswerCaller(offerId));
    outputs.add(new LegOutput.CancelTimer(ringTimer(offerId)));
    PMap<String, Phone> left = phones.plus(offerId, done(phone));
    for (var other : phones.entrySet()) {
      if (!other.getKey().equals(offerId) && other.getValue().phase() != PhonePhase.DONE) {
        lost.add(other.getKey());
        left = left.plus(other.getKey(), done(other.getValue()));
        outputs.addAll(quieten(other.getKey(), other.getValue()));
      }
    }
    Bridge connected = new Bridge(phone.offer(), now, false, false);
    outputs.add(new LegOutput.AttestBridged(offerId, List.copyOf(lost), now.wall()));
    outputs.add(
        new LegOutput.SetTimer(
            QUALIFY, phone.offer().terms().timerMillis(), new LegInput.TimerDue()));
    return new Step(new Legs(Phase.CONNECTED, left, ringing, connected), outputs);
  }

  /**
   * The phone's last word. In a call that is connected or over it was expected and says nothing
   * new.
   */
  private Step phoneGone(String offerId, int sipStatus, EdgeTime now) {
    Phone phone = phones.get(offerId);
    if (phase != Phase.ROUTING || phone == null || phone.phase() == PhonePhase.DONE) {
      return nothing();
    }
    String reason = phone.phase() == PhonePhase.STOPPING ? phone.stopReason() : reasonOf(sipStatus);
    OfferFailure failure =
        new OfferFailure(offerId, reason, "SIP status " + sipStatus, true, sipStatus);
    return step(
        withPhone(offerId, done(phone)),
        new LegOutput.CancelTimer(ringTimer(offerId)),
        new LegOutput.Attest(new CallCommand.PhoneFailed(failure, now.wall())));
  }

  /** A timer that came before the ACK is looked at again. */
  private Step callerAcknowledged(EdgeTime now) {
    if (phase != Phase.CONNECTED || connection().acknowledged()) {
      return nothing();
    }
    Legs heard = acknowledged();
    long connectedMillis = connectedMillis(now);
    boolean overdue = connectedMillis >= connection().offer().terms().timerMillis();
    return overdue ? heard.crossed(connectedMillis) : step(heard);
  }

  /** A caller who speaks in the dialog has our answer, whatever became of its ACK. */
  private Legs acknowledged() {
    return bridge == null
        ? this
        : new Legs(
            phase,
            phones,
            ringing,
            new Bridge(bridge.offer(), bridge.since(), true, bridge.crossed()));
  }

  private Step callerCancelled(EdgeTime now) {
    return phase == Phase.ROUTING
        ? endRouting(EndedBy.CALLER, "CANCELLED", 487, "Request Terminated", now)
        : nothing();
  }

  private Step reject(LegInput.Reject reject) {
    if (phase != Phase.ROUTING) {
      return nothing();
    }
    List<LegOutput> outputs = new ArrayList<>();
    outputs.add(new LegOutput.RejectCaller(reject.sipStatus(), reject.reason()));
    return over(outputs);
  }

  private Step connectedOnly(EndedBy by, EdgeTime now) {
    return phase == Phase.CONNECTED ? end(by, "NORMAL", now) : nothing();
  }

  private Step end(EndedBy by, String cause, EdgeTime now) {
    return switch (phase) {
      case ROUTING -> endRouting(by, cause, 503, cause, now);
      case CONNECTED -> endConnected(by, cause, now);
      case ENDED -> nothing();
    };
  }

  private Step endRouting(EndedBy by, String cause, int sipStatus, String sipReason, EdgeTime now) {
    List<LegOutput> outputs = new ArrayList<>();
    outputs.add(new LegOutput.RejectCaller(sipStatus, sipReason));
    outputs.add(new LegOutput.Attest(new CallCommand.LegsEnded(by, cause, 0, now.wall())));
    return over(outputs);
  }

  private Step endConnected(EndedBy by, String cause, EdgeTime now) {
    Bridge connection = connection();
    long connectedMillis = connection.provenMillis(now);
    List<LegOutput> outputs = new ArrayList<>();
    if (by != EndedBy.CALLER) {
      outputs.add(new LegOutput.ByeCaller(cause));
    }
    if (by != EndedBy.AGENT) {
      outputs.add(new LegOutput.ByeAgent(cause));
    }
    outputs.add(new LegOutput.CancelTimer(QUALIFY));
    outputs.add(
        new LegOutput.Attest(
            new CallCommand.LegsEnded(
                by, cause, connectedMillis, connection.instant(connectedMillis))));
    return over(outputs);
  }

  /**
   * QT-3: the monotonic clock decides, not the moment at which the timer happened to fire: an alarm
   * that rings late attests the timer's own instant. Without the caller's ACK nothing is crossed
   * yet.
   */
  private Step timerDue(EdgeTime now) {
    if (phase != Phase.CONNECTED || connection().crossed() || !connection().acknowledged()) {
      return nothing();
    }
    Bridge connection = connection();
    long timerMillis = connection.offer().terms().timerMillis();
    long connectedMillis = connection.connectedMillis(now);
    if (connectedMillis < timerMillis) {
      return step(
          this,
          new LegOutput.SetTimer(QUALIFY, timerMillis - connectedMillis, new LegInput.TimerDue()));
    }
    return crossed(timerMillis);
  }

  /** The call qualified after so much connected time. */
  private Step crossed(long connectedMillis) {
    Bridge connection = connection();
    return step(
        new Legs(
            phase, phones, ringing, new Bridge(connection.offer(), connection.since(), true, true)),
        new LegOutput.Attest(
            new CallCommand.Crossed(connectedMillis, connection.instant(connectedMillis))));
  }

  /** The call is over on this edge: phones that still ring are stopped, nothing more passes. */
  private Step over(List<LegOutput> outputs) {
    PMap<String, Phone> quiet = phones;
    for (var phone : phones.entrySet()) {
      if (phone.getValue().phase() != PhonePhase.DONE) {
        quiet = quiet.plus(phone.getKey(), done(phone.getValue()));
        outputs.addAll(quieten(phone.getKey(), phone.getValue()));
      }
    }
    outputs.add(new LegOutput.CloseMedia());
    return new Step(new Legs(Phase.ENDED, quiet, ringing, bridge), outputs);
  }

  private static List<LegOutput> quieten(String offerId, Phone phone) {
    LegOutput noTimer = new LegOutput.CancelTimer(ringTimer(offerId));
    return phone.phase() == PhonePhase.RINGING
        ? List.of(new LegOutput.CancelPhone(offerId), noTimer)
        : List.of(noTimer);
  }

  private Bridge connection() {
    return Optional.ofNullable(bridge)
        .orElseThrow(() -> new IllegalStateException("connected without a bridge"));
  }

  private Legs withPhone(String offerId, Phone phone) {
    return new Legs(phase, phones.plus(offerId, phone), ringing, bridge);
  }

  private static Phone done(Phone phone) {
    return new Phone(phone.offer(), PhonePhase.DONE, phone.stopReason());
  }

  private static String ringTimer(String offerId) {
    return "ring/" + offerId;
  }

  /** MKT-3, COOL-2: what a final status of a phone says about its agent. */
  private static String reasonOf(int sipStatus) {
    return switch (sipStatus) {
      case 486, 600, 603 -> "DECLINED";
      case 408, 487 -> "NO_ANSWER";
      default -> "UNREACHABLE";
    };
  }

  private Step nothing() {
    return new Step(this, List.of());
  }

  private static Step step(Legs next, LegOutput... outputs) {
    return new Step(next, List.of(outputs));
  }
}
