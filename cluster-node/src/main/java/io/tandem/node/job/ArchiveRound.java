package io.tandem.node.job;

import io.tandem.persistence.archive.ArchiveNote;
import io.tandem.persistence.archive.Archiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls that have been over for long enough leave the journal for a file, once a day (AUD-7). */
public final class ArchiveRound implements Daemon.Work {
  private static final Logger LOG = LoggerFactory.getLogger(ArchiveRound.class);
  private static final Duration PACE = Duration.ofDays(1);

  /** One file takes so many calls at most: what is left over goes to the next. */
  private static final Duration PACE_WHILE_ANY = Duration.ofMinutes(1);

  private final Archiver archiver;
  private final Path directory;
  private final Duration after;
  private final InstantSource clock;

  /**
   * @param after a call's last event is older than that when it goes
   */
  public ArchiveRound(Archiver archiver, Path directory, Duration after, InstantSource clock) {
    this.archiver = archiver;
    this.directory = directory;
    this.after = after;
    this.clock = clock;
  }

  @Override
  public Duration step() {
    Instant now = clock.instant();
    Optional<ArchiveNote> made = archiver.archive(directory, now.minus(after), now, looked -> {});
    made.ifPresent(
        note ->
            LOG.info(
                "{} calls with {} events went to archive {}",
                note.entities(),
                note.events(),
                note.number()));
    return made.isPresent() ? PACE_WHILE_ANY : PACE;
  }
}
