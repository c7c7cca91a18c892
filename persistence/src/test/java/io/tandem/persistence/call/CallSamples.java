package io.tandem.persistence.call;

import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.List;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePVector;

/** One call of each kind, for the tests of both modules. */
public final class CallSamples {

  /** When the sample call was offered. */
  public static final Instant OFFERED_AT = Instant.parse("2026-11-20T15:00:00Z");

  /** When it was bridged. */
  public static final Instant BRIDGED_AT = OFFERED_AT.plusSeconds(7);

  /** Its timer. */
  public static final long TIMER_MILLIS = 90_000;

  /** Its price. */
  public static final Money PRICE = Money.ofUnits(25, "USD");

  /** The edge that carries it. */
  public static final EdgeRef EDGE = new EdgeRef("edge-a", 1_763_650_000_000L);

  /** The call's id. */
  public static final String CALL_ID = "call_01KAH3S8000000000000000000";

  private CallSamples() {}

  /** A number of a person. */
  public static Personal<String> number(String value) {
    return Personal.of("person:5f1c", DataClass.CALL_NUMBER, value);
  }

  /** A leg. */
  public static LegDialog dialog(String callId) {
    return new LegDialog(
        callId,
        "tag-l",
        "tag-r",
        number("sip:tandem@192.0.2.9"),
        number("sip:+15125550100@192.0.2.1"),
        number("sip:+15125550100@192.0.2.1:5062"),
        List.of("<sip:proxy.example;lr>"),
        101,
        1,
        false,
        "UDP",
        number("192.0.2.1:5062"),
        number("v=0"));
  }

  /** An offer to agent {@code n}. */
  public static Offer offer(int n) {
    return new Offer(
        "o" + n,
        "agent_" + n,
        "acct_" + n,
        "phone" + n,
        new Terms("medicare", 3, PRICE, TIMER_MILLIS));
  }

  /** A plan of steps with so many offers each. */
  public static RingPlan plan(int... offersPerStep) {
    TreePVector<RingPlan.Step> steps = TreePVector.empty();
    int n = 1;
    for (int size : offersPerStep) {
      TreePVector<Offer> offers = TreePVector.empty();
      for (int i = 0; i < size; i++) {
        offers = offers.plus(offer(n++));
      }
      steps = steps.plus(new RingPlan.Step(List.copyOf(offers)));
    }
    return new RingPlan(List.copyOf(steps), 18_000);
  }

  /** The first event, with a plan. */
  public static CallEvent.Offered offered(RingPlan plan) {
    return new CallEvent.Offered(
        "camp_1",
        "acct_c",
        number("+15125550100"),
        "blind",
        new CallerState("TX", CallerState.Source.NUMBER_AREA),
        "+18005550100",
        true,
        EDGE,
        dialog("sip-1"),
        plan,
        new RoutingTrace("agent_1\tacct_1\tCHOSEN\to1: tier 1\n"),
        OFFERED_AT);
  }

  /** The bridge to an offer. */
  public static CallEvent.Connected connected(String offerId) {
    return new CallEvent.Connected(
        offerId,
        dialog("sip-1"),
        dialog("sip-2"),
        List.of(),
        BRIDGED_AT,
        BRIDGED_AT.plusMillis(TIMER_MILLIS));
  }

  /** The crossing, exactly at the timer. */
  public static CallEvent.Qualified qualified() {
    return new CallEvent.Qualified(TIMER_MILLIS, PRICE, BRIDGED_AT.plusMillis(TIMER_MILLIS));
  }

  /** A normal end after two minutes. */
  public static CallEvent.Ended ended() {
    return new CallEvent.Ended(
        EndedBy.CALLER, "NORMAL", 120_000, true, PRICE, null, BRIDGED_AT.plusSeconds(120), media());
  }

  /** A voice with a pause. */
  public static MediaFacts media() {
    return new MediaFacts(
        new MediaFacts.OfSide(6_000, 2, 310, 438, 40, 900),
        new MediaFacts.OfSide(5_900, 0, 120, 440, 2_100, MediaFacts.UNKNOWN),
        2_100,
        2_100);
  }

  /** An end by proof of life. */
  public static CallEvent.Ended lost() {
    Instant last = BRIDGED_AT.plusSeconds(40);
    return new CallEvent.Ended(
        EndedBy.PLATFORM,
        "EDGE_LOST",
        40_000,
        false,
        Money.zero("USD"),
        new ProofOfLife(EDGE, last, last),
        last);
  }

  /** A failure of an offer. */
  public static OfferFailure failure(String offerId, String reason) {
    return new OfferFailure(offerId, reason, "", true, 487);
  }

  /** One of every event. */
  public static List<CallEvent> events() {
    return List.of(
        offered(plan(2, 1)),
        new CallEvent.OffersFailed(
            List.of(failure("o1", "NO_ANSWER")), 0, OFFERED_AT.plusSeconds(2)),
        new CallEvent.OfferWithdrawn("o2", "IN_COOLDOWN", OFFERED_AT.plusSeconds(3)),
        connected("o2"),
        new CallEvent.LegRefreshed(true, dialog("sip-2"), true, BRIDGED_AT.plusSeconds(5)),
        qualified(),
        new CallEvent.ChargeRefused(
            "CONFLICT", "the charge's amount differs", BRIDGED_AT.plusSeconds(91)),
        recordingDecided(),
        new CallEvent.RecordingPaused(true, BRIDGED_AT.plusSeconds(9)),
        recordingDone(),
        lost());
  }

  /** A recording that is made. */
  public static CallEvent.RecordingDecided recordingDecided() {
    return new CallEvent.RecordingDecided(
        "NOTICE_PLAYED",
        new RecordingPlace("n1", "2026-11/call_1.wav.sealed", "0f".repeat(16)),
        BRIDGED_AT);
  }

  /** A recording that is whole. */
  public static CallEvent.RecordingDone recordingDone() {
    return new CallEvent.RecordingDone(
        40_000, 1_280_400, "ab".repeat(32), 0, "", BRIDGED_AT.plusSeconds(41));
  }

  /** One state of every phase. */
  public static List<CallState> states() {
    return List.of(
        CallState.fresh(CALL_ID),
        new CallState.Routing(
            CALL_ID,
            offered(plan(2, 1)),
            0,
            OFFERED_AT,
            TreePVector.singleton(failure("o1", "NO_ANSWER")),
            HashTreePMap.singleton("o2", "IN_COOLDOWN")),
        new CallState.Connected(
            CALL_ID,
            offered(plan(1)),
            0,
            TreePVector.empty(),
            connected("o1"),
            dialog("sip-1"),
            dialog("sip-2"),
            false,
            true,
            qualified(),
            null,
            new CallRecording(recordingDecided(), true, 1, null)),
        new CallState.Ended(
            CALL_ID,
            offered(plan(1)),
            0,
            TreePVector.empty(),
            connected("o1"),
            qualified(),
            null,
            ended(),
            new CallRecording(recordingDecided(), false, 2, recordingDone())));
  }
}
