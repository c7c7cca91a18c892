package io.tandem.ops.bench.audit;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallEntity;
import io.tandem.node.call.CallReply;
import io.tandem.node.call.CallSettings;
import io.tandem.node.entity.EntityType;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.wallet.WalletSettings;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.call.TraceLine;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A month of calls, made up and decided by the rules: eight events a call that qualifies, as a node
 * writes them. Three of five calls last past the timer; of the others one in four is hung up by the
 * agent. For one thread.
 */
final class MadeUpMonth {
  /** When it begins. */
  static final Instant BEGIN = Instant.parse("2026-10-01T00:00:00Z");

  /** When it is over. */
  static final Instant END = Instant.parse("2026-11-01T00:00:00Z");

  /** What a qualified call costs. */
  static final Money PRICE = Money.ofUnits(25, "USD");

  /** The qualifying timer. */
  static final long TIMER_MILLIS = 90_000;

  private static final String VERTICAL = "health";
  private static final int CALLERS = 10_000;
  private static final String SDP =
      """
      v=0\r
      o=- 3973890000 1 IN IP4 192.0.2.17\r
      s=-\r
      c=IN IP4 192.0.2.17\r
      t=0 0\r
      m=audio 40120 RTP/AVP 0 8 101\r
      a=rtpmap:101 telephone-event/8000\r
      a=sendrecv\r
      """;

  private record Seat(
      String agentId,
      String accountId,
      Journaled<AgentCommand, AgentReply, AgentEvent, AgentState> agent,
      Journaled<WalletCommand, WalletReply, WalletEvent, WalletState> wallet) {}

  private final EventCodec codec;
  private final Consumer<Envelope> journal;
  private final SplittableRandom random;
  private final EdgeRef edge = new EdgeRef("bench", 1);
  private final EntityType<
          CallCommand,
          CallReply,
          io.tandem.persistence.call.CallEvent,
          io.tandem.persistence.call.CallState>
      callType = CallEntity.type(CallSettings.DEFAULT);
  private final List<Seat> seats = new ArrayList<>();

  /**
   * @param part tells the agents of several months apart that stand in one journal
   */
  MadeUpMonth(EventCodec codec, Consumer<Envelope> journal, int part, int agents) {
    this.codec = codec;
    this.journal = journal;
    this.random = new SplittableRandom(part);
    for (int i = 0; i < agents; i++) {
      seats.add(seat(part + "-" + i));
    }
  }

  private Seat seat(String name) {
    String agentId = "agent-" + name;
    String accountId = "acct-" + name;
    Instant at = BEGIN.minus(Duration.ofDays(1));
    var agent = new Journaled<>(AgentRules.type(AgentSettings.DEFAULT), agentId, codec, journal);
    AgentTerms terms =
        new AgentTerms(
            List.of(new AgentTerms.Bid(VERTICAL, PRICE, 1, 1)),
            5,
            null,
            null,
            WeeklySchedule.always(ZoneId.of("America/New_York")));
    Personal<String> person = Personal.of("person:" + name, DataClass.CONTACT, "Anna " + name);
    agent.tell(new AgentCommand.Create(accountId, person, agentId, terms), "setup", at);
    agent.tell(
        new AgentCommand.FileLicence(new Licence("NY", VERTICAL, "L-1", LocalDate.of(2099, 1, 1))),
        "setup",
        at);
    agent.tell(new AgentCommand.GoOnline(), "setup", at);
    var wallet =
        new Journaled<>(
            WalletRules.type(WalletSettings.DEFAULT),
            WalletRules.walletId(accountId, "USD"),
            codec,
            journal);
    wallet.tell(
        new WalletCommand.Deposit(
            TimedId.at("dep", at), Money.ofUnits(1_000_000, "USD"), "bench", "bench"),
        "setup",
        at);
    return new Seat(agentId, accountId, agent, wallet);
  }

