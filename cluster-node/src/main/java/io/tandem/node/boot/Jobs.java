package io.tandem.node.boot;

import io.tandem.node.boot.Settings.Role;
import io.tandem.node.directory.DirectoryFeed;
import io.tandem.node.job.ArchiveRound;
import io.tandem.node.job.Bell;
import io.tandem.node.job.Checkpoints;
import io.tandem.node.job.Daemon;
import io.tandem.node.job.DueWalker;
import io.tandem.node.job.EdgeSweep;
import io.tandem.node.job.FeedFollower;
import io.tandem.node.job.FeedWatch;
import io.tandem.node.job.GuardedPost;
import io.tandem.node.job.Reconciler;
import io.tandem.node.job.S3Objects;
import io.tandem.node.job.TrailFollower;
import io.tandem.node.job.WebhookBody;
import io.tandem.node.job.WebhookSender;
import io.tandem.node.webhook.PublicAddresses;
import io.tandem.persistence.archive.Archiver;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.privacy.ErasureLog;
import io.tandem.persistence.privacy.Retention;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.persistence.readmodel.EntityViews;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.ParkedEvents;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.SipBindings;
import io.tandem.persistence.webhook.Deliveries;
import io.tandem.persistence.webhook.FanOut;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private static final Duration RETENTION_PACE = Duration.ofDays(1);
  private static final Duration NOTES_PACE = Duration.ofMillis(200);

  /** Read models later than this are an alarm. */
  private static final Duration LAG_ALARM = Duration.ofSeconds(10);

  /** Where the read models are written by another node, this is how late a directory may be. */
  private static final Duration DIRECTORY_PAUSE = Duration.ofMillis(60);

  private static final Duration DIRECTORY_PAUSE_MAX = Duration.ofMillis(160);

  private final Bell projected = new Bell();
  private volatile boolean closed;

  private Jobs() {}

  static Jobs start(Node node) {
    Optional<String> control = Optional.of("control");
    Jobs jobs = new Jobs();
    if (node.settings().has(Role.CONTROL)) {
      Daemon.start(node.system(), "read-models", () -> follower(node, jobs.projected), control);
      Daemon.start(node.system(), "due-index", () -> walker(node), control);
      Daemon.start(node.system(), "edge-sweep", () -> sweep(node), control);
      Daemon.start(node.system(), "reconciliation", () -> reconciler(node), control);
      Daemon.start(node.system(), "retention", () -> retention(node), control);
      node.settings()
          .archive()
          .directory()
          .ifPresent(
              files -> Daemon.start(node.system(), "archive", () -> archive(node, files), control));
      Daemon.start(node.system(), "webhook-notes", () -> fanOut(node), control);
      Daemon.start(node.system(), "webhooks", () -> webhooks(node), control);
      Daemon.start(node.system(), "trails", () -> trails(node), control);
      Daemon.start(node.system(), "checkpoints", () -> checkpoints(node), control);
    }
    jobs.follow(node);
    return jobs;
  }

  private static Daemon.Work follower(Node node, Bell projected) {
    Database journal = node.stores().journal();
    FeedWatch watch =
        new FeedWatch(
            Projector.READER,
            new JournalFeed(journal)::heldBack,
            new ParkedEvents(journal),
            LAG_ALARM,
            node.clock(),
            node.meters());
    return new FeedFollower(
        ReadModels.projector(journal, node.codecs(), watch), node.stored(), projected, watch);
  }

  private static Daemon.Work retention(Node node) {
    Retention retention =
        new Retention(
            node.stores().journal(),
            node.stores().keyDatabase(),
            node.stores().keys(),
            node.settings().privacy().kept(),
            node.settings().privacy().law());
    SipBindings registrations = new SipBindings(node.stores().journal());
    return () -> {
      int expired = registrations.expire(node.parts().wall().instant().minus(Duration.ofDays(1)));
      LOG.debug("{} registrations that expired a day ago are cleared away", expired);
      Retention.Result result = retention.enforce(node.parts().wall().instant());
      if (result.keys() + result.held() > 0) {
        LOG.info(
            "{} keys were kept for long enough and are destroyed; holds or the law keep {} months",
            result.keys(),
            result.held());
      }
      return RETENTION_PACE;
    };
  }

  private static Daemon.Work archive(Node node, Path files) {
    return new ArchiveRound(
        new Archiver(
            node.stores().journal(),
            ReadModels.calls(),
            node.codecs().sealed(),
            node.secrets().signing()),
        files,
        node.settings().archive().after(),
        node.parts().wall());
  }

  private static Daemon.Work fanOut(Node node) {
    FanOut fanOut =
        new FanOut(node.stores().journal(), node.codecs().sealed(), node.parts().wall());
    return () -> fanOut.step() > 0 ? Duration.ZERO : NOTES_PACE;
  }

  private static Daemon.Work webhooks(Node node) {
    Database journal = node.stores().journal();
    return new WebhookSender(
        new Deliveries(journal),
        new EntityViews(journal, node.codecs().sealed()),
        new WebhookBody(new JournalReader(journal), node.codecs().sealed()),
        new GuardedPost(
            node.system(),
            new PublicAddresses(Set.copyOf(node.settings().webhooks().allowedAddresses()))),
        node.parts().wall(),
        node.meters());
  }

  private static Daemon.Work reconciler(Node node) {
    Database journal = node.stores().journal();
    return new Reconciler(
        new Reconciliation(
            journal,
            node.codecs().sealed(),
            ReadModels.projector(journal, node.codecs(), (row, why) -> {})),
        node.clock(),
        node.meters());
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

  private static Daemon.Work trails(Node node) {
    return new TrailFollower(
        new ErasureLog(node.stores().journal()),
        new DisclosureLog(
            node.stores().journal(),
            node.secrets().signing().verifying(),
            node.settings().privacy().officers()),
        node.gateway(),
        node.clock(),
        "node/" + node.incarnation());
  }

  private static Daemon.Work checkpoints(Node node) {
    return new Checkpoints(
        new CheckpointMaker(node.stores().journal(), node.secrets().signing(), node.clock()),
        anchors(node.settings()),
        node.settings().proofs().every(),
        node.clock(),
        node.meters());
  }

  /** The places outside the database that are configured. */
  private static List<Anchor> anchors(Settings settings) {
    return settings.proofs().anchors().stream()
        .map(words -> Anchors.of(words, settings.directory(), S3Objects.FROM_ENVIRONMENT))
        .toList();
  }

  /**
   * The directory is read once before anything else starts, then whenever this node has written the
   * read models, and now and then for when another one has.
   */
  private void follow(Node node) {
    DirectoryFeed feed =
        new DirectoryFeed(
            new EntityViews(node.stores().journal(), node.codecs().sealed()), node.directory());
    int unused = feed.step();
    Thread unusedThread =
        Thread.ofPlatform()
            .daemon()
            .name("directory")
            .start(
                () -> {
                  Duration pause = DIRECTORY_PAUSE;
                  while (!closed) {
                    projected.await(pause);
                    if (!closed) {
                      pause = taken(feed) > 0 ? DIRECTORY_PAUSE : DIRECTORY_PAUSE_MAX;
                    }
                  }
                });
  }

  private static int taken(DirectoryFeed feed) {
    try {
      return feed.step();
    } catch (RuntimeException e) {
      LOG.error("the directory cannot be kept up", e);
      return 0;
    }
  }

  @Override
  public void close() {
    closed = true; // not interrupted: that would close an embedded database's file under everybody
    projected.ring();
  }
}
