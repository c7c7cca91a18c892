package io.tandem.protocol.media.store;

import java.nio.file.Path;

/**
 * Keeps finished recordings by name. Every method may wait for a disk or a network; none throws for
 * what these do. Again with the same name and the same octets: the same.
 */
public interface RecordingStore {
  /** What keeping, fetching or removing comes to. */
  sealed interface Outcome {
    /** Done. */
    record Done() implements Outcome {}

    /** There is nothing of that name. */
    record Missing() implements Outcome {}

    /**
     * It was not done.
     *
     * @param reason for logs; no keys and no names of persons in it
     * @param retry whether it may go well later: the network, a full disk, a busy service; false
     *     for what only a change of the settings mends
     */
    record Failed(String reason, boolean retry) implements Outcome {}
  }

  /** Keeps a file's octets under a name; the file stays. Done means that they outlive a crash. */
  Outcome keep(RecordingName name, Path file);

  /** Writes what is kept under a name to a file that is not there yet. */
  Outcome fetch(RecordingName name, Path file);

  /** Forgets it, for good; done also when there was nothing. */
  Outcome remove(RecordingName name);
}
