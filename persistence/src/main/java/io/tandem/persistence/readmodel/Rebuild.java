package io.tandem.persistence.readmodel;

import io.tandem.persistence.archive.Archives;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tables anew from the first event, beside those that are read, and puts them in their
 * place when they have caught up (AUD-3). Whoever reads meanwhile sees the old ones or the new
 * ones, each of them whole; a projector that runs goes on from where the new ones are.
 *
 * <p>One at a time. What it began and did not end is thrown away by the next. All methods throw
 * {@link JournalException} UNAVAILABLE, after which the old tables stand.
 */
public final class Rebuild {

  /**
   * The reader of the feed that it is while it goes on; what was broken off leaves its bookmark.
   */
  public static final String READER = Tables.BESIDE.reader();

  private static final Map<String, List<String>> KEYS =
      Map.of(
          "due_index",
          List.of("entity"),
          "entity_view",
          List.of("entity_type", "entity_id"),
          "call_index",
          List.of("call_id"),
          "dispute_index",
          List.of("dispute_id"),
          "security_event",
          List.of("entity", "sequence"));

  private static final String INDEXES =
      "select indexname, indexdef from pg_indexes where schemaname = current_schema() and"
          + " tablename = ?";

  private final Database database;
  private final Projector next;

  /**
   * @param next a projector {@link Projector#beside}
   */
  public Rebuild(Database database, Projector next) {
    this.database = database;
    this.next = next;
  }

  /**
   * Does it.
   *
   * @param progress told how many events were read so far
   * @return how many there were
   * @throws JournalException UNWRITABLE where events went to an archive meanwhile: some were gone
   *     before they were read, and all is to be done again
   */
  public long run(LongConsumer progress) {
    int archives = Archives.count(database);
    boolean unused =
        database.inTransaction(
            connection -> {
              clear(connection);
              for (String table : Tables.NAMES) {
                create(connection, table);
              }
              return true;
            });
    long events = 0;
    int some;
    do {
      some = next.step();
      events += some;
      progress.accept(events);
    } while (some > 0);
    boolean swapped = database.inTransaction(connection -> swap(connection, archives));
    boolean cleared = database.inTransaction(this::drop);
    return swapped && cleared ? events : 0;
  }

  /** Takes away what is left beside the tables that are read. */
  private boolean drop(Connection connection) throws SQLException {
    for (String table : Tables.NAMES) {
      Sql.execute(connection, "drop table if exists " + Tables.BESIDE.named(table));
    }
    return true;
  }

  private void clear(Connection connection) throws SQLException {
    boolean unused = drop(connection);
    for (String table : List.of("feed_position", "parked_event")) {
      change(connection, "delete from " + table + " where reader = ?", Tables.BESIDE.reader());
    }
  }

  private void create(Connection connection, String table) throws SQLException {
    String beside = Tables.BESIDE.named(table);
    if (database.dialect() == Dialect.H2) {
      Sql.execute(
          connection, "create table " + beside + " as select * from " + table + " where false");
      List<String> keys = KEYS.getOrDefault(table, List.of());
      for (String key : keys) {
        Sql.execute(connection, "alter table " + beside + " alter column " + key + " set not null");
      }
      Sql.execute(
          connection,
          "alter table " + beside + " add primary key (" + String.join(", ", keys) + ")");
      return;
    }
    Sql.execute(connection, "create table " + beside + " (like " + table + " including all)");
    for (String options :
        Sql.list(
            connection,
            "select array_to_string(reloptions, ', ') from pg_class where oid = ?::regclass and"
                + " reloptions is not null",
            row -> row.getString(1),
            table)) {
      Sql.execute(connection, "alter table " + beside + " set (" + options + ")");
    }
  }

  /**
   * Holds the running projector where it is, brings the new tables up to there, and gives them the
   * names of the old ones.
   */
  private boolean swap(Connection connection, int archives) throws SQLException {
    if (database.dialect() == Dialect.POSTGRESQL) {
      Sql.execute(connection, "set local lock_timeout = '10s'");
    }
    FeedPosition live =
        Sql.list(
                connection,
                "select txid, ordering from feed_position where reader = ? for update",
                row -> new FeedPosition(row.getLong("txid"), row.getLong("ordering")),
                Tables.LIVE.reader())
            .stream()
            .findFirst()
            .orElse(FeedPosition.START);
    while (!live.isUpTo(next.position())) {
      int unused = next.step();
    }
    if (Archives.count(database) != archives) {
      throw new JournalException(
          Fault.UNWRITABLE, "events were archived meanwhile: the tables are to be made again");
    }
    for (String table : Tables.NAMES) {
      if (database.dialect() == Dialect.POSTGRESQL) {
        rename(connection, table);
      } else {
        Sql.execute(connection, "delete from " + table);
        Sql.execute(
            connection, "insert into " + table + " select * from " + Tables.BESIDE.named(table));
      }
    }
    for (String table : List.of("feed_position", "parked_event")) {
      change(connection, "delete from " + table + " where reader = ?", Tables.LIVE.reader());
      change(
          connection,
          "update " + table + " set reader = ? where reader = ?",
          Tables.LIVE.reader(),
          Tables.BESIDE.reader());
    }
    return true;
  }

  /** The indexes keep their names too: the next migration knows them by these. */
  private static void rename(Connection connection, String table) throws SQLException {
    String beside = Tables.BESIDE.named(table);
    Map<String, String> names = indexes(connection, table);
    Map<String, String> made = indexes(connection, beside);
    Sql.execute(connection, "drop table " + table);
    Sql.execute(connection, "alter table " + beside + " rename to " + table);
    for (Map.Entry<String, String> each : made.entrySet()) {
      Sql.execute(
          connection, "alter index " + each.getValue() + " rename to " + names.get(each.getKey()));
    }
  }

  /** What each index is of, and its name. */
  private static Map<String, String> indexes(Connection connection, String table)
      throws SQLException {
    Map<String, String> names = new TreeMap<>();
    for (String[] index :
        Sql.list(
            connection,
            INDEXES,
            row -> new String[] {row.getString("indexdef"), row.getString("indexname")},
            table)) {
      names.put(index[0].substring(index[0].indexOf(" USING ")), index[1]);
    }
    return names;
  }

  private static void change(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    int[] unused = Sql.batch(connection, sql, List.<@Nullable Object[]>of(parameters));
  }
}
