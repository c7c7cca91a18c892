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
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Why;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Group commit: stands before the event-sourced behavior and keeps what arrives while the entity is
 * being loaded or a write is in flight, then hands it over as one batch. Holds whoever waits for an
 * answer, and tells them when the entity stops instead.
 *
 * <p>The host reports to it: {@link #open} after recovery, {@link #busy} and {@link #free} around a
 * write.
 */
final class Intake extends BehaviorInterceptor<HostMessage, HostMessage> {

  private final HostSettings settings;
  private final ActorRef<HostMessage> self;
  private final Consumer<Deliver> overflow;

  /** Handles the nudges that need no decision; true where work for a batch follows from it. */
  private final Predicate<Nudge> nudged;

  /** Told at the end, with the reason for those who still wait. */
  private final Runnable stopped;

  private final ArrayDeque<HostMessage> queue = new ArrayDeque<>();
  private final List<Deliver> deciding = new ArrayList<>();
  private boolean open;
  private boolean busy;
  private boolean stopping;
  private boolean flushSent;
  private Why reason = Why.STOPPED;

  Intake(
      HostSettings settings,
      ActorRef<HostMessage> self,
      Consumer<Deliver> overflow,
      Predicate<Nudge> nudged,
      Runnable stopped) {
    super(HostMessage.class);
    this.settings = settings;
    this.self = self;
    this.overflow = overflow;
    this.nudged = nudged;
    this.stopped = stopped;
  }

  /** The entity is loaded. */
  void open() {
    open = true;
    flush();
  }

  /**
   * A write is in flight: nobody of {@code deciding} has an answer, and nothing more is handed
   * over.
   */
  void busy() {
    busy = true;
  }

  /**
   * The batch is decided and, where there was something to write, durable; its replies have left.
   */
  void free() {
    busy = false;
    deciding.clear();
    flush();
  }

  /** Whether a write is in flight. */
  boolean isBusy() {
    return busy;
  }

  /** Whether nothing is being decided and nothing waits. */
  boolean idle() {
    return open && !busy && queue.isEmpty();
  }

  /** Why those who wait will get no answer, if it comes to that. */
  void reason(Why why) {
    reason = why;
  }

  @Override
  public Behavior<HostMessage> aroundReceive(
      TypedActorContext<HostMessage> context,
      HostMessage message,
      ReceiveTarget<HostMessage> host) {
    switch (message) {
      case Deliver deliver when queue.size() >= settings.bufferMax() -> overflow.accept(deliver);
      case Nudge nudge -> {
        if (nudge == Nudge.STOP) {
          stopping = true;
        } else if (nudge == Nudge.FLUSH) {
          flushSent = false;
        } else if (nudged.test(nudge)) {
          queue.add(Nudge.WAKE);
        }
      }
      default -> queue.add(message);
    }
    if (!open || busy) {
      return Behaviors.same();
    }
    if (!queue.isEmpty()) {
      return host.apply(context, nextBatch());
    }
    return stopping ? host.apply(context, Nudge.STOP) : Behaviors.same();
  }

  @Override
  public Behavior<HostMessage> aroundSignal(
      TypedActorContext<HostMessage> context, Signal signal, SignalTarget<HostMessage> host) {
    if (signal instanceof PostStop) {
      stopped.run();
      deciding.forEach(this::refuse);
      queue.forEach(this::refuse);
      deciding.clear();
      queue.clear();
    }
    return host.apply(context, signal);
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

  private void refuse(HostMessage message) {
    if (message instanceof Deliver deliver) {
      deliver.replyTo().tell(new Refused(deliver.origin().commandId(), reason));
    }
  }
}
