package io.tandem.node.http;

import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.privacy.ErasureLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accounts' data as files (PRV-3), a folder each in this node's directory. They hold data about
 * persons in the clear, so they go after a day, and at once when anybody was erased since they were
 * begun (PRV-2): who wants one asks again.
 */
public final class Exports implements AutoCloseable {
  /** For how long a file can be fetched. */
  public static final Duration KEPT = Duration.ofHours(24);

  private static final Logger LOG = LoggerFactory.getLogger(Exports.class);
  private static final Duration SWEEP = Duration.ofSeconds(30);
  private static final String FILE = "archive.zip";
  private static final String UNFINISHED = "archive.part";
  private static final String ABOUT = "about";

  /** Writes an archive. */
  @FunctionalInterface
  public interface Writer {
    /** All of it, into a file that is not there yet. */
    void write(Path file) throws IOException;
  }

  /** How an export stands. */
  public sealed interface Standing {
    /** It is being written. */
    record Running() implements Standing {}

    /**
     * It can be fetched.
     *
     * @param until when it goes
     */
    record Ready(Path file, long octets, Instant until) implements Standing {}

    /** It was broken off; the log says why. */
    record Failed() implements Standing {}
  }

  /**
   * @param erasures the number of the newest erasure when it was begun
   */
  private record About(String accountId, long erasures) {
    String text() {
      return erasures + " " + accountId;
    }

    static About of(String text) {
      int space = text.indexOf(' ');
      return new About(text.substring(space + 1), Long.parseLong(text.substring(0, space)));
    }
  }

  private final Path directory;
  private final ErasureLog erasures;
  private final InstantSource clock;
  private final ExecutorService blocking;
  private final ScheduledExecutorService sweeping =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("exports").factory());
  private final ConcurrentMap<String, Boolean> running = new ConcurrentHashMap<>();

  /**
   * @param directory of all of them; made when it is needed
   */
  public Exports(
      Path directory, ErasureLog erasures, InstantSource clock, ExecutorService blocking) {
    this.directory = directory;
    this.erasures = erasures;
    this.clock = clock;
    this.blocking = blocking;
    var unused =
        sweeping.scheduleWithFixedDelay(
            this::sweepLogged, SWEEP.toMillis(), SWEEP.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Begins one; the same again changes nothing.
   *
   * @return false where another of this account is being written
   */
  public boolean begin(String id, String accountId, Writer writer) {
    if (standing(id, accountId).isPresent()) {
      return true;
    }
    if (running.putIfAbsent(accountId, true) != null) {
      return false;
    }
    Path folder = directory.resolve(id);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(ABOUT), new About(accountId, newestErasure()).text());
    } catch (IOException | RuntimeException e) {
      running.remove(accountId);
      throw e instanceof RuntimeException own ? own : new UncheckedIOException((IOException) e);
    }
    blocking.execute(() -> write(id, accountId, folder, writer));
    return true;
  }

  private void write(String id, String accountId, Path folder, Writer writer) {
    try {
      Path part = folder.resolve(UNFINISHED);
      writer.write(part);
      Files.setLastModifiedTime(part, java.nio.file.attribute.FileTime.from(clock.instant()));
      Path unused = Files.move(part, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException | RuntimeException e) {
      LOG.error("the export {} was broken off", id, e);
    } finally {
      running.remove(accountId);
    }
  }

  /** How one of an account stands; empty where there is none, or it has gone. */
  public Optional<Standing> standing(String id, String accountId) {
    return about(id)
        .filter(about -> about.accountId().equals(accountId))
        .flatMap(about -> standing(id, about));
  }

  /** How one stands whose link was shown. */
  public Optional<Standing> standing(String id) {
    return about(id).flatMap(about -> standing(id, about));
  }

  private Optional<Standing> standing(String id, About about) {
    Path file = directory.resolve(id).resolve(FILE);
    try {
      if (!Files.exists(file)) {
        return Optional.of(
            running.containsKey(about.accountId())
                ? new Standing.Running()
                : Files.exists(file) ? ready(file) : new Standing.Failed());
      }
      if (isOver(file, about)) {
        remove(directory.resolve(id));
        return Optional.empty();
      }
      return Optional.of(ready(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Standing ready(Path file) throws IOException {
    return new Standing.Ready(
        file, Files.size(file), Files.getLastModifiedTime(file).toInstant().plus(KEPT));
  }

  private boolean isOver(Path file, About about) throws IOException {
    return Files.getLastModifiedTime(file).toInstant().plus(KEPT).isBefore(clock.instant())
        || newestErasure() > about.erasures();
  }

  private Optional<About> about(String id) {
    Path file = directory.resolve(id).resolve(ABOUT);
    try {
      return id.matches("exp_[A-Za-z0-9]+") && Files.exists(file)
          ? Optional.of(About.of(Files.readString(file)))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long newestErasure() {
    return erasures.newest();
  }

  private void sweepLogged() {
    try {
      sweep();
    } catch (JournalException | UncheckedIOException e) {
      LOG.warn("exports that are over are still there: {}", e.getMessage());
    }
  }

  /** Takes away what is over, and what was broken off. */
  public void sweep() {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> folders = Files.list(directory)) {
      for (Path folder : folders.toList()) {
        String id = String.valueOf(folder.getFileName());
        Optional<Standing> standing = standing(id);
        boolean old =
            Files.getLastModifiedTime(folder).toInstant().plus(KEPT).isBefore(clock.instant());
        if (Files.exists(folder)
            && (standing.isEmpty() || (standing.get() instanceof Standing.Failed && old))) {
          remove(folder);
        } else if (Files.exists(folder) && standing.get() instanceof Standing.Failed) {
          Files.deleteIfExists(folder.resolve(UNFINISHED));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public void close() {
    List<Runnable> unused = sweeping.shutdownNow();
  }
}
