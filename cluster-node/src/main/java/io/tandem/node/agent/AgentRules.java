package io.tandem.node.agent;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.agent.AgentCommand.ChangeTerms;
import io.tandem.node.agent.AgentCommand.Create;
import io.tandem.node.agent.AgentCommand.EndOffer;
import io.tandem.node.agent.AgentCommand.ExcuseCall;
import io.tandem.node.agent.AgentCommand.FileLicence;
import io.tandem.node.agent.AgentCommand.GoOffline;
import io.tandem.node.agent.AgentCommand.GoOnline;
import io.tandem.node.agent.AgentCommand.KeepReservation;
import io.tandem.node.agent.AgentCommand.Read;
import io.tandem.node.agent.AgentCommand.ReportLoop;
import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.AgentCommand.Wake;
import io.tandem.node.agent.AgentCommand.WithdrawLicence;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Repetition;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentState.Profile;
import io.tandem.persistence.agent.AgentState.Reservation;
import io.tandem.persistence.agent.AgentView;
import io.tandem.persistence.agent.Conduct;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.ShortCallRatio;
import io.tandem.persistence.journal.TypeNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent does (MKT-2, MKT-10, COOL-1, COOL-3, COOL-4): it is kept for an offer or says why
 * not, learns how the offer ended, and climbs and descends the ladder of cooldowns. The checks of
 * MKT-2 here are the authoritative ones; routing has looked at a copy.
 */
public final class AgentRules implements Rules<AgentCommand, AgentReply, AgentEvent, AgentState> {

  /** The noun's name. */
  public static final String NAME = "agent";

  /** The signal of a cooldown for a call that the agent's phone sent back to us (COOL-2). */
  public static final String CALL_LOOP = "CALL_LOOP";

  private static final int SNAPSHOT_EVERY = 500;

  private final AgentSettings settings;
  private final Ladder ladder;

  /** Rules under the operator's settings. */
  public AgentRules(AgentSettings settings) {
    this.settings = settings;
    this.ladder = new Ladder(settings.cooldown());
  }

