package io.tandem.node.system;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.HostReply;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.node.entity.host.HostPorts;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A bad line between entities: of the messages to some nouns, and of the replies that come back,
 * some are lost and some come twice. What the test itself asks always arrives.
 */
final class LossyLine implements HostPorts.Line {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String NEVER = "no reply came";
  private static final Duration REPLY_MAX = Duration.ofSeconds(30);

  private final Supplier<ActorSystem<?>> system;
  private final Set<String> nouns;
  private final long seed;
  private final int lostPercent;
  private final int doubledPercent;
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong doubled = new AtomicLong();

  LossyLine(
      Supplier<ActorSystem<?>> system,
      Set<String> nouns,
      long seed,
      int lostPercent,
      int doubledPercent) {
    this.system = system;
    this.nouns = nouns;
    this.seed = seed;
    this.lostPercent = lostPercent;
    this.doubledPercent = doubledPercent;
  }

  @Override
  public ActorRef<Deliver> to(String noun, ActorRef<Deliver> region) {
    if (!nouns.contains(noun)) {
      return region;
    }
    SplittableRandom random = new SplittableRandom(seed ^ noun.hashCode());
    Behavior<Deliver> line =
        Behaviors.setup(
            context ->
                Behaviors.receiveMessage(
                    message -> {
                      carry(context, region, message, random);
                      return Behaviors.same();
                    }));
    return system.get().systemActorOf(line, "lossy-" + NAMES.incrementAndGet(), Props.empty());
  }

  private void carry(
      ActorContext<Deliver> context,
      ActorRef<Deliver> region,
      Deliver message,
      SplittableRandom random) {
    if (message.origin().actor().equals("operator")) {
      region.tell(message);
      return;
    }
    for (int times = times(random); times > 0; times--) {
      region.tell(
          new Deliver(
              message.target(),
              message.command(),
              message.origin(),
              context.spawnAnonymous(wayBack(message.replyTo(), times(random)))));
    }
  }

  /** Passes one reply on so many times. */
  private static Behavior<HostReply> wayBack(ActorRef<HostReply> replyTo, int times) {
    return Behaviors.setup(
        context -> {
          context.setReceiveTimeout(REPLY_MAX, new Refused(NEVER, Why.STOPPED));
          return Behaviors.receiveMessage(
              reply -> {
                for (int i = 0; i < times && !reply.commandId().equals(NEVER); i++) {
                  replyTo.tell(reply);
                }
                return Behaviors.stopped();
              });
        });
  }

  private int times(SplittableRandom random) {
    int draw = random.nextInt(100);
    if (draw < lostPercent) {
      lost.incrementAndGet();
      return 0;
    }
    if (draw < lostPercent + doubledPercent) {
      doubled.incrementAndGet();
      return 2;
    }
    return 1;
  }

  /** How many messages and replies were lost. */
  long lost() {
    return lost.get();
  }

  /** How many came twice. */
  long doubled() {
    return doubled.get();
  }
}
