package io.tandem.node.campaign;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.campaign.CampaignCommand.Admit;
import io.tandem.node.campaign.CampaignCommand.ChangeTerms;
import io.tandem.node.campaign.CampaignCommand.Create;
import io.tandem.node.campaign.CampaignCommand.Discharge;
import io.tandem.node.campaign.CampaignCommand.KeepAdmission;
import io.tandem.node.campaign.CampaignCommand.Read;
import io.tandem.node.campaign.CampaignCommand.Wake;
import io.tandem.node.campaign.CampaignReply.Invalid;
import io.tandem.node.campaign.CampaignReply.NotAdmitted;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.Repetition;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.campaign.CampaignState.Admission;
import io.tandem.persistence.campaign.CampaignState.Profile;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.window.DayUse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a campaign does (MKT-1, MKT-10): it admits calls up to its caps, exactly, and gets back what
 * they did not use. Its days are those of its schedule's zone.
 */
public final class CampaignRules
    implements FiledRules<CampaignCommand, CampaignReply, CampaignEvent, CampaignState> {

  /** The noun's name. */
  public static final String NAME = "campaign";

  /** A snapshot holds hours of calls. */
  private static final int SNAPSHOT_EVERY = 2_000;

  /** Calls asked at the same time; the others wait for their answers. */
  private static final int INQUIRIES_MAX = 50;

  private static final long RING_MILLIS_MIN = 1_000;
  private static final long RING_MILLIS_MAX = 120_000;
  private static final int ATTEMPTS_MAX = 100;

  private final CampaignSettings settings;

  /** Rules under the operator's settings. */
  public CampaignRules(CampaignSettings settings) {
    this.settings = settings;
  }

  /** The noun as the host runs it. */
  public static EntityType<CampaignCommand, CampaignReply, CampaignEvent, CampaignState> type(
      CampaignSettings settings) {
    return new EntityType<>(
        NAME,
        CampaignCommand.class,
        CampaignEvent.class,
        id -> CampaignState.NEW,
        new CampaignRules(settings),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that a campaign says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(CampaignCommand.class)
        .addAll(CampaignReply.class)
        .addAll(CampaignEvent.class)
        .add(CampaignState.class)
        .build();
  }

  @Override
  public Decision<CampaignEvent, CampaignReply> decide(
      CampaignState state, CampaignCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    Profile profile = state.profile();
    if (command instanceof Create c) {
      return create(state, c, now);
    }
    if (profile == null) {
      return Decision.reply(
          command instanceof Wake ? new CampaignReply.Awake() : new CampaignReply.Unknown());
    }
    return switch (command) {
      case Create c -> create(state, c, now);
      case ChangeTerms c -> {
        Invalid bad = invalid(c.terms());
        yield bad != null
            ? Decision.reply(bad)
            : done(state, new CampaignEvent.TermsChanged(c.terms(), now));
      }
      case Admit c -> admit(state, profile.terms(), c, now);
      case KeepAdmission c -> keep(state, c, now);
      case Discharge c -> discharge(state, c, now);
      case Wake c -> Decision.reply(new CampaignReply.Awake());
      case Read c -> Decision.reply(new CampaignReply.View(state));
    };
  }

  private Decision<CampaignEvent, CampaignReply> create(
      CampaignState state, Create c, Instant now) {
    Profile profile = state.profile();
    if (profile != null) {
      return repeated(
          state,
          Repetition.of("accountId", profile.accountId(), c.accountId())
              .and("name", profile.name(), c.name())
              .and("terms", profile.terms(), c.terms()));
    }
    if (c.accountId().isBlank()) {
      return Decision.reply(new Invalid("accountId", "''", "not empty"));
    }
    Invalid bad = invalid(c.terms());
    return bad != null
        ? Decision.reply(bad)
        : done(state, new CampaignEvent.Created(c.accountId(), c.name(), c.terms(), now));
  }

  // MKT-10: never more than the caps, whoever asks at the same time
  private Decision<CampaignEvent, CampaignReply> admit(
      CampaignState state, CampaignTerms terms, Admit c, Instant now) {
    Admission running = state.admissions().get(c.callId());
    if (running != null) {
      return Decision.reply(
          Repetition.of("worstPrice", running.worstPrice(), c.worstPrice())
              .conflict()
              .<CampaignReply>map(CampaignReply.Conflict::new)
              .orElseGet(() -> new CampaignReply.Admitted(c.callId(), true)));
    }
    LocalDate today = now.atZone(terms.schedule().zone()).toLocalDate();
    LocalDate day = today.isBefore(state.today().date()) ? state.today().date() : today;
    NotAdmitted refusal = refusal(state, terms, c, day, now);
    if (refusal != null) {
      return Decision.reply(refusal);
    }

    return Decision.event(
        new CampaignEvent.Admitted(
            c.callId(), c.worstPrice(), day, now, now.plus(settings.admissionAgeMax())),
        new CampaignReply.Admitted(c.callId(), false));
  }

  private static @Nullable NotAdmitted refusal(
      CampaignState state, CampaignTerms terms, Admit c, LocalDate day, Instant now) {
    if (state.discharged().of(c.callId()).isPresent()
        || state.discharged().tooOld(c.callId())
        || TimedId.timeOf(c.callId()).isEmpty()) {
      return new NotAdmitted("CALL_ENDED", "the call is over");
    }
    if (!terms.schedule().isOpen(now)) {
      return new NotAdmitted("SCHEDULE_CLOSED", "outside its hours");
    }
    Integer concurrent = terms.concurrentCalls();
    if (concurrent != null && state.admissions().size() >= concurrent) {
      return new NotAdmitted(
          "CONCURRENCY_REACHED", "takes " + concurrent + ", has " + state.admissions().size());
    }
    DayUse use = state.today().on(day);
    Integer dailyCalls = terms.dailyCalls();
    if (dailyCalls != null && use.calls() >= dailyCalls) {
      return new NotAdmitted(
          "DAILY_CALLS_REACHED", "takes " + dailyCalls + " a day, has " + use.calls());
    }
    Money budget = terms.dailyBudget();
    if (budget == null) {
      return null;
    }
    long used = use.usedMicros(budget.currency());
    boolean fits =
        budget.currency().equals(c.worstPrice().currency())
            && c.worstPrice().micros() <= budget.micros() - used;
    return fits
        ? null
        : new NotAdmitted(
            "BUDGET_REACHED",
            "spends "
                + budget
                + " a day, has "
                + new Money(used, budget.currency())
                + ", needs "
                + c.worstPrice());
  }

  // MKT-10: the call was asked and still goes on
  private Decision<CampaignEvent, CampaignReply> keep(
      CampaignState state, KeepAdmission c, Instant now) {
    Admission running = state.admissions().get(c.callId());
    if (running == null) {
      return Decision.reply(new CampaignReply.Discharged(c.callId(), true));
    }
    CampaignReply kept = new CampaignReply.Admitted(c.callId(), true);
    return running.askAt().isAfter(now)
        ? Decision.reply(kept)
        : Decision.event(
            new CampaignEvent.AdmissionKept(c.callId(), now, now.plus(settings.admissionAgeMax())),
            kept);
  }

  // MKT-10: what the call did not use comes back; one that comes before its admission forestalls it
  private static Decision<CampaignEvent, CampaignReply> discharge(
      CampaignState state, Discharge c, Instant now) {
    Money past = state.discharged().of(c.callId()).orElse(null);
    CampaignReply already = new CampaignReply.Discharged(c.callId(), true);
    if (past != null) {
      return Decision.reply(
          past.equals(c.charged()) ? already : new CampaignReply.Conflict("charged"));
    }
    boolean running = state.admissions().containsKey(c.callId());
    if (!running && state.discharged().tooOld(c.callId())) {
      return Decision.reply(already);
    }
    if (c.charged().isNegative()) {
      return Decision.reply(new Invalid("charged", c.charged().toString(), "0 or more"));
    }

    return Decision.event(
        new CampaignEvent.Discharged(c.callId(), c.charged(), !running, now),
        new CampaignReply.Discharged(c.callId(), false));
  }

  private static @Nullable Invalid invalid(CampaignTerms terms) {
    if (terms.verticalId().isBlank()) {
      return new Invalid("terms.verticalId", "''", "not empty");
    }
    if (terms.ringMillis() < RING_MILLIS_MIN || terms.ringMillis() > RING_MILLIS_MAX) {
      return new Invalid(
          "terms.ringMillis",
          String.valueOf(terms.ringMillis()),
          RING_MILLIS_MIN + " to " + RING_MILLIS_MAX);
    }
    if (terms.attempts() < 1 || terms.attempts() > ATTEMPTS_MAX) {
      return new Invalid(
          "terms.attempts", String.valueOf(terms.attempts()), "1 to " + ATTEMPTS_MAX);
    }
    boolean sequential = terms.ringing() == CampaignTerms.Ringing.SEQUENTIAL;
    int atOnceMax = sequential ? 1 : terms.attempts();
    if (terms.ringAtOnce() < 1 || terms.ringAtOnce() > atOnceMax) {
      return new Invalid(
          "terms.ringAtOnce", String.valueOf(terms.ringAtOnce()), "1 to " + atOnceMax);
    }
    Integer dailyCalls = terms.dailyCalls();
    if (dailyCalls != null && dailyCalls < 0) {
      return new Invalid("terms.dailyCalls", String.valueOf(dailyCalls), "0 or more");
    }
    Integer concurrent = terms.concurrentCalls();
    if (concurrent != null && concurrent < 0) {
      return new Invalid("terms.concurrentCalls", String.valueOf(concurrent), "0 or more");
    }
    Money budget = terms.dailyBudget();
    return budget != null && budget.isNegative()
        ? new Invalid("terms.dailyBudget", budget.toString(), "0 or more")
        : invalid(terms.voice());
  }

  /** CMP-3: who is recorded is told so. */
  private static @Nullable Invalid invalid(CampaignVoice voice) {
    if (voice.greeting().length() > CampaignVoice.TEXT_MAX) {
      return new Invalid(
          "terms.voice.greeting",
          voice.greeting().length() + " characters",
          "0 to " + CampaignVoice.TEXT_MAX);
    }
    boolean told = !voice.notice().isBlank() && voice.notice().length() <= CampaignVoice.TEXT_MAX;
    return told
        ? null
        : new Invalid(
            "terms.voice.notice",
            voice.notice().length() + " characters",
            "1 to " + CampaignVoice.TEXT_MAX);
  }

  /** MKT-10: very old admissions ask their call, so that a count never leaks. */
  @Override
  public List<Effect> resume(CampaignState state, Acks acks, Instant now) {
    return state.agenda().due(now, INQUIRIES_MAX).stream()
        .<Effect>map(
            entry ->
                new Effect.Ask(
                    entry.id() + "/inquiry/" + entry.askAt().toEpochMilli(),
                    new EntityKey("call", entry.id()),
                    new CallCommand.AdmissionInquiry()))
        .toList();
  }

  /**
   * Only a call that does not need the admission, or never was, lets it go; any other answer is
   * asked for again later.
   */
  @Override
  public Optional<CampaignCommand> answered(CampaignState state, Effect.Ask effect, Reply reply) {
    Admission running = state.admissions().get(effect.target().id());
    if (running == null) {
      return Optional.empty();
    }
    boolean over = reply instanceof CallReply.NotNeeded || reply instanceof CallReply.Unknown;
    return Optional.of(
        over
            ? new Discharge(running.callId(), Money.zero(running.worstPrice().currency()))
            : new KeepAdmission(running.callId()));
  }

  @Override
  public @Nullable Instant deadline(CampaignState state) {
    return state.agenda().next().orElse(null);
  }

  @Override
  public CampaignCommand wake() {
    return new Wake();
  }

  @Override
  public boolean finished(CampaignState state) {
    return false;
  }

  /** Settings have no natural key; admissions and discharges do. */
  @Override
  public boolean remembered(CampaignCommand command) {
    return command instanceof Create || command instanceof ChangeTerms;
  }

  @Override
  public CampaignReply onFile(CampaignState state, boolean already) {
    return new CampaignReply.Done(state, already);
  }

  @Override
  public CampaignReply conflict(String field) {
    return new CampaignReply.Conflict(field);
  }

  @Override
  public CampaignReply notAllowed(String field, String found, String allowed) {
    return new CampaignReply.Invalid(field, found, allowed);
  }
}
