package io.tandem.persistence.readmodel;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.Optional;

/** The smallest noun there is: it counts. For tests of what is generic over nouns. */
@Wire("tally.state/1")
public record Tally(String id, Optional<String> account, long total)
    implements DomainState<Tally, Tally.Event> {

  /** What can happen to it. */
  public sealed interface Event extends DomainEvent {
    /** It became an account's. */
    @Wire("tally.opened/1")
    record Opened(String account) implements Event {}

    /** It went up. */
    @Wire("tally.counted/1")
    record Counted(long by) implements Event {}
  }

  /** How it is folded. */
  public static final EntityKind<Tally, Event> KIND =
      new EntityKind<>("tally", Event.class, id -> new Tally(id, Optional.empty(), 0));

  /** Its names. */
  public static TypeNames names() {
    return TypeNames.builder().addAll(Event.class).add(Tally.class).build();
  }

  @Override
  public Tally apply(Event event) {
    return switch (event) {
      case Event.Opened opened -> new Tally(id, Optional.of(opened.account()), total);
      case Event.Counted counted -> new Tally(id, account, total + counted.by());
    };
  }

  /** A call record, so that tallies can stand for calls. */
  public Optional<CallIndexRow> asCall() {
    return account.map(
        of ->
            new CallIndexRow(
                id,
                of,
                "campaign",
                null,
                "up",
                "inbound",
                "blind",
                "1",
                Instant.ofEpochSecond(total),
                null,
                null,
                java.time.Duration.ofMillis(total),
                total > 2,
                total,
                "USD",
                null,
                null,
                null));
  }
}
