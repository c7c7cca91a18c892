package io.tandem.persistence.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a role of PostgreSQL is to be allowed for a tool that writes. Looked at before it begins:
 * one that is refused half way would leave a file, or a table, behind. On H2 who can open the file
 * may do all.
 */
public final class Rights {
  private static final String READ_MODELS =
      "due_index entity_view call_index dispute_index security_event";

  /** For a record beside the journal. */
  public static final Rights REPAIR = new Rights().also("insert", "supersession");

  /** For calls to leave for a file. */
  public static final Rights ARCHIVE =
      new Rights()
          .also("insert", "archive archived_entity")
          .also("delete", "event_journal snapshot");

  /** For read models to catch up with an entity. */
  public static final Rights RETRY =
      new Rights()
          .also("insert", READ_MODELS + " parked_event")
          .also("update", READ_MODELS + " parked_event feed_position")
          .also("delete", READ_MODELS + " parked_event");

  /** For read models' tables in the place of others. */
  public static final Rights REBUILD =
      new Rights()
          .also("own", READ_MODELS)
          .also("insert", "feed_position parked_event")
          .also("update", "feed_position parked_event")
          .also("delete", "feed_position parked_event");

  /** Insufficient privilege, by the list of codes in PostgreSQL's manual. */
  private static final String DENIED = "42501";

  /** A transaction that may only read. */
  private static final String READ_ONLY = "25006";

  /** To do something to a table; {@code own} is to be, or to act for, its owner. */
  private record Need(String verb, String table) {}

  private final List<Need> needs = new ArrayList<>();

  private Rights() {}

  private Rights also(String verb, String tables) {
    for (String table : tables.split(" ", -1)) {
      needs.add(new Need(verb, table));
    }
    return this;
  }

  /**
   * What the role of a database lacks, in words that go on after its name; empty where it has all.
   *
   * @throws io.tandem.persistence.journal.JournalException UNAVAILABLE
   */
  public Optional<String> missing(Database database) {
    return database.dialect() == Dialect.POSTGRESQL
        ? database.run(this::missing)
        : Optional.empty();
  }

  private Optional<String> missing(Connection connection) throws SQLException {
    List<String> lacks = new ArrayList<>();
    for (Need need : needs) {
      if (!has(connection, need)) {
        lacks.add(need.verb() + " " + need.table());
      }
    }
    if (!lacks.isEmpty()) {
      return Optional.of("may not: " + String.join(", ", lacks));
    }
    return Sql.list(
                connection,
                "select current_setting('transaction_read_only')",
                row -> row.getString(1))
            .contains("on")
        ? Optional.of("has read-only transactions (default_transaction_read_only, or a standby)")
        : Optional.empty();
  }

  private static boolean has(Connection connection, Need need) throws SQLException {
    List<Boolean> found =
        need.verb().equals("own")
            ? Sql.list(
                connection,
                "select pg_has_role(relowner, 'USAGE') from pg_class where oid = ?::regclass",
                row -> row.getBoolean(1),
                need.table())
            : Sql.list(
                connection,
                "select has_table_privilege(?, ?)",
                row -> row.getBoolean(1),
                need.table(),
                need.verb());
    return found.contains(true);
  }

  /** What to do where a database refused for want of a right; empty for any other failure. */
  public static Optional<String> advice(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException refused) {
        String state = String.valueOf(refused.getSQLState());
        if (state.equals(DENIED)) {
          return Optional.of(
              "The role lacks a right: to read, it needs select on all tables of the journal and of"
                  + " the keys, also on those made since it was given");
        }
        if (state.equals(READ_ONLY)) {
          return Optional.of("The role may only read here");
        }
      }
    }
    return Optional.empty();
  }
}
