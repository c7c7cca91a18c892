package io.tandem.persistence.audit;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.readmodel.JournalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the parts of a journal in PostgreSQL, several at once: each by a COPY of a short
 * transaction, in binary, so that memory does not grow with the journal.
 */
final class PartReader {

  private static final String SELECT =
      "select \"persistence_id\", \"sequence_number\", \"event_payload\", \"writer\" from"
          + " \"event_journal\""
          + " where not \"deleted\" and ";

  /** A part's rows are to come from the first on, not after all of them were sorted. */
  private static final String IN_ORDER =
      "set local enable_sort = off; set local enable_bitmapscan = off;"
          + " set local enable_seqscan = off; set local jit = off";

  private final Database database;

  PartReader(Database database) {
    this.database = database;
  }

  /**
   * Gives all rows of some parts to takers, each of which works on one thread and takes one part
   * after the other.
   *
   * @param event such as {@code wallet.captured}, in whatever version; empty for all
   * @return the takers
   */
  <T extends Consumer<JournalRow>> List<T> read(
      List<JournalPart> parts, String event, Supplier<T> takers) {
    Queue<JournalPart> waiting = new ConcurrentLinkedQueue<>(parts);
    List<T> all = new ArrayList<>();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int i = 0; i < Math.min(workers(), parts.size()); i++) {
      T taker = takers.get();
      all.add(taker);
      running.add(
          CompletableFuture.runAsync(
              () -> drain(waiting, event, taker), task -> Thread.ofPlatform().start(task)));
    }
    JournalReader.arrived(
        CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0]))
            .thenApply(done -> true));
    return all;
  }

  /**
   * One more than there are processors, as one mostly waits for the database; and no more than half
   * of the connections, where a node has other uses for them.
   */
  private int workers() {
    return Math.min(
        Math.max(1, database.settings().connections() / 2),
        Runtime.getRuntime().availableProcessors() + 1);
  }

  private void drain(Queue<JournalPart> waiting, String event, Consumer<JournalRow> taker) {
    boolean done = false;
    try {
      for (JournalPart part = waiting.poll(); part != null; part = waiting.poll()) {
        stream(part, event, taker);
      }
      done = true;
    } finally {
      if (!done) {
        waiting.clear(); // the others need not go on
      }
    }
  }

  private void stream(JournalPart part, String event, Consumer<JournalRow> taker) {
    List<String> parameters = new ArrayList<>(part.parameters());
    String filter = "";
    if (!event.isEmpty()) {
      filter = " and \"event_ser_manifest\" like ?";
      parameters.add(event + "/%");
    }
    if (part.order().isEmpty() && !part.prefix().isEmpty()) {
      filter += " and starts_with(\"persistence_id\", ?)";
      parameters.add(part.prefix());
    }
    String sql = SELECT + part.condition() + filter + part.order();
    boolean unused =
        database.inTransaction(
            connection -> {
              if (!part.order().isEmpty()) {
                Sql.execute(connection, IN_ORDER);
              }
              CopiedRows.read(
                  connection,
                  sql,
                  parameters,
                  row -> {
                    if (row.persistenceId().startsWith(part.prefix())) {
                      taker.accept(row);
                    }
                  });
              return true;
            });
  }
}
