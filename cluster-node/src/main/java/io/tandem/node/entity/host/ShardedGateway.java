package io.tandem.node.entity.host;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Adapter;
import akka.actor.typed.scaladsl.AskPattern;
import akka.util.Timeout;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Opening;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Answered;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.host.HostMessage.HostReply;
import io.tandem.node.entity.host.HostMessage.Refused;
import io.tandem.node.entity.wire.NewEntities;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.TimedId;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import scala.concurrent.ExecutionContext;
import scala.runtime.BoxedUnit;
import scala.util.Try;

/**
 * The gateway over cluster sharding, and past it where the entity runs on this node. Thread-safe.
 * Answers come on the thread of the entity that gives them, as no thread more is woken then (Akka's
 * ask for Java would take each through the common pool, which is one thread on two cores): what
 * hangs on them is short, or goes elsewhere.
 */
final class ShardedGateway implements EntityGateway {

  private static final Backoff ATTEST = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  private final ActorSystem<?> system;
  private final HostsHere here;
  private final Function<String, Optional<ActorRef<Deliver>>> lines;
  private final HostPorts ports;
  private final LocalAsks asks;
  private final NewEntities fresh;
  private volatile boolean closed;

  ShardedGateway(
      ActorSystem<?> system,
      HostsHere here,
      Function<String, Optional<ActorRef<Deliver>>> lines,
      HostPorts ports) {
    this.system = system;
    this.here = here;
    this.lines = lines;
    this.ports = ports;
    this.fresh = NewEntities.of(Adapter.toClassic(system));
    this.asks = new LocalAsks(system, ports.settings().askTimeout());
  }

  @Override
  public CompletionStage<Reply> ask(EntityKey target, Command command, Origin origin) {
    ActorRef<HostMessage> host = here.find(target);
    if (host != null) {
      return asks.ask(host, target, command, origin);
    }
    Optional<ActorRef<Deliver>> line = lines.apply(target.type());
    if (line.isEmpty()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException("no such noun: " + target.type()));
    }
    CompletableFuture<Reply> answered = new CompletableFuture<>();
    new AskPattern.Askable<>(line.get())
        .<HostReply>ask(
            replyTo -> new Deliver(target, command, origin, replyTo),
            Timeout.create(ports.settings().askTimeout()),
            system.scheduler())
        .onComplete(
            result -> {
              complete(answered, target, origin, result);
              return BoxedUnit.UNIT;
            },
            ExecutionContext.parasitic$.MODULE$);
    return answered;
  }

  @Override
  public CompletionStage<Reply> attest(EntityKey target, Command command, Origin origin) {
    if (command instanceof Opening && here.hasNeighbours(target)) {
      long made = TimedId.millisOf(target.id());
      fresh.say(
          Envelope.persistenceId(target.type(), target.id()), System.currentTimeMillis() - made);
    }
    CompletableFuture<Reply> answered = new CompletableFuture<>();
    attest(target, command, origin, 1, answered);
    return answered;
  }

  void close() {
    closed = true;
    asks.close();
  }

  private void attest(
      EntityKey target,
      Command command,
      Origin origin,
      int attempt,
      CompletableFuture<Reply> answered) {
    if (closed) {
      answered.completeExceptionally(new Unavailable("the gateway is closed"));
      return;
    }
    CompletionStage<Boolean> unused =
        ask(target, command, origin)
            .handle(
                (reply, failure) -> {
                  if (failure == null) {
                    return answered.complete(reply);
                  }
                  if (!(causeOf(failure) instanceof Unavailable)) {
                    return answered.completeExceptionally(causeOf(failure));
                  }
                  ports
                      .clock()
                      .after(
                          ATTEST.pause(attempt, new SplittableRandom()),
                          () -> attest(target, command, origin, attempt + 1, answered));
                  return false;
                });
  }

  private static void complete(
      CompletableFuture<Reply> answered, EntityKey target, Origin origin, Try<HostReply> result) {
    String asked = target.type() + " " + origin.commandId();
    if (result.isFailure()) {
      Throwable cause = result.failed().get();
      String why = cause instanceof TimeoutException ? "no answer in time" : cause.toString();
      answered.completeExceptionally(new Unavailable(asked + ": " + why));
      return;
    }
    switch (result.get()) {
      case Answered answer -> answered.complete(answer.reply());
      case Refused refused ->
          answered.completeExceptionally(new Unavailable(asked + ": " + refused.why()));
    }
  }

  private static Throwable causeOf(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
