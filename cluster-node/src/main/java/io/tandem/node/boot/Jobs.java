package io.tandem.node.boot;

import io.tandem.node.boot.Settings.Role;
import io.tandem.node.directory.DirectoryFeed;
import io.tandem.node.job.Daemon;
import io.tandem.node.job.DueWalker;
import io.tandem.node.job.EdgeSweep;
import io.tandem.node.job.FeedFollower;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.persistence.readmodel.EntityViews;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clocked work of a node: what runs once in the cluster (read models, the due-index, the
 * sweep), and what runs on each (its directory).
 */
final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final Duration SWEEP_PACE = Duration.ofSeconds(1);
  private static final Duration DUE_GRACE = Duration.ofSeconds(1);
  private static final Duration DUE_PACE = Duration.ofSeconds(1);
  private static final long DIRECTORY_MILLIS = 50;

  private final ScheduledExecutorService directory;

  private Jobs(ScheduledExecutorService directory) {
    this.directory = directory;
  }

  static Jobs start(Node node) {
    Optional<String> control = Optional.of("control");
    if (node.settings().has(Role.CONTROL)) {
      Daemon.start(
          node.system(),
          "read-models",
          () -> new FeedFollower(ReadModels.projector(node.stores().journal(), node.codecs())),
          control);
      Daemon.start(node.system(), "due-index", () -> walker(node), control);
      Daemon.start(node.system(), "edge-sweep", () -> sweep(node), control);
    }
    return new Jobs(follow(node));
  }

  private static Daemon.Work walker(Node node) {
    return new DueWalker(
        new DueIndex(node.stores().journal()),
        node.runtime()::wake,
        node.clock(),
        DUE_GRACE,
        DUE_PACE);
  }

  private static Daemon.Work sweep(Node node) {
    EdgeSweep sweep =
        new EdgeSweep(
            new EdgeHeartbeats(node.stores().journal()),
            new CallIndex(node.stores().journal()),
            node.gateway(),
            node.settings().edge().deadAfter(),
            System::nanoTime);
    return () -> {
      int told = sweep.step(node.clock().instant());
      if (told > 0) {
        LOG.info("told {} calls that their edge died", told);
      }
      return SWEEP_PACE;
    };
  }

  private static ScheduledExecutorService follow(Node node) {
    DirectoryFeed feed =
        new DirectoryFeed(
            new EntityViews(node.stores().journal(), node.codecs().sealed()), node.directory());
    int unused = feed.step();
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("directory").factory());
    var unusedTask =
        executor.scheduleWithFixedDelay(
            () -> {
              try {
                int unusedCount = feed.step();
              } catch (RuntimeException e) {
                LOG.error("the directory cannot be kept up", e);
              }
            },
            DIRECTORY_MILLIS,
            DIRECTORY_MILLIS,
            TimeUnit.MILLISECONDS);
    return executor;
  }

  @Override
  public void close() {
    directory.shutdownNow();
  }
}