  /** Makes one call at that instant; nobody may take it. */
  void call(Instant at) {
    String callId = TimedId.at("call", at);
    Seat seat = seats.get(random.nextInt(seats.size()));
    String subject = "number:" + random.nextInt(CALLERS);
    LegDialog callerLeg = leg(subject, callId + "-a");
    var call = new Journaled<>(callType, callId, codec, journal);
    Terms terms = new Terms(VERTICAL, 1, PRICE, TIMER_MILLIS);
    Offer offer = new Offer("o1", seat.agentId(), seat.accountId(), seat.agentId(), terms);
    call.tell(
        new CallCommand.Offer(
            "campaign-1",
            "acct-publisher",
            personal(subject, "12125550123"),
            "5f2b8c01d4",
            new CallerState("NY", CallerState.Source.NUMBER_AREA),
            "18005550100",
            false,
            edge,
            callerLeg,
            new RingPlan(List.of(new RingPlan.Step(List.of(offer))), 18_000),
            RoutingTrace.of(
                List.of(
                    new TraceLine(seat.agentId(), seat.accountId(), "CHOSEN", "o1"),
                    new TraceLine(
                        "agent-x", "acct-x", "IN_COOLDOWN", "until 2026-10-05T12:00:00Z")))),
        callId,
        at);
    AgentReply reserved =
        seat.agent()
            .tell(
                new AgentCommand.Reserve(callId, "o1", VERTICAL, "NY", PRICE),
                callId + "/o1/reserve",
                at);
    if (!(reserved instanceof AgentReply.Reserved)) {
      call.tell(new CallCommand.OfferRefused("o1", "IN_COOLDOWN", ""), callId + "/o1/reserve", at);
      return;
    }
    String hold = callId + "/o1/hold";
    seat.wallet().tell(new WalletCommand.Hold(hold, callId, "o1", PRICE), hold, at);
    Instant bridged = at.plusSeconds(4);
    call.tell(
        new CallCommand.Bridged("o1", callerLeg, leg(subject, callId + "-b"), List.of(), bridged),
        callId,
        bridged);
    talk(callId, seat, call, bridged);
  }

  private void talk(
      String callId, Seat seat, Journaled<CallCommand, CallReply, ?, ?> call, Instant bridged) {
    boolean qualifies = random.nextInt(5) < 3;
    long millis =
        qualifies ? TIMER_MILLIS + random.nextInt(600_000) : random.nextInt((int) TIMER_MILLIS);
    EndedBy by = random.nextInt(4) == 0 ? EndedBy.AGENT : EndedBy.CALLER;
    Instant end = bridged.plusMillis(millis);
    String hold = callId + "/o1/hold";
    if (qualifies) {
      Instant crossing = bridged.plusMillis(TIMER_MILLIS);
      call.tell(new CallCommand.Crossed(TIMER_MILLIS, crossing), callId, crossing);
      seat.wallet()
          .tell(
              new WalletCommand.Capture(hold, callId, PRICE, crossing),
              callId + "/o1/capture",
              crossing);
    }
    call.tell(new CallCommand.LegsEnded(by, "NORMAL", millis, end), callId, end);
    if (!qualifies) {
      seat.wallet()
          .tell(
              new WalletCommand.Release(hold, callId, "NOT_QUALIFIED"),
              callId + "/o1/release",
              end);
    }
    OfferOutcome.Kind kind =
        by == EndedBy.AGENT ? OfferOutcome.Kind.ENDED_BY_AGENT : OfferOutcome.Kind.ENDED_BY_CALLER;
    seat.agent()
        .tell(
            new AgentCommand.EndOffer(
                callId, "o1", new OfferOutcome(kind, millis, qualifies, qualifies ? PRICE : null)),
            callId + "/o1/end",
            end);
  }

  private static Personal<String> personal(String subject, String value) {
    return Personal.of(subject, DataClass.CALL_NUMBER, value);
  }

  private static LegDialog leg(String subject, String sipCallId) {
    return new LegDialog(
        sipCallId,
        "8f3a2b1c",
        "1c2b3a8f",
        personal(subject, "sip:18005550100@192.0.2.1"),
        personal(subject, "sip:12125550123@192.0.2.17"),
        personal(subject, "sip:12125550123@192.0.2.17:5060"),
        List.of(),
        1,
        1,
        false,
        "UDP",
        personal(subject, "192.0.2.17:5060"),
        personal(subject, SDP));
  }
}
