package io.tandem.persistence.audit;

import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens stored snapshots; the host that writes them knows their form. */
public interface SnapshotReader {

  /**
   * What a snapshot says.
   *
   * @param state of the noun
   * @param sequence of the last event it is after
   * @param lastHash of that event
   * @param nextDue the deadline that event set
   * @param window the remembered commands, oldest first
   */
  record Snapshot(
      Record state,
      long sequence,
      Hash lastHash,
      @Nullable Instant nextDue,
      Map<String, CommandDigest> window) {}

  /**
   * Opens one.
   *
   * @throws JournalException UNREADABLE, UNKNOWN_TYPE, UNKNOWN_KEY, UNAVAILABLE
   */
  Snapshot read(String manifest, byte[] payload);

  /** For how long a command is remembered. */
  Duration window();
}
