package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Who is to be woken when: the next deadline of every entity that has one, asleep or not. All
 * methods throw {@link JournalException} UNAVAILABLE.
 */
public final class DueIndex {

  /**
   * A deadline.
   *
   * @param sequence the event that set it; a later event takes it back or sets another
   */
  public record Due(String entityType, String entityId, long sequence, Instant at) {}

  private final Database database;

  public DueIndex(Database database) {
    this.database = database;
  }

  /** The deadlines that have come, longest overdue first. */
  public List<Due> due(Instant now, int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select entity, sequence, due_at from due_index where due_at <= ? order by due_at,"
                    + " entity limit ?",
                row -> {
                  String entity = row.getString("entity");
                  int bar = entity.indexOf('|');
                  return new Due(
                      entity.substring(0, bar),
                      entity.substring(bar + 1),
                      row.getLong("sequence"),
                      Sql.instant(row.getLong("due_at")));
                },
                now,
                limit));
  }

  /**
   * Takes off deadlines whose entities had nothing more to do for them. One that a later event has
   * set meanwhile stays.
   */
  public void settle(Collection<Due> done) {
    SortedMap<String, Long> settled = new TreeMap<>();
    for (Due due : done) {
      settled.merge(due.entityType() + '|' + due.entityId(), due.sequence(), Math::max);
    }
    if (settled.isEmpty()) {
      return;
    }
    int unused = database.inTransaction(connection -> settleEach(connection, settled));
  }

  /** In the order of keys, which is not the database's: its collation may be another. */
  private static int settleEach(Connection connection, SortedMap<String, Long> settled)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>(settled.size());
    settled.forEach((entity, sequence) -> rows.add(new Object[] {entity, sequence}));
    return Sql.batch(connection, "delete from due_index where entity = ? and sequence <= ?", rows)
        .length;
  }
}
