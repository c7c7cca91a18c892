package io.tandem.ops.bench;

import io.tandem.ops.bench.ClosedLoop.Measured;
import io.tandem.persistence.database.DatabaseSettings;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The peer of the journal: what plain JDBC stores when it does nothing else. Threads with a
 * connection each insert made-up rows of the same size into the journal's own table, an array a
 * column, two hundred rows a transaction.
 */
final class BareArrays {

  private static final int BATCH_ROWS = 200;
  private static final int WAITING_MAX = 100_000;
  private static final Due END = new Due(-1, new CompletableFuture<>());

  /** A row that is wanted; the last of all has no number. */
  private record Due(long number, CompletableFuture<Boolean> stored) {
    boolean isEnd() {
      return number < 0;
    }
  }

  private static final String INSERT =
      """
      insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      select p, n, 'bare', 0, '', 0, 'bare', b from unnest(?::text[], ?::bigint[], ?::bytea[]) as r(p, n, b)\
      """;

  private final DatabaseSettings settings;
  private final int eventBytes;
  private final AtomicLong stored = new AtomicLong();
  private final AtomicLong measured = new AtomicLong();
  private final List<Long> micros = new ArrayList<>();

  BareArrays(DatabaseSettings settings, int eventBytes) {
    this.settings = settings;
    this.eventBytes = eventBytes;
  }

  /**
   * The same at a given rate, each row timed from the moment at which it was due: what the server
   * and its disk make of such a load when nothing stands before them. A connection that is free
   * takes all that is due, two hundred at most.
   *
   * @throws IllegalStateException when it does not keep up
   */
  Measured runAt(int perSecond, int connections, int warmUpSeconds, int measureSeconds) {
    BlockingQueue<Due> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int writer = i;
      writers.add(
          CompletableFuture.runAsync(
              () -> writeDue(writer, waiting), task -> Thread.ofPlatform().start(task)));
    }
    Measured all =
        OpenLoop.run(
            perSecond,
            warmUpSeconds,
            measureSeconds,
            (client, number) -> {
              Due due = new Due(number, new CompletableFuture<>());
              if (!waiting.offer(due)) {
                due.stored().completeExceptionally(new IllegalStateException("it fell behind"));
              }
              return due.stored();
            });
    for (int i = 0; i < connections; i++) {
      waiting.add(END);
    }
    writers.forEach(CompletableFuture::join);
    return all;
  }

  private void writeDue(int writer, BlockingQueue<Due> waiting) {
    List<Due> taken = new ArrayList<>(BATCH_ROWS);
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      byte[] payload = new byte[eventBytes];
      RandomGenerator.getDefault().nextBytes(payload);
      while (take(waiting, taken)) {
        String[] names = new String[taken.size()];
        Arrays.setAll(names, i -> "even|" + writer + "-" + taken.get(i).number());
        Long[] positions = new Long[names.length];
        Arrays.fill(positions, 1L);
        byte[][] payloads = new byte[names.length][];
        Arrays.fill(payloads, payload);
        insert.setArray(1, connection.createArrayOf("text", names));
        insert.setArray(2, connection.createArrayOf("int8", positions));
        insert.setArray(3, connection.createArrayOf("bytea", payloads));
        insert.executeUpdate();
        taken.forEach(due -> due.stored().complete(true));
      }
    } catch (SQLException e) {
      // nobody is left to wait for an answer that does not come
      do {
        taken.forEach(due -> due.stored().completeExceptionally(e));
      } while (take(waiting, taken));
      throw new IllegalStateException(e);
    }
  }

  /** Waits for what is due and takes it all, a batch at most; false at the end. */
  private static boolean take(BlockingQueue<Due> waiting, List<Due> taken) {
    taken.clear();
    try {
      taken.add(waiting.take());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    waiting.drainTo(taken, BATCH_ROWS - 1);
    while (taken.size() > 1 && taken.getLast().isEnd()) {
      waiting.add(taken.removeLast());
    }
    return !taken.getFirst().isEnd();
  }

  /** Runs so many connections; the times are of whole transactions. */
  Measured run(int connections, int warmUpSeconds, int measureSeconds) {
    long from = System.nanoTime() + warmUpSeconds * 1_000_000_000L;
    long end = from + measureSeconds * 1_000_000_000L;
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      int writer = i;
      writers.add(
          CompletableFuture.runAsync(
              () -> write(writer, from, end), task -> Thread.ofPlatform().start(task)));
    }
    ClosedLoop.parkUntil(from);
    Duration before = CpuSpent.now();
    ClosedLoop.parkUntil(end);
    Duration cpu = CpuSpent.now().minus(before);
    writers.forEach(CompletableFuture::join);
    long[] times = micros.stream().mapToLong(Long::longValue).sorted().toArray();
    long count = Math.max(1, measured.get());
    return new Measured(
        measured.get(),
        stored.get(),
        measured.get() / measureSeconds,
        times[times.length / 2],
        times[(int) (times.length * 99L / 100)],
        cpu.toNanos() / 1_000 / count);
  }

  private void write(int writer, long from, long end) {
    byte[][] payloads = new byte[BATCH_ROWS][eventBytes];
    for (byte[] each : payloads) {
      RandomGenerator.getDefault().nextBytes(each);
    }
    String[] names = new String[BATCH_ROWS];
    Arrays.setAll(names, i -> "bare|" + writer + "-" + i);
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (long round = 1; System.nanoTime() < end; round++) {
        long begun = System.nanoTime();
        Long[] positions = new Long[BATCH_ROWS];
        Arrays.fill(positions, round);
        Array payload = connection.createArrayOf("bytea", payloads);
        insert.setArray(1, connection.createArrayOf("text", names));
        insert.setArray(2, connection.createArrayOf("int8", positions));
        insert.setArray(3, payload);
        stored.addAndGet(insert.executeUpdate());
        long now = System.nanoTime();
        if (now >= from && now < end) {
          measured.addAndGet(BATCH_ROWS);
          synchronized (micros) {
            micros.add((now - begun) / 1_000);
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
