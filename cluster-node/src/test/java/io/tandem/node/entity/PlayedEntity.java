package io.tandem.node.entity;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Personal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One entity without a host: rules, state, and a clock that is set by hand. What the host does on a
 * command, in five lines.
 */
public final class PlayedEntity<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {

  /** Where every played clock starts: a Monday at noon in UTC. */
  public static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final EntityType<C, R, E, S> type;
  private final EventCodec codec;
  private final List<E> events = new ArrayList<>();
  private S state;
  private Instant now = START;

  public PlayedEntity(EntityType<C, R, E, S> type, String id) {
    this.type = type;
    this.codec = EventCodec.clear(type.types(), List.of());
    this.state = type.initial().apply(id);
  }

  /** Decides, applies, answers. */
  public R ask(C command) {
    Decision<E, R> decision = type.rules().decide(state, command, now);
    for (E event : decision.events()) {
      events.add(event);
      state = state.apply(event);
    }
    return decision.reply();
  }

  /** Decides and applies; the reply does not matter. */
  public PlayedEntity<C, R, E, S> after(C command) {
    ask(command);
    return this;
  }

  /** What the entity wants done elsewhere, as after a recovery. */
  public List<Effect> effects() {
    return type.rules().resume(state, Acks.NONE, now);
  }

  /** Another entity answered an effect; what that means is decided here. */
  public void answered(Effect effect, Reply reply) {
    type.rules().answered(state, (Effect.Ask) effect, reply).ifPresent(this::ask);
  }

  public void advance(Duration by) {
    now = now.plus(by);
  }

  public void clock(Instant to) {
    now = to;
  }

  public Instant now() {
    return now;
  }

  public S state() {
    return state;
  }

  public List<E> events() {
    return events;
  }

  public E lastEvent() {
    return events.getLast();
  }

  public Instant deadline() {
    return type.rules().deadline(state);
  }

  /** The state as a snapshot gives it back. */
  @SuppressWarnings("unchecked")
  public S snapshot() {
    Record record = (Record) state;
    return (S) codec.decode(codec.nameOf(record), codec.encode(record));
  }

  /** The same events from the beginning, each through its stored form. */
  @SuppressWarnings("unchecked")
  public S replay(String id) {
    S folded = type.initial().apply(id);
    for (E event : events) {
      Record record = (Record) event;
      folded = folded.apply((E) codec.decode(codec.nameOf(record), codec.encode(record)));
    }
    return folded;
  }

  /** A value about somebody. */
  public static Personal<String> personal(String value) {
    return Personal.of("person:" + value.hashCode(), DataClass.CONTACT, value);
  }
}
