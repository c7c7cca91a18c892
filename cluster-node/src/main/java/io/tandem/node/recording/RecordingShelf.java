package io.tandem.node.recording;

import io.tandem.persistence.call.RecordingPlace;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.keys.DataKey;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.protocol.media.record.OggOpus;
import io.tandem.protocol.media.record.Recording;
import io.tandem.protocol.media.record.SealedReader;
import io.tandem.protocol.media.record.StereoRecording;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Recordings, a folder a month, each sealed with AES-256-GCM under a key of the caller's (PRV-1,
 * PRV-5): to destroy the key is to erase the recording. Waits for disk, keys and a store: never on
 * a loop.
 */
public final class RecordingShelf implements AutoCloseable {
  private static final String SEALED = ".sealed";

  private final RecordingFiles files;
  private final Format format;
  private final String node;
  private final KeyStore keys;
  private final InstantSource clock;

  /** What a recording is, sealed or opened. */
  public enum Format {
    WAV("wav", "audio/wav"),
    /** Ogg/Opus (RFC 7845). */
    OPUS("opus", "audio/ogg");

    private final String ending;
    private final String mediaType;

    Format(String ending, String mediaType) {
      this.ending = ending;
      this.mediaType = mediaType;
    }

    /** What HTTP calls it. */
    public String mediaType() {
      return mediaType;
    }

    static Format of(String file) {
      return file.endsWith("." + OPUS.ending + SEALED) ? OPUS : WAV;
    }
  }

  /**
   * @param format of what is recorded from now on
   * @param node whose recordings are written
   */
  public RecordingShelf(
      RecordingFiles files, Format format, String node, KeyStore keys, InstantSource clock) {
    this.files = files;
    this.format = format;
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
     * Its sound, stereo, read from the disk piece by piece as it is taken; to be closed by who has
     * it. Ends with {@link SealedReader.Forged} where it is not authentic.
     *
     * @param octets how many there are, empty where that is seen at their end only
     * @param complete false while the call goes on, and where its node died
     */
    record Read(InputStream sound, OptionalLong octets, Format format, boolean complete)
        implements Reading, AutoCloseable {
      /**
       * As Ogg/Opus, made as it is read where this is a WAV; one of the two is to be closed.
       *
       * @throws IOException when there is no sound, or it cannot be read; this is closed then
       */
      public Read asOpus() throws IOException {
        return format == Format.OPUS
            ? this
            : new Read(OggOpus.of(sound), OptionalLong.empty(), Format.OPUS, complete);
      }

      @Override
      public void close() throws IOException {
        sound.close();
      }
    }

    /** Its key was destroyed (PRV-1). */
    record Erased() implements Reading {}

    /** It is not in this node's directory, nor in a store that all have. */
    record Elsewhere(String node) implements Reading {}

    /** The disk, the store or the keys cannot give it. */
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
      keys.flush(); // no event tells whose it is: an erasure finds it in the key store alone
      String file = month + "/" + callId + "." + format.ending + SEALED;
      Path path = files.begin(file);
      return new Opening.Opened(
          format == Format.OPUS
              ? StereoRecording.sealedOpus(path, rateHz, key.key())
              : StereoRecording.sealed(path, rateHz, key.key()),
          new RecordingPlace(node, file, key.id().toString()));
    } catch (IOException | JournalException failed) {
      return new Opening.Refused(failed.toString());
    }
  }

  /**
   * A recording is whole: hands it on where it is to go.
   *
   * @return what went wrong, empty when nothing did; what is on the disk is kept then
   */
  public String finished(RecordingPlace place) {
    try {
      files.finished(place.file());
      return "";
    } catch (IOException failed) {
      return failed.toString();
    }
  }

  /** Reads a recording, also one that is still being written. */
  public Reading read(RecordingPlace place) {
    try {
      return files
          .read(place.file(), file -> opened(place, file))
          .orElse(new Reading.Elsewhere(place.node()));
    } catch (IOException | JournalException | IllegalArgumentException failed) {
      return new Reading.Unreadable(failed.toString());
    }
  }

  private Reading opened(RecordingPlace place, Path file) throws IOException {
    Optional<DataKey> key = keys.find(KeyId.parse(place.keyId()));
    if (key.isEmpty()) {
      return new Reading.Erased();
    }
    SealedReader sound = SealedReader.open(file, key.get().key());
    return new Reading.Read(
        sound, OptionalLong.of(sound.octets()), Format.of(place.file()), sound.complete());
  }

  /** Nothing is recorded any more; what waits for a store is kept for the next start. */
  @Override
  public void close() {
    files.close();
  }
}
