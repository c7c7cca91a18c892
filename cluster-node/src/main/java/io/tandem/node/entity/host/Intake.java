package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.BehaviorInterceptor;
import akka.actor.typed.PostStop;
import akka.actor.typed.Signal;
import akka.actor.typed.TypedActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.JournalProtocol;
import akka.persistence.PersistentRepr;
import io.tandem.node.entity.host.HostMessage.Batch;
import io.tandem.node.entity.host.HostMessage.Nudge;
import io.tandem.node.entity.host.HostMessage.Request;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.node.entity.host.HostMessage.Written;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;

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
    void refuse(Request message, Why why);

    /** The shard lets go of the entity: nothing more is to come but through it. */
    void leaving();

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
  private final List<Request> deciding = new ArrayList<>();
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
    if (message instanceof JournalProtocol.WriteMessagesSuccessful$) {
      return Behaviors.same(); // the answers for the single events follow, and only they count
    }
    if (message instanceof Written || !(message instanceof HostMessage own)) {
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
      case Request request when queue.size() >= settings.bufferMax() ->
          host.refuse(request, Why.BUSY);
      case Nudge nudge -> {
        if (nudge == Nudge.STOP) {
          stopping = true;
          host.leaving();
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
  private Behavior<HostMessage> guarded(
      TypedActorContext<Object> context, Object message, ReceiveTarget<HostMessage> behind) {
    Behavior<HostMessage> next;
    RuntimeException failure = null;
    try {
      next =
          message instanceof Written written
              ? answered(context, written, behind)
              : handed(context, message, behind);
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

  @SuppressWarnings("unchecked") // the event-sourced behavior takes the journal's answers too
  private static Behavior<HostMessage> handed(
      TypedActorContext<Object> context, Object message, ReceiveTarget<HostMessage> behind) {
    return ((ReceiveTarget<Object>) (ReceiveTarget<?>) behind).apply(context, message).narrow();
  }

  /**
   * Hands over what the journal would have answered for each event, to what each makes of the
   * behavior.
   */
  @SuppressWarnings({"unchecked", "ReferenceEquality"}) // as above; same() is one object
  private static Behavior<HostMessage> answered(
      TypedActorContext<Object> context, Written written, ReceiveTarget<HostMessage> behind) {
    Behavior<HostMessage> standing = Behaviors.same();
    for (Iterator<PersistentRepr> each = Written.eventsOf(written.write()); each.hasNext(); ) {
      Object answer = written.answer(each.next());
      Behavior<HostMessage> next =
          standing == Behaviors.<HostMessage>same()
              ? handed(context, answer, behind)
              : Behavior.interpretMessage(
                      (Behavior<Object>) (Behavior<?>) standing, context, answer)
                  .narrow();
      if (!Behavior.isAlive(next)) {
        return next;
      }
      boolean changed = next != Behaviors.<HostMessage>same() && !Behavior.isUnhandled(next);
      standing = changed ? next : standing;
    }
    return standing;
  }

  private Behavior<HostMessage> leaving(Object message, Why why) {
    if (message instanceof Request request) {
      host.refuse(request, why);
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
      if (next instanceof Request request) {
        deciding.add(request);
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
      if (each instanceof Request request) {
        host.refuse(request, why);
      }
    }
  }
}
