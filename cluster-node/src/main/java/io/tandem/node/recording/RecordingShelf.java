package io.tandem.node.recording;

import io.tandem.persistence.call.RecordingPlace;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.keys.DataKey;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.SealedStore;
import io.tandem.protocol.media.record.StereoRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Recordings in a directory, a folder a month, each sealed with AES-256-GCM under a key of the
 * caller's (PRV-1, PRV-5): to destroy the key is to erase the recording. Waits for disk and keys:
 * never on a loop.
 */
public final class RecordingShelf {
  /** The largest file that is read at once. */
  private static final long OCTETS_MAX = 512L << 20;

  private final Path directory;
  private final String node;
  private final KeyStore keys;
  private final InstantSource clock;

  /**
   * @param directory of all recordings; nodes may share one
   * @param node whose recordings are written
   */
  public RecordingShelf(Path directory, String node, KeyStore keys, InstantSource clock) {
    this.directory = directory.toAbsolutePath().normalize();
    this.node = node;
    this.keys = keys;
    this.clock = clock;
  }

  /** What opening a recording comes to. */
  public sealed interface Opening {
    /** It is being written. */
    record Opened(Recording recording, RecordingPlace place) implements Opening {}

    /** It cannot be. */
    record Refused(String reason) implements Opening {}
  }

  /** What reading one comes to. */
  public sealed interface Reading {
    /**
     * A stereo WAV.
     *
     * @param complete false while the call goes on, after its node died, and after tampering: what
     *     is there then is what was authentic up to its end
     */
    record Read(byte[] wav, boolean complete) implements Reading {}

    /** Its key was destroyed (PRV-1). */
    record Erased() implements Reading {}

    /** It is not in this node's directory. */
    record Elsewhere(String node) implements Reading {}

    /** The disk or the key store cannot give it. */
    record Unreadable(String reason) implements Reading {}
  }

  /**
   * Begins a recording.
   *
   * @param subject whose voice it is; the key is this person's
   * @param rateHz of both channels
   */
  public Opening open(String callId, String subject, int rateHz) {
    String month = YearMonth.from(clock.instant().atZone(ZoneOffset.UTC)).toString();
    try {
      DataKey key = keys.keyFor(subject, DataClass.CONTENT, month);
      String file = month + "/" + callId + ".wav.sealed";
      Path path = directory.resolve(file);
      Files.createDirectories(path.getParent());
      return new Opening.Opened(
          StereoRecording.sealed(path, rateHz, key.key()),
          new RecordingPlace(node, file, key.id().toString()));
    } catch (IOException | JournalException failed) {
      return new Opening.Refused(failed.toString());
    }
  }

  /** Reads a recording, also one that is still being written. */
  public Reading read(RecordingPlace place) {
    Path path = directory.resolve(place.file()).normalize();
    if (!path.startsWith(directory) || !Files.isRegularFile(path)) {
      return new Reading.Elsewhere(place.node());
    }
    try {
      Optional<DataKey> key = keys.find(KeyId.parse(place.keyId()));
      if (key.isEmpty()) {
        return new Reading.Erased();
      }
      if (Files.size(path) > OCTETS_MAX) {
        return new Reading.Unreadable("larger than " + OCTETS_MAX + " octets");
      }
      SealedStore.Content content = SealedStore.open(path, key.get().key());
      return new Reading.Read(content.octets(), content.complete());
    } catch (IOException | JournalException | IllegalArgumentException failed) {
      return new Reading.Unreadable(failed.toString());
    }
  }
}
