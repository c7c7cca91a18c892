package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a reader of the feed has come, kept in the database: moved in the transaction that writes
 * what was read, so that nothing is written twice and nothing left out.
 *
 * @param reader its name
 */
public record FeedBookmark(String reader) {

  /** Where it is. */
  public FeedPosition stored(Connection connection) throws SQLException {
    List<FeedPosition> stored =
        Sql.list(
            connection,
            "select txid, ordering from feed_position where reader = ?",
            row -> new FeedPosition(row.getLong("txid"), row.getLong("ordering")),
            reader);
    return stored.isEmpty() ? FeedPosition.START : stored.getFirst();
  }

  /**
   * Moves it within a transaction; false where it is not (any more) at {@code from}: another has
   * read on. The row is locked until the transaction ends.
   */
  public boolean move(Connection connection, FeedPosition from, FeedPosition to)
      throws SQLException {
    int[] moved =
        Sql.batch(
            connection,
            "update feed_position set txid = ?, ordering = ? where reader = ? and txid = ? and"
                + " ordering = ?",
            List.<@Nullable Object[]>of(
                new Object[] {to.txid(), to.ordering(), reader, from.txid(), from.ordering()}));
    if (moved[0] == 1) {
      return true;
    }
    if (!from.equals(FeedPosition.START) || !stored(connection).equals(from)) {
      return false;
    }
    int[] unused =
        Sql.batch(
            connection,
            "insert into feed_position (reader, txid, ordering) values (?, ?, ?)",
            List.<@Nullable Object[]>of(new Object[] {reader, to.txid(), to.ordering()}));
    return true;
  }
}
