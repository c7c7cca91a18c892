package io.tandem.node.sim;

import io.tandem.node.entity.Acks;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Decision;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One entity, hosted as the node's host does: decide, write, reply, send what is outstanding again
 * and again, wake at the deadline; after a death only the journal is left, and the due-index or the
 * next message brings it back.
 */
final class SimEntity<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {

  private static final Duration AGAIN = Duration.ofSeconds(1);
  private static final Duration AWAKE_AGAIN = Duration.ofSeconds(20);
  private static final Duration REPAIR_AFTER = Duration.ofSeconds(30);

  private final SimWorld world;
  private final EntityKey key;
  private final EntityType<C, R, E, S> type;
  private final List<E> journal = new ArrayList<>();

  private S state;
  private Acks acks = Acks.NONE;
  private final Map<String, Effect> outstanding = new LinkedHashMap<>();
  private boolean alive;
  private int life;
  private @Nullable Instant nextDue;

  SimEntity(SimWorld world, EntityKey key, EntityType<C, R, E, S> type) {
    this.world = world;
    this.key = key;
    this.type = type;
    this.state = type.initial().apply(key.id());
  }

  EntityKey key() {
    return key;
  }

  S state() {
    return state;
  }

  List<E> journal() {
    return journal;
  }

  /** Nothing is outstanding, and if it died, nothing is left to be done once it is back. */
  boolean quiet() {
    return alive
        ? outstanding.isEmpty()
        : type.rules().resume(state, Acks.NONE, world.time().now()).isEmpty() || nextDue == null;
  }

  boolean finished() {
    return type.rules().finished(state);
  }

  /** A command arrives; {@code reply} gets the answer, unless it dies before. */
  void receive(Command command, Consumer<Reply> reply) {
    wakeUp();
    decide(command, reply);
  }

  /** All that was in memory is gone. */
  void die() {
    alive = false;
    life++;
    acks = Acks.NONE;
    outstanding.clear();
  }

  /** Comes back from the journal alone. */
  void wakeUp() {
    if (alive) {
      return;
    }
    S folded = type.initial().apply(key.id());
    for (E event : journal) {
      folded = folded.apply(event);
    }
    if (!folded.equals(state)) {
      throw new AssertionError(key + " folds to another state than it had");
    }
    alive = true;
    refresh();
  }

  private void decide(Command command, Consumer<Reply> reply) {
    C own = type.commandType().cast(command);
    Decision<E, R> decision = type.rules().decide(state, own, world.time().now());
    if (!decision.events().isEmpty()) {
      if (world.diesBefore(this)) {
        die();
        return;
      }
      for (E event : decision.events()) {
        journal.add(event);
        state = state.apply(event);
        world.wrote(key, event);
      }
      Instant deadline = type.rules().deadline(state);
      boolean idle = type.rules().resume(state, Acks.NONE, world.time().now()).isEmpty();
      due(deadline != null ? deadline : idle ? null : world.time().now().plus(REPAIR_AFTER));
      if (world.diesAfter(this)) {
        die();
        return;
      }
    }
    reply.accept(decision.reply());
    refresh();
  }

  /** The due-index: it holds whether the entity lives or not. */
  private void due(@Nullable Instant at) {
    nextDue = at;
    if (at != null) {
      world.time().at(at, () -> dueNow(at));
    }
  }

  private void dueNow(Instant at) {
    if (!at.equals(nextDue)) {
      return;
    }
    receive(type.rules().wake(), reply -> {});
    if (alive && outstanding.isEmpty() && (finished() || type.rules().deadline(state) == null)) {
      nextDue = null; // settled
    } else if (at.equals(nextDue)) {
      world.time().after(AWAKE_AGAIN, () -> dueNow(at));
    }
  }

  private void refresh() {
    Map<String, Effect> open = new LinkedHashMap<>();
    for (Effect effect : type.rules().resume(state, acks, world.time().now())) {
      if (!acks.has(effect.id())) {
        open.put(effect.id(), effect);
      }
    }
    outstanding.keySet().retainAll(open.keySet());
    for (Effect effect : open.values()) {
      if (outstanding.putIfAbsent(effect.id(), effect) == null) {
        send(effect, life, AGAIN);
      }
    }
    if (outstanding.isEmpty() && finished()) {
      nextDue = null; // settled
    }
  }

  private void send(Effect effect, int inLife, Duration pause) {
    if (!alive || inLife != life || !outstanding.containsKey(effect.id())) {
      return;
    }
    switch (effect) {
      case Effect.Ask ask -> world.deliver(ask, reply -> answered(ask, reply));
      case Effect.Signal signal -> world.signal(signal, () -> acknowledged(signal.id()));
    }
    Duration next = pause.compareTo(Duration.ofSeconds(10)) < 0 ? pause.multipliedBy(2) : pause;
    world.time().after(pause, () -> send(effect, inLife, next));
  }

  private void answered(Effect.Ask ask, Reply reply) {
    if (!alive || !outstanding.containsKey(ask.id())) {
      return;
    }
    int before = life;
    Optional<C> command = type.rules().answered(state, ask, reply);
    command.ifPresent(c -> decide(c, unused -> {}));
    if (life == before) {
      acknowledged(ask.id());
    }
  }

  private void acknowledged(String effectId) {
    if (alive && outstanding.containsKey(effectId)) {
      acks = acks.with(effectId);
      refresh();
    }
  }
}