  /** The noun as the host runs it. */
  public static EntityType<AgentCommand, AgentReply, AgentEvent, AgentState> type(
      AgentSettings settings) {
    return new EntityType<>(
        NAME,
        AgentCommand.class,
        AgentEvent.class,
        id -> AgentState.NEW,
        new AgentRules(settings),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that an agent says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(AgentCommand.class)
        .addAll(AgentReply.class)
        .addAll(AgentEvent.class)
        .add(AgentState.class)
        .add(AgentView.class)
        .build();
  }

  @Override
  public Decision<AgentEvent, AgentReply> decide(
      AgentState state, AgentCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    if (command instanceof Create c) {
      return create(state, c, now);
    }
    Profile profile = state.profile();
    if (profile == null) {
      return Decision.reply(
          command instanceof Wake ? new AgentReply.Awake() : new AgentReply.Unknown());
    }
    return switch (command) {
      case Create c -> create(state, c, now);
      case ChangeTerms c -> changeTerms(state, c, now);
      case FileLicence c -> fileLicence(state, c, now);
      case WithdrawLicence c -> withdrawLicence(state, c, now);
      case GoOnline c ->
          state.online() ? already(state) : done(state, new AgentEvent.WentOnline(now));
      case GoOffline c ->
          state.online()
              ? done(state, new AgentEvent.WentOffline(c.reason(), now))
              : already(state);
      case Reserve c -> reserve(state, profile, c, now);
      case KeepReservation c -> keep(state, c, now);
      case EndOffer c -> endOffer(state, c, now);
      case ReportLoop c -> loop(state, c, now);
      case ExcuseCall c -> excuse(state, c, now);
      case Wake c -> Decision.events(ladder.due(state.conduct(), now), new AgentReply.Awake());
      case Read c -> Decision.reply(new AgentReply.View(state));
    };
  }

  private static Decision<AgentEvent, AgentReply> create(AgentState state, Create c, Instant now) {
    Profile profile = state.profile();
    if (profile != null) {
      return Repetition.of("accountId", profile.accountId(), c.accountId())
          .and("name", profile.name(), c.name())
          .and("endpoint", profile.endpoint(), c.endpoint())
          .and("terms", profile.terms(), c.terms())
          .conflict()
          .map(field -> Decision.<AgentEvent, AgentReply>reply(new AgentReply.Conflict(field)))
          .orElseGet(() -> already(state));
    }
    AgentReply bad = TermsCheck.blank("accountId", c.accountId());
    if (bad == null) {
      bad = TermsCheck.blank("endpoint", c.endpoint());
    }
    if (bad == null) {
      bad = TermsCheck.terms(c.terms());
    }
    return bad != null
        ? Decision.reply(bad)
        : done(
            state, new AgentEvent.Created(c.accountId(), c.name(), c.endpoint(), c.terms(), now));
  }

  private static Decision<AgentEvent, AgentReply> changeTerms(
      AgentState state, ChangeTerms c, Instant now) {
    AgentReply bad = TermsCheck.terms(c.terms());
    return bad != null
        ? Decision.reply(bad)
        : done(state, new AgentEvent.TermsChanged(c.terms(), now));
  }

  private static Decision<AgentEvent, AgentReply> fileLicence(
      AgentState state, FileLicence c, Instant now) {
    AgentReply bad = TermsCheck.licence(c.licence());
    if (bad != null) {
      return Decision.reply(bad);
    }
    Optional<?> filed = state.licence(c.licence().state(), c.licence().verticalId());
    return filed.equals(Optional.of(c.licence()))
        ? already(state)
        : done(state, new AgentEvent.LicenceFiled(c.licence(), now));
  }

  private static Decision<AgentEvent, AgentReply> withdrawLicence(
      AgentState state, WithdrawLicence c, Instant now) {
    return state.licence(c.state(), c.verticalId()).isEmpty()
        ? already(state)
        : done(state, new AgentEvent.LicenceWithdrawn(c.state(), c.verticalId(), c.reason(), now));
  }

  // MKT-2, MKT-10: one entity says yes, and counts what it said yes to
  private Decision<AgentEvent, AgentReply> reserve(
      AgentState state, Profile profile, Reserve c, Instant now) {
    String key = AgentState.offerKey(c.callId(), c.offerId());
    Reservation running = state.reservations().get(key);
    if (running != null) {
      return Decision.reply(
          Repetition.of("verticalId", running.verticalId(), c.verticalId())
              .and("price", running.price(), c.price())
              .conflict()
              .<AgentReply>map(AgentReply.Conflict::new)
              .orElseGet(() -> new AgentReply.Reserved(c.callId(), c.offerId(), true)));
    }
    List<AgentEvent> events = new ArrayList<>(ladder.due(state.conduct(), now));
    boolean inCooldown = state.conduct().cooldown() != null && events.isEmpty();
    AgentReply.NotAvailable refusal =
        new Availability(state, profile.terms(), inCooldown, now).refusal(c);
    if (refusal != null) {
      return Decision.reply(refusal);
    }

    events.add(
        new AgentEvent.Reserved(
            c.callId(),
            c.offerId(),
            c.verticalId(),
            c.price(),
            Availability.day(state, profile.terms(), now),
            now,
            now.plus(settings.reservationAgeMax())));
    return Decision.events(events, new AgentReply.Reserved(c.callId(), c.offerId(), false));
  }

  // MKT-10: the call was asked and still needs its old reservation
  private Decision<AgentEvent, AgentReply> keep(AgentState state, KeepReservation c, Instant now) {
    Reservation running = state.reservations().get(AgentState.offerKey(c.callId(), c.offerId()));
    if (running == null) {
      return Decision.reply(new AgentReply.OfferClosed(c.callId(), c.offerId(), true));
    }
    AgentReply kept = new AgentReply.Reserved(c.callId(), c.offerId(), true);
    return running.askAt().isAfter(now)
        ? Decision.reply(kept)
        : Decision.event(
            new AgentEvent.ReservationKept(
                c.callId(), c.offerId(), now, now.plus(settings.reservationAgeMax())),
            kept);
  }

  // COOL-1, COOL-3: how a call ended counts at once, and over the threshold the cooldown starts in
  // the same write
  private Decision<AgentEvent, AgentReply> endOffer(AgentState state, EndOffer c, Instant now) {
    String key = AgentState.offerKey(c.callId(), c.offerId());
    OfferOutcome past = state.ended().of(key).orElse(null);
    AgentReply closed = new AgentReply.OfferClosed(c.callId(), c.offerId(), true);
    if (past != null) {
      return Decision.reply(past.equals(c.outcome()) ? closed : new AgentReply.Conflict("outcome"));
    }
    Reservation running = state.reservations().get(key);
    if (running == null && state.ended().tooOld(key)) {
      return Decision.reply(closed);
    }

    AgentReply reply = new AgentReply.OfferClosed(c.callId(), c.offerId(), false);
    if (running == null || !c.outcome().kind().connected()) {
      return Decision.event(
          new AgentEvent.OfferEnded(c.callId(), c.offerId(), c.outcome(), null, now), reply);
    }
    List<AgentEvent> events = new ArrayList<>(ladder.due(state.conduct(), now));
    AgentState current = state;
    for (AgentEvent event : events) {
      current = current.apply(event);
    }
    Conduct with = current.conduct().counted(c.callId(), c.offerId(), c.outcome(), now);
    ShortCallRatio ratio = ladder.ratio(with, now);
    events.add(new AgentEvent.OfferEnded(c.callId(), c.offerId(), c.outcome(), ratio, now));
    AgentEvent cooldown = ladder.signal(with, ratio, c, now);
    if (cooldown != null) {
      events.add(cooldown);
    }
    return Decision.events(events, reply);
  }

  // COOL-2, COOL-3: one is enough, for it is no accident of the agent's callers
  private Decision<AgentEvent, AgentReply> loop(AgentState state, ReportLoop c, Instant now) {
    List<AgentEvent> events = new ArrayList<>(ladder.due(state.conduct(), now));
    AgentState current = state;
    for (AgentEvent event : events) {
      current = current.apply(event);
    }
    AgentEvent cooldown = ladder.loop(current.conduct(), c, now);
    if (cooldown != null) {
      events.add(cooldown);
      current = current.apply(cooldown);
    }
    return Decision.events(events, new AgentReply.Done(current, cooldown == null));
  }

  // DSP-6, COOL-7: the sheet without the call; a cooldown that has begun stands
  private Decision<AgentEvent, AgentReply> excuse(AgentState state, ExcuseCall c, Instant now) {
    Conduct without = state.conduct().without(c.callId(), c.offerId());
    return without.equals(state.conduct())
        ? Decision.reply(new AgentReply.Excused(c.callId(), false))
        : Decision.event(
            new AgentEvent.CallExcused(
                c.callId(), c.offerId(), c.disputeId(), ladder.ratio(without, now), now),
            new AgentReply.Excused(c.callId(), true));
  }

  /**
   * COOL-3: while in cooldown, calls that are in the middle of routing to this agent are told.
   * MKT-10: very old reservations ask their call.
   */
  @Override
  public List<Effect> resume(AgentState state, Acks acks, Instant now) {
    Conduct.Cooldown cooldown = state.conduct().cooldown();
    List<Effect> effects = new ArrayList<>();
    for (Reservation r : state.reservations().values()) {
      if (cooldown != null && !r.since().isAfter(cooldown.since())) {
        effects.add(
            new Effect.Ask(
                keyOf(r) + "/withdrawn/" + cooldown.since().toEpochMilli(),
                callOf(r),
                new CallCommand.AgentWithdrawn(r.offerId(), "IN_COOLDOWN")));
      }
      if (!r.askAt().isAfter(now)) {
        effects.add(
            new Effect.Ask(
                keyOf(r) + "/inquiry/" + r.askAt().toEpochMilli(),
                callOf(r),
                new CallCommand.ReservationInquiry(r.offerId())));
      }
    }
    return effects;
  }

  private static String keyOf(Reservation reservation) {
    return AgentState.offerKey(reservation.callId(), reservation.offerId());
  }

  private static EntityKey callOf(Reservation reservation) {
    return new EntityKey("call", reservation.callId());
  }

  /**
   * Only a call that does not need the reservation, or never was, lets it go; any other answer is
   * asked for again later.
   */
  @Override
  public Optional<AgentCommand> answered(AgentState state, Effect.Ask effect, Reply reply) {
    if (!(effect.command() instanceof CallCommand.ReservationInquiry inquiry)) {
      return Optional.empty();
    }
    String callId = effect.target().id();
    return Optional.of(
        switch (reply) {
          case CallReply.NotNeeded no -> over(callId, inquiry.offerId());
          case CallReply.Unknown no -> over(callId, inquiry.offerId());
          default -> new KeepReservation(callId, inquiry.offerId());
        });
  }

  private static AgentCommand over(String callId, String offerId) {
    return new EndOffer(callId, offerId, OfferOutcome.notConnected(OfferOutcome.Kind.WITHDRAWN));
  }

  @Override
  public @Nullable Instant deadline(AgentState state) {
    Instant first = ladder.next(state.conduct());
    for (Reservation each : state.reservations().values()) {
      if (first == null || each.askAt().isBefore(first)) {
        first = each.askAt();
      }
    }
    return first;
  }

  @Override
  public AgentCommand wake() {
    return new Wake();
  }

  @Override
  public boolean finished(AgentState state) {
    return false;
  }

  /** Settings have no natural key; reservations and their ends do. */
  @Override
  public boolean remembered(AgentCommand command) {
    return switch (command) {
      case Create c -> true;
      case ChangeTerms c -> true;
      case FileLicence c -> true;
      case WithdrawLicence c -> true;
      case GoOnline c -> true;
      case GoOffline c -> true;
      case Reserve c -> false;
      case KeepReservation c -> false;
      case EndOffer c -> false;
      case ReportLoop c -> true;
      case ExcuseCall c -> false;
      case Wake c -> false;
      case Read c -> false;
    };
  }

  @Override
  public AgentReply alreadyDone(AgentState state, AgentCommand command) {
    return new AgentReply.Done(state, true);
  }

  @Override
  public AgentReply conflict(AgentState state, AgentCommand command, String field) {
    return new AgentReply.Conflict(field);
  }

  private static Decision<AgentEvent, AgentReply> done(AgentState state, AgentEvent event) {
    return Decision.event(event, new AgentReply.Done(state.apply(event), false));
  }

  private static Decision<AgentEvent, AgentReply> already(AgentState state) {
    return Decision.reply(new AgentReply.Done(state, true));
  }
}
