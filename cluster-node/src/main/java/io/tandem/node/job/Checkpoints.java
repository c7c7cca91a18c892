package io.tandem.node.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.AnchorException;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.SignedCheckpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs what is new in the journal and tells it to the anchors (AUD-2). A place that cannot be
 * reached is told later, and holds nobody else up. Where one knows of more than the database has,
 * nothing is signed until somebody has looked: the database is an older copy.
 *
 * <p>Alarms: {@code tandem_checkpoint_age_seconds} (of the last look at the journal), {@code
 * tandem_anchor_failures_total}, {@code tandem_checkpoint_refused_total}.
 */
public final class Checkpoints implements Daemon.Work {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Duration AGAIN = Duration.ofMillis(50);

  private final CheckpointMaker maker;
  private final List<Anchor> anchors;
  private final Duration every;
  private final InstantSource clock;
  private final AtomicLong lookedAtMillis;
  private final AtomicLong number = new AtomicLong();
  private final Counter failures;
  private final Counter refused;

  /**
   * @param every between two looks at the journal
   */
  public Checkpoints(
      CheckpointMaker maker,
      List<Anchor> anchors,
      Duration every,
      InstantSource clock,
      MeterRegistry meters) {
    this.maker = maker;
    this.anchors = List.copyOf(anchors);
    this.every = every;
    this.clock = clock;
    this.lookedAtMillis = new AtomicLong(clock.millis());
    this.failures = meters.counter("tandem.anchor.failures");
    this.refused = meters.counter("tandem.checkpoint.refused");
    Gauge age =
        Gauge.builder(
                "tandem.checkpoint.age.seconds",
                () -> (clock.millis() - lookedAtMillis.get()) / 1_000)
            .register(meters);
    Gauge newest = Gauge.builder("tandem.checkpoint.number", number::get).register(meters);
    LOG.debug("{} and {} are shown", age.getId(), newest.getId());
  }

  @Override
  public Duration step() {
    if (!tell()) {
      refused.increment();
      return every;
    }
    Instant before = clock.instant();
    Optional<SignedCheckpoint> made = maker.make();
    lookedAtMillis.set(before.toEpochMilli());
    made.ifPresent(each -> number.set(each.number()));
    boolean more = made.filter(each -> maker.isFull(each)).isPresent();
    if (made.isPresent()) {
      boolean unused = tell();
    }
    return more ? AGAIN : every;
  }

  /** Tells the anchors what they lack; false where one knows more than the database. */
  private boolean tell() {
    boolean sound = true;
    for (Anchor anchor : anchors) {
      try {
        while (maker.anchor(anchor) > 0) {
          // until it has all
        }
      } catch (AnchorException e) {
        failures.increment();
        sound &= !e.isAhead();
        LOG.warn("checkpoints are not told to {}: {}", anchor.name(), e.getMessage());
      }
    }
    if (!sound) {
      LOG.error(
          "nothing more is signed: the database is older than what was said of it outside;"
              + " see the guide to proofs, \"After a restore\"");
    }
    return sound;
  }
}
