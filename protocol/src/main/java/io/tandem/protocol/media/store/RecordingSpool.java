package io.tandem.protocol.media.store;

import io.tandem.protocol.media.store.RecordingStore.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory of this node's disk that recordings pass through: {@code open/} holds what is being
 * recorded, {@code finished/} what waits for the store, and a file is deleted when the store has
 * it. Opening it finishes what a killed node left open, so nothing that reached the disk is lost; a
 * kill between storing and deleting stores once more, which changes nothing.
 *
 * <p>One process a directory, by a lock that the system gives back when the process dies.
 */
public final class RecordingSpool implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingSpool.class);

  private final Path open;
  private final Path finished;
  private final RecordingStore store;
  private final FileChannel lock;
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final Object bell = new Object();
  private boolean rung;
  private @Nullable Thread worker;

  /** What opening a spool comes to. */
  public sealed interface Opening {
    /**
     * It is ours.
     *
     * @param leftBehind recordings that were open when their process died
     */
    record Opened(RecordingSpool spool, int leftBehind) implements Opening {}

    /** Another process has it, or the disk will not. */
    record Refused(String reason) implements Opening {}
  }

  /**
   * What one pass over the finished files came to.
   *
   * @param stored files the store took; they are gone from here
   * @param waiting files that are still here
   * @param reason of the last failure, empty when there was none
   */
  public record Sweep(int stored, int waiting, String reason) {}

  private RecordingSpool(Path directory, RecordingStore store, FileChannel lock) {
    this.open = directory.resolve("open");
    this.finished = directory.resolve("finished");
    this.store = store;
    this.lock = lock;
  }

  /** Takes the directory, which is made when it is not there, and what lies in it. */
  public static Opening open(Path directory, RecordingStore store) {
    try {
      Files.createDirectories(directory.resolve("open"));
      Files.createDirectories(directory.resolve("finished"));
      FileChannel file =
          FileChannel.open(
              directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(file)) {
        file.close();
        return new Opening.Refused("another process records to " + directory);
      }
      RecordingSpool spool = new RecordingSpool(directory, store, file);
      return new Opening.Opened(spool, spool.takeOver());
    } catch (IOException refused) {
      return new Opening.Refused(directory + ": " + refused);
    }
  }

  /**
   * Where a recording of a spool's directory may be, in the order it passes through, and where
   * those lie that were kept there before it was a spool; for readers beside the spool's process.
   */
  public static List<Path> places(Path directory, RecordingName name) {
    return List.of(
        name.below(directory.resolve("open")),
        name.below(directory.resolve("finished")),
        name.below(directory));
  }

  /** Until the channel is closed, or the process ends in whatever way. */
  private static boolean isLocked(FileChannel file) throws IOException {
    try {
      FileLock own = file.tryLock();
      return own != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  private int takeOver() throws IOException {
    int found = 0;
    for (Path file : filesBelow(open)) {
      if (Files.size(file) == 0) {
        Files.delete(file);
      } else {
        move(RecordingName.of(open, file));
        found++;
      }
    }
    return found;
  }

  /**
   * Where to record this: a file that is not there yet, its directory is.
   *
   * @throws IOException when the directory cannot be made
   */
  public Path begin(RecordingName name) throws IOException {
    Path file = name.below(open);
    Files.createDirectories(file.getParent());
    return file;
  }

  /**
   * The recording that was begun under this name is whole: hands it on.
   *
   * @throws IOException when there is none, or the disk will not
   */
  public void finished(RecordingName name) throws IOException {
    move(name);
    ring();
  }

  private void move(RecordingName name) throws IOException {
    Path to = name.below(finished);
    Files.createDirectories(to.getParent());
    Files.move(name.below(open), to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Offers each finished file to the store once. Waits for it; any thread, one at a time. */
  public synchronized Sweep sweep() throws IOException {
    int taken = 0;
    int waiting = 0;
    String reason = "";
    for (Path file : filesBelow(finished)) {
      switch (store.keep(RecordingName.of(finished, file), file)) {
        case Outcome.Done() -> {
          Files.delete(file);
          stored.incrementAndGet();
          taken++;
        }
        case Outcome.Failed(String why, boolean retry) -> {
          failures.incrementAndGet();
          reason = retry ? why : why + " (will not mend itself)";
          waiting++;
        }
        case Outcome.Missing() -> waiting++;
      }
    }
    return new Sweep(taken, waiting, reason);
  }

  private static List<Path> filesBelow(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /**
   * Sweeps on a thread of its own from now on: when something is finished, and every so often for
   * what the store did not take.
   */
  public synchronized void keepUp(Duration every) {
    if (worker == null) {
      worker = Thread.ofVirtual().name("recording-spool").start(() -> work(every));
      ring();
    }
  }

  private void work(Duration every) {
    try {
      while (true) {
        synchronized (bell) {
          if (!rung) {
            bell.wait(every.toMillis());
          }
          rung = false;
        }
        try {
          Sweep sweep = sweep();
          if (sweep.waiting() > 0) {
            LOG.warn("{} recordings wait for their store: {}", sweep.waiting(), sweep.reason());
          }
        } catch (IOException | RuntimeException broken) {
          // whatever it is, an upload that ends here would be the last one until the next start
          failures.incrementAndGet();
          LOG.warn("the spool of recordings could not be swept", broken);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private void ring() {
    synchronized (bell) {
      rung = true;
      bell.notifyAll();
    }
  }

  /** Recordings the store took since the spool was opened. */
  public long stored() {
    return stored.get();
  }

  /** Times the store or the disk said no since then. */
  public long failures() {
    return failures.get();
  }

  /** Ends the sweeping and gives the directory back; what waits is found by the next one. */
  @Override
  public void close() throws IOException {
    Thread sweeping = worker;
    if (sweeping != null) {
      sweeping.interrupt();
      try {
        sweeping.join();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }
    lock.close();
  }
}
