package io.tandem.ops.bench.audit;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.Envelope;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;

/** Fills a journal on PostgreSQL with many events a statement, as arrays. For one thread. */
final class BulkWriter implements AutoCloseable {
  private static final int ROWS = 2_000;

  private static final String INSERT =
      """
      insert into event_journal (persistence_id, sequence_number, deleted, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      select id, number, false, 'bench', 0, '', 7301, manifest, payload
      from unnest(?::varchar[], ?::bigint[], ?::varchar[], ?::bytea[]) as r(id, number, manifest, payload)\
      """;

  private final Database database;
  private final List<Envelope> waiting = new ArrayList<>(ROWS);
  private long written;

  BulkWriter(Database database) {
    this.database = database;
  }

  void write(Envelope event) {
    waiting.add(event);
    if (waiting.size() == ROWS) {
      flush();
    }
  }

  /** Events so far. */
  long written() {
    return written + waiting.size();
  }

  private void flush() {
    int inserted = database.run(this::insert);
    if (inserted != waiting.size()) {
      throw new IllegalStateException("stored " + inserted + " of " + waiting.size());
    }
    written += inserted;
    waiting.clear();
  }

  private int insert(Connection connection) throws java.sql.SQLException {
    Array ids =
        connection.createArrayOf(
            "varchar", waiting.stream().map(Envelope::persistenceId).toArray(String[]::new));
    Array numbers =
        connection.createArrayOf(
            "bigint", waiting.stream().map(Envelope::sequence).toArray(Long[]::new));
    Array manifests =
        connection.createArrayOf(
            "varchar",
            waiting.stream().map(e -> e.header().event().toString()).toArray(String[]::new));
    Array payloads =
        connection.createArrayOf(
            "bytea", waiting.stream().map(Envelope::bytes).toArray(byte[][]::new));
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setArray(1, ids);
      insert.setArray(2, numbers);
      insert.setArray(3, manifests);
      insert.setArray(4, payloads);
      return insert.executeUpdate();
    }
  }

  @Override
  public void close() {
    if (!waiting.isEmpty()) {
      flush();
    }
  }
}
