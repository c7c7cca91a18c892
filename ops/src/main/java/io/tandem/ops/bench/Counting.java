package io.tandem.ops.bench;

import io.tandem.node.entity.Command;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.QuietRules;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;

/**
 * The smallest noun there is: each command is one event of the usual size. What it costs is the
 * host's and the journal's, not the noun's.
 */
final class Counting
    implements QuietRules<
        Counting.CountCommand, Counting.CountReply, Counting.CountEvent, Counting.CountState> {

  /** An event with it is about 300 bytes long when it is stored, as the nouns' events are. */
  private static final String NOTE = "x".repeat(60);

  /** What it is told. */
  sealed interface CountCommand extends Command {
    /** One more. */
    @Wire("bench.count/1")
    record Count(long by) implements CountCommand {}
  }

  /** What it answers. */
  sealed interface CountReply extends Reply {
    /** Counted. */
    @Wire("bench.done/1")
    record Done(long sum) implements CountReply {}
  }

  /** What happened to it. */
  sealed interface CountEvent extends DomainEvent {
    /** Counted. */
    @Wire("bench.counted/1")
    record Counted(long sum, String note) implements CountEvent {}
  }

  /** How far it has counted. */
  @Wire("bench.counter/1")
  record CountState(long sum) implements DomainState<CountState, CountEvent> {
    @Override
    public CountState apply(CountEvent event) {
      return switch (event) {
        case CountEvent.Counted counted -> new CountState(counted.sum());
      };
    }
  }

  private static final TypeNames NAMES =
      TypeNames.builder()
          .addAll(CountCommand.class)
          .addAll(CountReply.class)
          .addAll(CountEvent.class)
          .add(CountState.class)
          .build();

  private Counting() {}

  /** The noun under a name of its own, so that one run's events can be told from another's. */
  static EntityType<CountCommand, CountReply, CountEvent, CountState> type(String name) {
    return new EntityType<>(
        name,
        CountCommand.class,
        CountEvent.class,
        id -> new CountState(0),
        new Counting(),
        NAMES,
        0);
  }

  /** One of {@code entities} counters. */
  static EntityKey key(String name, int number) {
    return new EntityKey(name, "counter-" + number);
  }

  @Override
  public Decision<CountEvent, CountReply> decide(
      CountState state, CountCommand command, Instant now) {
    return switch (command) {
      case CountCommand.Count count -> {
        long sum = state.sum() + count.by();
        yield Decision.event(new CountEvent.Counted(sum, NOTE), new CountReply.Done(sum));
      }
    };
  }

  @Override
  public CountCommand wake() {
    return new CountCommand.Count(0);
  }

  @Override
  public boolean remembered(CountCommand command) {
    return false;
  }

  @Override
  public CountReply alreadyDone(CountState state, CountCommand command) {
    return new CountReply.Done(state.sum());
  }

  @Override
  public CountReply conflict(CountState state, CountCommand command, String field) {
    return new CountReply.Done(state.sum());
  }
}
