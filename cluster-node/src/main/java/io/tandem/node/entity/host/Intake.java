package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.tandem.node.entity.host.HostMessage.Batch;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Why;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Group commit: stands before the event-sourced behavior and keeps what arrives while the entity is
 * being loaded or a write is in flight, then hands it over as one batch.
 *
 * <p>It also holds whoever waits for an answer. When the behavior behind it fails, they are
 * refused, and so is all that is in the mailbox by then; the shard keeps what comes later for the
 * entity's next life. So no command is lost without a word when a journal fails.
 */
final class Intake extends BehaviorInterceptor<Object, HostMessage> {

  /** The host behind, as the intake sees it. */
  interface Host {
    /** Answers that there is no answer. */
    void refuse(Deliver message, Why why);

    /** A nudge that needs no write. Returns whether the deadline has come. */
    boolean nudged(Nudge nudge);

    /**
     * The behavior has failed with this, or with something that Akka has logged; gives what to tell
     * those who wait.
     */
    Why failed(@Nullable RuntimeException failure, boolean loaded, boolean writing);

    /** The actor is at its end. */
    void ended();
  }

  private final HostSettings settings;
  private final ActorRef<HostMessage> self;
  private final Host host;

  private final ArrayDeque<HostMessage> queue = new ArrayDeque<>();
  private final List<Deliver> deciding = new ArrayList<>();
  private boolean open;
  private boolean busy;
  private boolean stopping;
  private boolean flushSent;
  private @Nullable Why left;

  Intake(HostSettings settings, ActorRef<HostMessage> self, Host host) {
    super(Object.class);
    this.settings = settings;
    this.self = self;
    this.host = host;
  }

  /** The entity is loaded. */
  void open() {
    open = true;
    flush();
  }

  /** A batch is being decided, and a write may follow: nothing more is handed over. */
  void busy() {
    busy = true;
  }

  /** The replies have left. */
  void free() {
    busy = false;
    deciding.clear();
    flush();
  }

  /** Whether nothing is being decided and nothing waits. */
  boolean idle() {
    return open && !busy && queue.isEmpty();
  }

  @Override
  public Behavior<HostMessage> aroundReceive(
      TypedActorContext<Object> context, Object message, ReceiveTarget<HostMessage> behind) {
    if (left != null) {
      return leaving(message, left);
    }
    if (!(message instanceof HostMessage own)) {
      return guarded(context, message, behind); // the journal's answers
    }
    take(own);
    if (!open || busy) {
      return Behaviors.same();
    }
    if (!queue.isEmpty()) {
      return guarded(context, nextBatch(), behind);
    }
    return stopping ? guarded(context, Nudge.STOP, behind) : Behaviors.same();
  }

  @Override
  public Behavior<HostMessage> aroundSignal(
      TypedActorContext<Object> context, Signal signal, SignalTarget<HostMessage> behind) {
    if (signal instanceof PostStop) {
      refuseAll(left == null ? Why.STOPPED : left);
      host.ended();
    }
    return behind.apply(context, signal);
  }

  private void take(HostMessage message) {
    switch (message) {
      case Deliver deliver when queue.size() >= settings.bufferMax() ->
          host.refuse(deliver, Why.BUSY);
      case Nudge nudge -> {
        if (nudge == Nudge.STOP) {
          stopping = true;
        } else if (nudge == Nudge.FLUSH) {
          flushSent = false;
        } else if (host.nudged(nudge)) {
          queue.add(Nudge.WAKE);
        }
      }
      default -> queue.add(message);
    }
  }

  /**
   * Hands a message over; a behavior that failed on it is not followed into its end before
   * everybody is told.
   */
  @SuppressWarnings("unchecked") // the event-sourced behavior takes the journal's answers too
  private Behavior<HostMessage> guarded(
      TypedActorContext<Object> context, Object message, ReceiveTarget<HostMessage> behind) {
    Behavior<HostMessage> next;
    RuntimeException failure = null;
    try {
      next = ((ReceiveTarget<Object>) (ReceiveTarget<?>) behind).apply(context, message).narrow();
    } catch (RuntimeException e) {
      failure = e;
      next = Behaviors.empty();
    }
    boolean alive = failure == null && (Behavior.isAlive(next) || message == Nudge.STOP);
    if (alive) {
      return next;
    }
    Why why = host.failed(failure, open, busy);
    left = why;
    refuseAll(why);
    return Behaviors.empty();
  }

  private Behavior<HostMessage> leaving(Object message, Why why) {
    if (message instanceof Deliver deliver) {
      host.refuse(deliver, why);
    }
    return message == Nudge.STOP ? Behaviors.stopped() : Behaviors.same();
  }

  private Batch nextBatch() {
    List<HostMessage> work = new ArrayList<>(Math.min(queue.size(), settings.batchMax()));
    while (work.size() < settings.batchMax()) {
      HostMessage next = queue.poll();
      if (next == null) {
        break;
      }
      work.add(next);
      if (next instanceof Deliver deliver) {
        deciding.add(deliver);
      }
    }
    return new Batch(work);
  }

  /** Through the mailbox, so that what has arrived meanwhile joins the batch. */
  private void flush() {
    if (!flushSent && (!queue.isEmpty() || stopping)) {
      flushSent = true;
      self.tell(Nudge.FLUSH);
    }
  }

  private void refuseAll(Why why) {
    List<HostMessage> waiting = new ArrayList<>(deciding);
    waiting.addAll(queue);
    deciding.clear();
    queue.clear();
    for (HostMessage each : waiting) {
      if (each instanceof Deliver deliver) {
        host.refuse(deliver, why);
      }
    }
  }
}
