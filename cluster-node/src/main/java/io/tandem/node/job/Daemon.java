package io.tandem.node.job;

import akka.actor.NoSerializationVerificationNeeded;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.SingletonActor;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one work at one place of the cluster, step after step, and elsewhere when that node is gone.
 * A step may block: it has a thread of its own, of the system's, since a virtual one that waits for
 * a database takes three threads of the system for each answer. One that fails is tried again after
 * a pause that grows.
 */
public final class Daemon {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("tandem-daemon-", 1).factory());

  /** A work that is done in steps; made anew wherever it starts. */
  @FunctionalInterface
  public interface Work {
    /** Does some of it; gives the pause until the next step. */
    Duration step();
  }

  private sealed interface Message extends NoSerializationVerificationNeeded {
    record Step() implements Message {}

    record Done(Duration pause) implements Message {}

    record Failed(Throwable why) implements Message {}

    record Stop() implements Message {}
  }

  private final String name;
  private final Work work;
  private final ActorContext<Message> context;
  private final TimerScheduler<Message> timers;
  private int failures;

  private Daemon(
      String name, Work work, ActorContext<Message> context, TimerScheduler<Message> timers) {
    this.name = name;
    this.work = work;
    this.context = context;
    this.timers = timers;
  }

  /** Starts a work on one of the nodes with {@code role}; every such node is to call this. */
  public static void start(
      ActorSystem<?> system, String name, Supplier<Work> work, Optional<String> role) {
    Behavior<Message> behavior =
        Behaviors.setup(
            context ->
                Behaviors.withTimers(
                    timers -> {
                      Daemon daemon = new Daemon(name, work.get(), context, timers);
                      daemon.step();
                      return daemon.stepping();
                    }));
    ClusterSingletonSettings settings = ClusterSingletonSettings.create(system);
    var unused =
        ClusterSingleton.get(system)
            .init(
                SingletonActor.of(behavior, name)
                    .withStopMessage(new Message.Stop())
                    .withSettings(role.map(settings::withRole).orElse(settings)));
  }

  private void step() {
    CompletableFuture<Duration> step = new CompletableFuture<>();
    THREADS.execute(
        () -> {
          try {
            step.complete(work.step());
          } catch (RuntimeException | Error e) {
            step.completeExceptionally(e);
          }
        });
    context.pipeToSelf(
        step,
        (pause, failure) ->
            failure == null ? new Message.Done(pause) : new Message.Failed(failure));
  }

  private Behavior<Message> stepping() {
    return Behaviors.receiveMessage(
        message ->
            switch (message) {
              case Message.Done done -> {
                failures = 0;
                yield waiting(done.pause());
              }
              case Message.Failed failed -> {
                failures++;
                LOG.warn("{}: step failed, {} in a row", name, failures, failed.why());
                yield waiting(pauseAfterFailure());
              }
              case Message.Stop stop -> stopping();
              case Message.Step unused -> Behaviors.same();
            });
  }

  private Behavior<Message> waiting(Duration pause) {
    timers.startSingleTimer(new Message.Step(), pause);
    return Behaviors.receiveMessage(
        message -> {
          if (message instanceof Message.Stop) {
            return Behaviors.stopped();
          }
          step();
          return stepping();
        });
  }

  /** The step in hand is finished first, so that no two places work at a time. */
  private Behavior<Message> stopping() {
    return Behaviors.receiveMessage(
        message ->
            message instanceof Message.Done || message instanceof Message.Failed
                ? Behaviors.stopped()
                : Behaviors.same());
  }

  private Duration pauseAfterFailure() {
    Duration pause = Duration.ofMillis(100L << Math.min(failures, 10));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }
}
