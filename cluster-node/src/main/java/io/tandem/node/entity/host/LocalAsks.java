package io.tandem.node.entity.host;

import akka.actor.Cancellable;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityGateway.Unavailable;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.Asked;
import io.tandem.node.entity.host.HostMessage.HostReply;
import io.tandem.node.entity.host.HostMessage.Refused;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Questions of this node to entities that run on it. What Akka's ask does with a temporary actor
 * and a timer for each, this does with a future and one timer for all. Thread-safe.
 */
final class LocalAsks {

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Set<Open> open = ConcurrentHashMap.newKeySet();
  private final long timeoutNanos;
  private final Cancellable looking;

  /**
   * Nothing is asked yet.
   *
   * @param timeout after which, or up to a second later, a question is given up
   */
  LocalAsks(ActorSystem<?> system, Duration timeout) {
    this.timeoutNanos = timeout.toNanos();
    this.looking =
        system
            .scheduler()
            .scheduleWithFixedDelay(LOOK, LOOK, this::giveUp, system.executionContext());
  }

  /** Asks; fails with {@link Unavailable} and nothing else. */
  CompletableFuture<Reply> ask(
      ActorRef<HostMessage> host, EntityKey target, Command command, Origin origin) {
    Open asked = new Open(target, origin);
    open.add(asked);
    host.tell(new Asked(target, command, origin, asked));
    return asked;
  }

  private void giveUp() {
    long now = System.nanoTime();
    for (Open each : open) {
      if (now - each.askedNanos >= timeoutNanos) {
        each.fail("no answer in time");
      }
    }
  }

  /** Gives no question up any more; for the end of the node. */
  void close() {
    looking.cancel();
  }

  /** One that is not answered yet. */
  private final class Open extends CompletableFuture<Reply> implements Consumer<HostReply> {
    private final EntityKey target;
    private final Origin origin;
    private final long askedNanos = System.nanoTime();

    Open(EntityKey target, Origin origin) {
      this.target = target;
      this.origin = origin;
    }

    @Override
    public void accept(HostReply reply) {
      switch (reply) {
        case Answered answer -> {
          open.remove(this);
          complete(answer.reply());
        }
        case Refused refused -> fail(refused.why().toString());
      }
    }

    private void fail(String why) {
      open.remove(this);
      completeExceptionally(new Unavailable(target.type() + " " + origin.commandId() + ": " + why));
    }
  }
}
