package io.tandem.node.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.ParkedEvents;
import io.tandem.persistence.readmodel.Projector;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches how one reader of the feed keeps up, and tells when it does not: seconds since it last
 * reached the end, seconds for which an open transaction holds the feed back, entities that are
 * parked.
 *
 * <p>Alarms: {@code tandem_feed_lag_seconds} above the threshold (also as a line of the log, once),
 * {@code tandem_feed_held_back_seconds}, {@code tandem_feed_parked} above zero; each with its
 * {@code reader}.
 */
public final class FeedWatch implements FeedFollower.Watch, Projector.Trouble {

  private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);
  private static final Duration STALL = Duration.ofSeconds(1);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  private final String reader;
  private final Supplier<Optional<Duration>> heldBack;
  private final ParkedEvents parked;
  private final Duration alarmAfter;
  private final InstantSource clock;
  private final AtomicLong caughtUpMillis;
  private final AtomicLong heldBackMillis = new AtomicLong();
  private final AtomicLong parkedCount = new AtomicLong();
  private final Counter parkedEvents;
  private long lookedMillis;
  private boolean alarmed;

  /**
   * @param reader whom it watches
   * @param heldBack how long the feed has been held back, see {@link JournalFeed#heldBack}
   * @param alarmAfter a lag of more than this is an alarm
   */
  public FeedWatch(
      String reader,
      Supplier<Optional<Duration>> heldBack,
      ParkedEvents parked,
      Duration alarmAfter,
      InstantSource clock,
      MeterRegistry meters) {
    this.reader = reader;
    this.heldBack = heldBack;
    this.parked = parked;
    this.alarmAfter = alarmAfter;
    this.clock = clock;
    this.caughtUpMillis = new AtomicLong(clock.millis());
    this.parkedEvents = meters.counter("tandem.feed.parked.events", "reader", reader);
    Gauge lag =
        Gauge.builder("tandem.feed.lag.seconds", () -> lag().toSeconds())
            .tag("reader", reader)
            .register(meters);
    Gauge held =
        Gauge.builder("tandem.feed.held.back.seconds", () -> heldBackMillis.get() / 1_000)
            .tag("reader", reader)
            .register(meters);
    Gauge waiting =
        Gauge.builder("tandem.feed.parked", parkedCount::get)
            .tag("reader", reader)
            .register(meters);
    LOG.debug("{}, {} and {} are shown", lag.getId(), held.getId(), waiting.getId());
  }

  /**
   * Since when the reader has not been at the end of the journal. The end of a feed that is held
   * back is not that; the short moments of any write are no stall.
   */
  Duration lag() {
    long heldBack = heldBackMillis.get();
    long sinceEnd = clock.millis() - caughtUpMillis.get();
    return Duration.ofMillis(heldBack < STALL.toMillis() ? sinceEnd : Math.max(sinceEnd, heldBack));
  }

  /**
   * The reader has made a step; looks at the rest now and then.
   *
   * @param atEnd whether there was nothing more to read
   */
  @Override
  public void stepped(boolean atEnd) {
    long now = clock.millis();
    if (atEnd) {
      caughtUpMillis.set(now);
    }
    if (now - lookedMillis >= LOOK_EVERY.toMillis()) {
      lookedMillis = now;
      parkedCount.set(parked.count(reader));
      heldBackMillis.set(heldBack.get().orElse(Duration.ZERO).toMillis());
      boolean late =
          lag().compareTo(alarmAfter) > 0 || heldBackMillis.get() > alarmAfter.toMillis();
      if (late && !alarmed) {
        LOG.error(
            "{} is {} s behind the journal, which an open transaction has held back for {} s",
            reader,
            lag().toSeconds(),
            heldBackMillis.get() / 1_000);
      } else if (alarmed && !late) {
        LOG.info("{} has caught up with the journal", reader);
      }
      alarmed = late;
    }
  }

  /** An event was parked: its place is told, nothing that it says. */
  @Override
  public void unreadable(JournalRow row, JournalException why) {
    parkedEvents.increment();
    String entity = row.persistenceId();
    LOG.error(
        "{} parked #{} of a {} at {},{}: {}; see: tandem audit parked",
        reader,
        row.sequence(),
        entity.substring(0, Math.max(0, entity.indexOf('|'))),
        row.position().txid(),
        row.position().ordering(),
        why.fault());
  }
}
