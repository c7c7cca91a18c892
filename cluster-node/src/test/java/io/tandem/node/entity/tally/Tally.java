package io.tandem.node.entity.tally;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EdgeSignal;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.Rules;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.TypeNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rules of a tally. */
public final class Tally implements Rules<TallyCommand, TallyReply, TallyEvent, TallyState> {

  /** Where lamps burn. */
  public static final EdgeRef LAMPS = new EdgeRef("lamps", 1);

  /** A lamp's signal. */
  public record Burn(String lampId) implements EdgeSignal {}

  /** Without snapshots. */
  public static final EntityType<TallyCommand, TallyReply, TallyEvent, TallyState> TYPE = type(0);

  /** With a snapshot every so many events. */
  public static EntityType<TallyCommand, TallyReply, TallyEvent, TallyState> type(
      int snapshotEvery) {
    TypeNames names =
        TypeNames.builder()
            .addAll(TallyCommand.class)
            .addAll(TallyReply.class)
            .addAll(TallyEvent.class)
            .add(TallyState.class)
            .build();
    return new EntityType<>(
        "tally",
        TallyCommand.class,
        TallyEvent.class,
        TallyState::of,
        new Tally(),
        names,
        snapshotEvery);
  }

  /** The tally with this id. */
  public static EntityKey key(String id) {
    return new EntityKey("tally", id);
  }

  @Override
  public Decision<TallyEvent, TallyReply> decide(
      TallyState state, TallyCommand command, Instant now) {
    if (command instanceof TallyCommand.Read) {
      return Decision.reply(new TallyReply.View(state));
    }
    if (state.closed()) {
      return Decision.reply(new TallyReply.Refused("closed"));
    }
    return switch (command) {
      case TallyCommand.Add add -> add(state, add);
      case TallyCommand.Count count -> {
        long sum = state.sum() + count.amount();
        yield Decision.event(new TallyEvent.Counted(sum), new TallyReply.Done(sum, false));
      }
      case TallyCommand.Label label ->
          Decision.event(new TallyEvent.Labelled(label.label()), done(state, false));
      case TallyCommand.Pass pass -> pass(state, pass);
      case TallyCommand.TakeBack back -> takeBack(state, back);
      case TallyCommand.Light light ->
          state.lamps().contains(light.lampId())
              ? Decision.reply(done(state, true))
              : Decision.event(new TallyEvent.Lit(light.lampId()), done(state, false));
      case TallyCommand.Remind remind ->
          Decision.event(new TallyEvent.ReminderSet(remind.at()), done(state, false));
      case TallyCommand.Wake unused -> {
        Instant at = state.remindAt();
        yield at == null || at.isAfter(now)
            ? Decision.reply(done(state, true))
            : Decision.event(new TallyEvent.Reminded(now), done(state, false));
      }
      case TallyCommand.Close unused -> Decision.event(new TallyEvent.Closed(), done(state, false));
      case TallyCommand.Trip unused -> throw new IllegalStateException("tripped");
      case TallyCommand.Read unused -> Decision.reply(new TallyReply.View(state));
    };
  }

  private static Decision<TallyEvent, TallyReply> add(TallyState state, TallyCommand.Add add) {
    Long before = state.adds().get(add.addId());
    if (before != null) {
      return Decision.reply(new TallyReply.Done(before, true));
    }
    long sum = state.sum() + add.amount();
    return sum < 0
        ? Decision.reply(new TallyReply.Refused("below zero"))
        : Decision.event(new TallyEvent.Added(add.addId(), sum), new TallyReply.Done(sum, false));
  }

  private static Decision<TallyEvent, TallyReply> pass(TallyState state, TallyCommand.Pass pass) {
    if (state.passes().containsKey(pass.passId())) {
      return Decision.reply(done(state, true));
    }
    long sum = state.sum() - pass.amount();
    return sum < 0
        ? Decision.reply(new TallyReply.Refused("below zero"))
        : Decision.event(
            new TallyEvent.Passed(pass.passId(), pass.to(), pass.amount(), sum),
            new TallyReply.Done(sum, false));
  }

  private static Decision<TallyEvent, TallyReply> takeBack(
      TallyState state, TallyCommand.TakeBack back) {
    TallyState.Pass pass = state.passes().get(back.passId());
    if (pass == null || pass.takenBack()) {
      return Decision.reply(done(state, true));
    }
    long sum = state.sum() + pass.amount();
    return Decision.event(
        new TallyEvent.TakenBack(back.passId(), sum), new TallyReply.Done(sum, false));
  }

  @Override
  public List<Effect> resume(TallyState state, Acks acks, Instant now) {
    List<Effect> effects = new ArrayList<>();
    state
        .passes()
        .forEach(
            (id, pass) -> {
              if (!pass.takenBack()) {
                String effectId = id + "/add";
                effects.add(
                    new Effect.Ask(
                        effectId, key(pass.to()), new TallyCommand.Add(effectId, pass.amount())));
              }
            });
    for (String lamp : state.lamps()) {
      effects.add(new Effect.Signal(lamp, LAMPS, new Burn(lamp)));
      if (acks.has(lamp)) {
        effects.add(new Effect.Signal(lamp + "/second", LAMPS, new Burn(lamp + "/second")));
      }
    }
    return effects;
  }

  @Override
  public Optional<TallyCommand> answered(TallyState state, Effect.Ask effect, Reply reply) {
    return reply instanceof TallyReply.Refused
        ? Optional.of(new TallyCommand.TakeBack(effect.id().substring(0, effect.id().length() - 4)))
        : Optional.empty();
  }

  @Override
  public @Nullable Instant deadline(TallyState state) {
    return state.remindAt();
  }

  @Override
  public TallyCommand wake() {
    return new TallyCommand.Wake();
  }

  @Override
  public boolean finished(TallyState state) {
    return state.closed();
  }

  @Override
  public boolean remembered(TallyCommand command) {
    return command instanceof TallyCommand.Label;
  }

  @Override
  public TallyReply alreadyDone(TallyState state, TallyCommand command) {
    return done(state, true);
  }

  @Override
  public TallyReply conflict(TallyState state, TallyCommand command, String field) {
    return new TallyReply.Conflict(field);
  }

  private static TallyReply done(TallyState state, boolean already) {
    return new TallyReply.Done(state.sum(), already);
  }
}
