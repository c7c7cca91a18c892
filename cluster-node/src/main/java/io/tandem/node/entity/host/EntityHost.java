package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.RecoveryFailed;
import akka.persistence.typed.SnapshotFailed;
import akka.persistence.typed.SnapshotSelectionCriteria;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.Recovery;
import akka.persistence.typed.javadsl.SignalHandler;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.Batch;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Request;
import io.tandem.node.entity.host.HostMessage.Taken;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one entity of any noun: loads it, decides batches, writes each as one, lets replies leave
 * after the write, and keeps its duties. The only event-sourced behavior of Tandem; what a noun
 * does is in its rules.
 *
 * <p>When a write fails it stops and refuses whoever waits: the next command loads the entity again
 * and so learns what became of the write ({@link Fences}).
 */
final class EntityHost<
        C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
    extends EventSourcedBehavior<HostMessage, Recorded, Hosted<S>>
    implements Duties.Way, Intake.Host {

  /** At the highest rate this is some hundred thousand events to replay, a few seconds. */
  private static final long SNAPSHOT_PAUSE_NANOS = Duration.ofSeconds(20).toNanos();

  private final EntityType<C, R, E, S> type;
  private final EntityKey key;
  private final String persistenceId;
  private final HostPorts ports;
  private final Lines lines;
  private final ActorRef<HostMessage> self;
  private final Runnable passivate;
  private final Intake intake;
  private final Duties<C, R, E, S> duties;

  private boolean letGo;
  private long replayed;
  private long snapshotAt;
  private long snapshotNanos;
  private boolean snapshotTaken;
  private long handedOverNanos;
  private long writing;
  private @Nullable Why loadingFailed;

  /** How a host reaches other entities, and they it. */
  interface Lines {
    void carry(Deliver message);

    /** This entity takes commands. */
    void runs(EntityKey entity, ActorRef<HostMessage> host);

    /** It is about to end: commands are to go through its shard again. Said more than once. */
    void leaves(EntityKey entity, ActorRef<HostMessage> host);
  }

  private EntityHost(
      EntityType<C, R, E, S> type,
      EntityKey key,
      HostPorts ports,
      Lines lines,
      ActorContext<HostMessage> context,
      Runnable passivate) {
    super(PersistenceId.ofUniqueId(Envelope.persistenceId(key.type(), key.id())));
    this.type = type;
    this.key = key;
    this.persistenceId = Envelope.persistenceId(key.type(), key.id());
    this.ports = ports;
    this.lines = lines;
    this.self = context.getSelf();
    this.passivate = passivate;
    this.duties = new Duties<>(type, key, ports, this);
    this.intake = new Intake(ports.settings(), self, this);
  }

  /**
   * The behavior of one entity.
   *
   * @param passivate asks the shard to let this entity go
   */
  static <C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
      Behavior<HostMessage> of(
          EntityType<C, R, E, S> type,
          String id,
          HostPorts ports,
          Lines lines,
          Consumer<ActorRef<HostMessage>> passivate) {
    return Behaviors.setup(
        context -> {
          Runnable letGo = () -> passivate.accept(context.getSelf());
          EntityKey key = new EntityKey(type.name(), id);
          String name = Envelope.persistenceId(type.name(), id);
          Supplier<Behavior<HostMessage>> run =
              () -> {
                EntityHost<C, R, E, S> host =
                    new EntityHost<>(type, key, ports, lines, context, letGo);
                return Behaviors.intercept(() -> host.intake, host).narrow();
              };
          return ports.fences().refusal(name, ports.clock().instant()).isPresent()
              ? LeftAlone.of(name, key, ports, context.getSelf(), run)
              : run.get();
        });
  }

  // ---- what Akka persistence asks for

  /**
   * Without what Akka tells its event stream of every stored event: nobody listens there, and it is
   * one message more for each.
   */
  @Override
  @SuppressWarnings("unchecked") // it is a Behavior<HostMessage>, which Java does not see
  public Behavior<HostMessage> apply(TypedActorContext<HostMessage> context) {
    return (Behavior<HostMessage>)
        (Behavior<?>) createEventSourcedBehavior().withEventPublishing(false);
  }

  @Override
  public Hosted<S> emptyState() {
    return Hosted.fresh(type.initial().apply(key.id()));
  }

  @Override
  public CommandHandler<HostMessage, Recorded, Hosted<S>> commandHandler() {
    return (state, message) ->
        message instanceof Batch batch ? decide(state, batch) : Effect().stop();
  }

  @Override
  public EventHandler<Hosted<S>, Recorded> eventHandler() {
    return this::apply;
  }

  @Override
  public SignalHandler<Hosted<S>> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .onSignal(RecoveryFailed.class, (state, signal) -> recoveryFailed(signal.failure()))
        .onSignal(
            SnapshotFailed.class,
            (state, signal) ->
                ports.watch().snapshotFailed(type.name(), key.id(), signal.failure()))
        .build();
  }

  /**
   * Enough events since the last one, and not too soon after it: a hot entity would otherwise write
   * its whole state several times a second. Older ones are deleted by the snapshot store ({@code
   * NewestSnapshotDao}).
   */
  @Override
  public boolean shouldSnapshot(Hosted<S> state, Recorded event, long sequence) {
    if (type.snapshotEvery() == 0 || sequence - snapshotAt < type.snapshotEvery()) {
      return false;
    }
    long now = System.nanoTime();
    if (snapshotTaken && now - snapshotNanos < SNAPSHOT_PAUSE_NANOS) {
      return false;
    }
    snapshotTaken = true;
    snapshotNanos = now;
    snapshotAt = sequence;
    return true;
  }

  @Override
  public Recovery recovery() {
    return type.snapshotEvery() == 0
        ? Recovery.withSnapshotSelectionCriteria(SnapshotSelectionCriteria.none())
        : super.recovery();
  }

  // ---- a batch, from commands to durable

  private akka.persistence.typed.javadsl.Effect<Recorded, Hosted<S>> decide(
      Hosted<S> durable, Batch batch) {
    Deciding<C, R, E, S> deciding = new Deciding<>(type, key.id(), ports, durable, now());
    List<String> acknowledged = new ArrayList<>();
    for (HostMessage work : batch.work()) {
      switch (work) {
        case Request request -> deciding.deliver(request);
        case Answered answered -> {
          Optional<Effect.Ask> ask = duties.asked(answered.commandId());
          if (ask.isPresent() && !acknowledged.contains(answered.commandId())) {
            if (deciding.answered(ask.get(), answered.reply())) {
              acknowledged.add(answered.commandId());
            }
          }
        }
        case Taken taken when duties.has(taken.effectId()) -> acknowledged.add(taken.effectId());
        case Nudge wake -> deciding.wake();
        default -> {
          // an answer nobody waits for any more, or a refusal: what is outstanding is sent again in
          // time
        }
      }
    }
    intake.busy();
    List<Recorded> events = deciding.events();
    if (events.isEmpty()) {
      return Effect()
          .none()
          .thenRun((Hosted<S> state) -> durable(state, deciding, acknowledged, 0));
    }
    Envelope first = events.getFirst().envelope();
    ports.fences().inDoubt(persistenceId, first.sequence(), first.hash());
    handedOverNanos = System.nanoTime();
    writing = first.sequence();
    return Effect()
        .persist(events)
        .thenRun((Hosted<S> state) -> durable(state, deciding, acknowledged, events.size()));
  }

  private void durable(
      Hosted<S> state, Deciding<C, R, E, S> decided, List<String> acknowledged, int events) {
    long micros = events == 0 ? 0 : (System.nanoTime() - handedOverNanos) / 1_000;
    if (events > 0) {
      ports.fences().loaded(persistenceId);
      ports.shown().stored(key, state.sequence(), state.state());
      duties.written();
    }
    decided.replies().forEach(waiting -> waiting.to().answer(waiting.reply()));
    ports.watch().written(type.name(), decided.replies().size(), events, micros);
    intake.free();
    Instant now = now();
    if (!acknowledged.isEmpty()) {
      duties.acknowledge(acknowledged, state, now);
    }
    if (events > 0 || !acknowledged.isEmpty() || decided.woken()) {
      duties.refresh(state, now);
    }
    if (duties.done()) {
      self.tell(Nudge.LET_GO);
    }
  }

  // ---- loading

  private Hosted<S> apply(Hosted<S> before, Recorded recorded) {
    return recorded.after() == null ? replay(before, recorded) : decided(recorded);
  }

  @SuppressWarnings("unchecked") // Deciding made it for this very entity
  private Hosted<S> decided(Recorded recorded) {
    return (Hosted<S>) Objects.requireNonNull(recorded.after());
  }

  /**
   * One event as it was stored; the chain must hold, and where a write of ours is in doubt it must
   * be ours.
   */
  private Hosted<S> replay(Hosted<S> before, Recorded recorded) {
    Envelope envelope = recorded.envelope();
    var header = envelope.header();
    if (ports.fences().foreign(persistenceId, header.sequence(), envelope.hash())) {
      throw new Fenced(persistenceId, header.sequence());
    }
    if (header.sequence() != before.sequence() + 1
        || !header.previousHash().equals(before.lastHash())
        || (recorded.event() != null && !type.eventType().isInstance(recorded.event()))) {
      throw new JournalException(
          JournalException.Fault.UNREADABLE,
          persistenceId + "#" + header.sequence() + " does not follow #" + before.sequence());
    }
    replayed++;
    CommandWindow window =
        header.commandDigest().isNone()
            ? before.window()
            : before
                .window()
                .with(
                    header.commandId(),
                    header.commandDigest(),
                    header.at(),
                    ports.settings().window());
    return new Hosted<>(
        folded(before.state(), recorded),
        header.sequence(),
        envelope.hash(),
        header.nextDue(),
        window);
  }

  private S folded(S before, Recorded recorded) {
    E event = type.eventType().cast(recorded.event());
    try {
      return event == null ? before : before.apply(event);
    } catch (RuntimeException e) {
      ports.codecs().sealed().lookAgain(); // somebody may have repaired it
      throw e;
    }
  }

  private void recovered(Hosted<S> state) {
    ports.fences().loaded(persistenceId);
    snapshotAt = state.sequence() - replayed;
    ports.watch().recovered(type.name(), replayed);
    duties.refresh(state, now());
    lines.runs(key, self);
    intake.open();
  }

  private void recoveryFailed(Throwable failure) {
    if (loadingFailed != null) {
      return; // Akka signals some failures twice
    }
    Why why = whyOf(failure);
    if (why != Why.CANNOT_LOAD) {
      ports
          .fences()
          .shut(persistenceId, why, ports.clock().instant(), ports.settings().fenceTime());
    }
    loadingFailed = why;
    ports.watch().stopped(type.name(), key.id(), why, failure);
  }

  private static Why whyOf(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof Fenced) {
        return Why.FENCED;
      }
      if (at instanceof JournalException fault) {
        return fault.fault().retryHelps() ? Why.CANNOT_LOAD : Why.UNREADABLE;
      }
    }
    return Why.CANNOT_LOAD;
  }

  // ---- duties

  @Override
  public void send(Effect effect, int attempt) {
    ports.watch().sent(type.name(), attempt);
    switch (effect) {
      case Effect.Ask ask -> {
        String actor = key.type() + "/" + key.id();
        Origin origin = new Origin(ask.id(), ask.id(), actor);
        lines.carry(new Deliver(ask.target(), ask.command(), origin, self.narrow()));
      }
      case Effect.Signal signal ->
          ports
              .edges()
              .send(
                  signal.edge(),
                  signal.id(),
                  signal.signal(),
                  () -> self.tell(new Taken(signal.id())));
    }
  }

  @Override
  public HostClock.Alarm alarmAfter(Duration delay) {
    return ports.clock().after(delay, () -> self.tell(Nudge.ALARM));
  }

  @Override
  public boolean nudged(Nudge nudge) {
    if (nudge == Nudge.ALARM) {
      return duties.alarmed(now());
    }
    if (!letGo && intake.idle() && duties.done()) {
      letGo = true;
      leaving();
      passivate.run();
    }
    return false;
  }

  // ---- the end

  @Override
  public void refuse(Request message, Why why) {
    ports.watch().refused(type.name(), why);
    message.answer(new Refused(message.origin().commandId(), why));
  }

  @Override
  public Why failed(@Nullable RuntimeException failure, boolean loaded, boolean deciding) {
    duties.close();
    leaving();
    passivate.run();
    if (!loaded) {
      return loadingFailed == null ? Why.CANNOT_LOAD : loadingFailed;
    }
    if (deciding) {
      ports.watch().writeFailed(type.name(), key.id(), writing);
      return Why.CANNOT_STORE;
    }
    RuntimeException cause = failure == null ? new IllegalStateException("stopped") : failure;
    ports.watch().rulesFailed(type.name(), key.id(), "duties", cause);
    return Why.FAULT;
  }

  @Override
  public void leaving() {
    lines.leaves(key, self);
  }

  @Override
  public void ended() {
    leaving();
    duties.close();
  }

  /** To the microsecond, as it will be stored: a fold must equal its replay. */
  private Instant now() {
    return ports.clock().instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** Another node has written where a write of ours is in doubt. */
  private static final class Fenced extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Fenced(String persistenceId, long sequence) {
      super(persistenceId + "#" + sequence + " was written by another node");
    }
  }
}
