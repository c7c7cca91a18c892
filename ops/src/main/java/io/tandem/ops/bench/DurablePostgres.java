package io.tandem.ops.bench;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.List;

/**
 * A PostgreSQL of its own for a benchmark, whose commits are on disk, with the journal's schema.
 */
final class DurablePostgres implements AutoCloseable {

  /** Files of the write-ahead log, 16 MiB each, that are there before anything is measured. */
  private static final int LOG_FILES = 96;

  private final EmbeddedPostgres server;
  private final Database database;

  private DurablePostgres(EmbeddedPostgres server, Database database) {
    this.server = server;
    this.database = database;
  }

  /** Starts it on a free port. */
  static DurablePostgres start() throws IOException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "1GB")
            .setServerConfig("checkpoint_timeout", "30min")
            .setServerConfig("max_wal_size", "8GB")
            .setServerConfig("min_wal_size", "4GB")
            .start();
    try {
      String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
      DatabaseSettings settings = new DatabaseSettings(url, "postgres", "postgres");
      Database database = Database.open(settings, Database.Contents.JOURNAL);
      requireDurable(database);
      ProcessHandle.of(backend(database)).flatMap(ProcessHandle::parent).ifPresent(CpuSpent::count);
      DurablePostgres durable = new DurablePostgres(server, database);
      durable.fillLog();
      return durable;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  /**
   * The embedded server is started with fsync off and told otherwise afterwards: it is asked what
   * holds.
   */
  private static void requireDurable(Database database) {
    for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
      String found =
          database.run(
              connection -> {
                try (var statement = connection.createStatement();
                    var row = statement.executeQuery("show " + setting)) {
                  row.next();
                  return row.getString(1);
                }
              });
      if (!"on".equals(found)) {
        throw new IllegalStateException(setting + " is " + found + ": nothing to measure");
      }
    }
  }

  private static long backend(Database database) {
    return database.run(
        connection -> {
          try (var statement = connection.createStatement();
              var row = statement.executeQuery("select pg_backend_pid()")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  DatabaseSettings settings() {
    return database.settings();
  }

  /**
   * Writes as many files of the log as a server that has run for a while keeps, and makes them the
   * past: they are used again from now on. A new server makes each anew while commits wait, 16 MiB
   * of zeros, which stalls all of them for 50 ms several times a second.
   */
  private void fillLog() {
    for (int file = 0; file < LOG_FILES; file++) {
      execute("select pg_logical_emit_message(false, 'bench', 'a file'), pg_switch_wal()");
    }
    checkpoint();
  }

  /** Makes what was written so far the past: the files of its log are used again from now on. */
  void checkpoint() {
    execute("checkpoint");
  }

  private void execute(String sql) {
    boolean unused =
        database.<Boolean>run(
            connection -> {
              try (var statement = connection.createStatement()) {
                return statement.execute(sql);
              }
            });
  }

  /** Events stored of the entities whose name in the journal begins so. */
  long stored(String prefix) {
    return database.run(
        connection -> {
          try (var count =
              connection.prepareStatement(
                  "select count(*) from event_journal where starts_with(persistence_id, ?)")) {
            count.setString(1, prefix);
            try (var row = count.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  /** How long the stored events are on average; a usual length where there are none. */
  int averageEventBytes() {
    return database.run(
        connection -> {
          try (var statement = connection.createStatement();
              var row =
                  statement.executeQuery(
                      "select coalesce(avg(length(event_payload)), 300)::int from (select"
                          + " event_payload from event_journal limit 1000) e")) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  /** Transactions that stored events of one entity. */
  long writes(String persistenceId) {
    return database.run(
        connection -> {
          try (var count =
              connection.prepareStatement(
                  "select count(distinct txid::text) from event_journal where persistence_id ="
                      + " ?")) {
            count.setString(1, persistenceId);
            try (var row = count.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  @Override
  public void close() throws IOException {
    database.close();
    server.close();
  }
}
