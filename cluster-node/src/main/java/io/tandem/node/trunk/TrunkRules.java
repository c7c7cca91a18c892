package io.tandem.node.trunk;

import static java.time.temporal.ChronoUnit.MICROS;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.FiledRules;
import io.tandem.node.entity.Reply;
import io.tandem.node.trunk.TrunkCommand.Admit;
import io.tandem.node.trunk.TrunkCommand.Define;
import io.tandem.node.trunk.TrunkCommand.KeepAdmission;
import io.tandem.node.trunk.TrunkCommand.Read;
import io.tandem.node.trunk.TrunkCommand.Release;
import io.tandem.node.trunk.TrunkCommand.Switch;
import io.tandem.node.trunk.TrunkCommand.Wake;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.trunk.TrunkEvent;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a trunk does (TEL-3, MKT-10): it keeps how a carrier is used, and admits calls up to its
 * limits, exactly, both ways together.
 */
public final class TrunkRules
    implements FiledRules<TrunkCommand, TrunkReply, TrunkEvent, TrunkState> {

  /** The noun's name. */
  public static final String NAME = "trunk";

  private static final int SNAPSHOT_EVERY = 2_000;
  private static final int INQUIRIES_MAX = 50;
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

  private final TrunkSettings settings;

  /** Rules under the operator's settings. */
  public TrunkRules(TrunkSettings settings) {
    this.settings = settings;
  }

  /** The noun as the host runs it. */
  public static EntityType<TrunkCommand, TrunkReply, TrunkEvent, TrunkState> type(
      TrunkSettings settings) {
    return new EntityType<>(
        NAME,
        TrunkCommand.class,
        TrunkEvent.class,
        TrunkState::initial,
        new TrunkRules(settings),
        types(),
        SNAPSHOT_EVERY);
  }

  /** Wire names of all that a trunk says and stores. */
  public static TypeNames types() {
    return TypeNames.builder()
        .addAll(TrunkCommand.class)
        .addAll(TrunkReply.class)
        .addAll(TrunkEvent.class)
        .add(TrunkState.class)
        .build();
  }

  @Override
  public Decision<TrunkEvent, TrunkReply> decide(
      TrunkState state, TrunkCommand command, Instant clock) {
    Instant now = clock.truncatedTo(MICROS);
    TrunkTerms terms = state.terms();
    if (command instanceof Define c) {
      return define(state, c, now);
    }
    if (terms == null) {
      return Decision.reply(
          command instanceof Wake ? new TrunkReply.Awake() : new TrunkReply.Unknown());
    }
    return switch (command) {
      case Define c -> define(state, c, now);
      case Switch c ->
          state.on() == c.on()
              ? already(state)
              : done(state, new TrunkEvent.Switched(c.on(), c.reason(), now));
      case Admit c -> admit(state, terms, c, now);
      case KeepAdmission c -> keep(state, c, now);
      case Release c -> release(state, c, now);
      case Wake c -> Decision.reply(new TrunkReply.Awake());
      case Read c -> Decision.reply(new TrunkReply.View(state));
    };
  }

  private Decision<TrunkEvent, TrunkReply> define(TrunkState state, Define c, Instant now) {
    if (!ID.matcher(state.id()).matches()) {
      return invalid("id", "'" + state.id() + "'", "1 to 63 small letters, digits and dashes");
    }
    TrunkReply.Invalid bad = TermsCheck.invalid(c.terms());
    if (bad != null) {
      return Decision.reply(bad);
    }
    return c.terms().equals(state.terms())
        ? already(state)
        : done(state, new TrunkEvent.Defined(c.terms(), now));
  }

  // MKT-10: never more than the limits, whoever asks at the same time
  private Decision<TrunkEvent, TrunkReply> admit(
      TrunkState state, TrunkTerms terms, Admit c, Instant now) {
    if (state.admissions().containsKey(c.callId())) {
      return Decision.reply(new TrunkReply.Admitted(c.callId(), true));
    }
    TrunkReply.NotAdmitted refusal = refusal(state, terms, c, now);
    return refusal != null
        ? Decision.reply(refusal)
        : Decision.event(
            new TrunkEvent.Admitted(c.callId(), now, now.plus(settings.admissionAgeMax())),
            new TrunkReply.Admitted(c.callId(), false));
  }

  private static TrunkReply.@Nullable NotAdmitted refusal(
      TrunkState state, TrunkTerms terms, Admit c, Instant now) {
    if (!state.on()) {
      return new TrunkReply.NotAdmitted("OFF", "the trunk is switched off");
    }
    if (state.released().of(c.callId()).isPresent()
        || state.released().tooOld(c.callId())
        || TimedId.timeOf(c.callId()).isEmpty()) {
      return new TrunkReply.NotAdmitted("CALL_ENDED", "the call is over");
    }
    Integer concurrent = terms.concurrentCalls();
    if (concurrent != null && state.admissions().size() >= concurrent) {
      return new TrunkReply.NotAdmitted(
          "CONCURRENCY_REACHED", "takes " + concurrent + ", has " + state.admissions().size());
    }
    Integer perSecond = terms.callsPerSecond();
    int inSecond = state.within(now).size();
    return perSecond != null && inSecond >= perSecond
        ? new TrunkReply.NotAdmitted(
            "RATE_REACHED", "takes " + perSecond + " a second, has " + inSecond)
        : null;
  }

  // MKT-10: the call was asked and still goes on
  private Decision<TrunkEvent, TrunkReply> keep(TrunkState state, KeepAdmission c, Instant now) {
    Instant askAt = state.admissions().get(c.callId());
    if (askAt == null) {
      return Decision.reply(new TrunkReply.Released(c.callId(), true));
    }
    TrunkReply kept = new TrunkReply.Admitted(c.callId(), true);
    return askAt.isAfter(now)
        ? Decision.reply(kept)
        : Decision.event(
            new TrunkEvent.AdmissionKept(c.callId(), now, now.plus(settings.admissionAgeMax())),
            kept);
  }

  // MKT-10: a release that comes before its admission forestalls it
  private static Decision<TrunkEvent, TrunkReply> release(
      TrunkState state, Release c, Instant now) {
    boolean running = state.admissions().containsKey(c.callId());
    boolean over =
        state.released().of(c.callId()).isPresent() || state.released().tooOld(c.callId());
    return !running && over
        ? Decision.reply(new TrunkReply.Released(c.callId(), true))
        : Decision.event(
            new TrunkEvent.Released(c.callId(), !running, now),
            new TrunkReply.Released(c.callId(), false));
  }

  /** MKT-10: very old admissions ask their call, so that a count never leaks. */
  @Override
  public List<Effect> resume(TrunkState state, Acks acks, Instant now) {
    return state.agenda().due(now, INQUIRIES_MAX).stream()
        .<Effect>map(
            entry ->
                new Effect.Ask(
                    entry.id() + "/trunk-inquiry/" + entry.askAt().toEpochMilli(),
                    new EntityKey("call", entry.id()),
                    new CallCommand.Read()))
        .toList();
  }

  /** A call that is over, or never was, lets its admission go; any other keeps it. */
  @Override
  public Optional<TrunkCommand> answered(TrunkState state, Effect.Ask effect, Reply reply) {
    String callId = effect.target().id();
    if (!state.admissions().containsKey(callId)) {
      return Optional.empty();
    }
    boolean over =
        reply instanceof CallReply.Unknown
            || (reply instanceof CallReply.View view && view.state() instanceof CallState.Ended);
    return Optional.of(over ? new Release(callId) : new KeepAdmission(callId));
  }

  @Override
  public @Nullable Instant deadline(TrunkState state) {
    return state.agenda().next().orElse(null);
  }

  @Override
  public TrunkCommand wake() {
    return new Wake();
  }

  @Override
  public boolean finished(TrunkState state) {
    return false;
  }

  /** Settings have no natural key; admissions and releases do. */
  @Override
  public boolean remembered(TrunkCommand command) {
    return command instanceof Define || command instanceof Switch;
  }

  @Override
  public TrunkReply onFile(TrunkState state, boolean already) {
    return new TrunkReply.Done(state, already);
  }

  @Override
  public TrunkReply conflict(String field) {
    return new TrunkReply.Conflict(field);
  }

  @Override
  public TrunkReply notAllowed(String field, String found, String allowed) {
    return new TrunkReply.Invalid(field, found, allowed);
  }
}
