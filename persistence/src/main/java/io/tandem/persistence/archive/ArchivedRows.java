package io.tandem.persistence.archive;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.FeedPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of an archive in the order they had in the journal's feed. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class ArchivedRows {

  private static final String SELECT =
      """
      select "txid", "ordering", "persistence_id", "sequence_number", "event_payload", "deleted",
        "event_ser_manifest" from "event_journal" where\
      """;

  /** One row. */
  public record Row(
      FeedPosition position,
      String entity,
      long sequence,
      byte[] bytes,
      boolean deleted,
      String manifest) {}

  private ArchivedRows() {}

  /**
   * Rows after a position.
   *
   * @param after null for from the first
   */
  public static List<Row> after(Database archive, @Nullable FeedPosition after, int limit) {
    FeedPosition from = after == null ? new FeedPosition(Long.MIN_VALUE, 0) : after;
    // two statements, so that each goes along the index
    List<Row> rows =
        new ArrayList<>(
            list(
                archive,
                " \"txid\" = ? and \"ordering\" > ? order by \"ordering\" limit ?",
                from.txid(),
                from.ordering(),
                limit));
    if (rows.size() < limit) {
      rows.addAll(
          list(
              archive,
              " \"txid\" > ? order by \"txid\", \"ordering\" limit ?",
              from.txid(),
              limit - rows.size()));
    }
    return rows;
  }

  /** Where the rows of each archive of a journal end. */
  public static Stream<FeedPosition> ends(Database journal) {
    return journal.archives().stream()
        .flatMap(
            archive ->
                archive
                    .run(
                        c ->
                            Sql.list(
                                c,
                                "select \"txid\", \"ordering\" from \"event_journal\" order by"
                                    + " \"txid\" desc, \"ordering\" desc limit 1",
                                row -> new FeedPosition(row.getLong(1), row.getLong(2))))
                    .stream());
  }

  /**
   * Puts what archives have between the rows of a journal.
   *
   * @param live the journal's, after {@code after}
   * @param upTo the archives' rows up to there; null for all
   * @param as what a row is to the reader
   * @return in order, at most {@code limit}
   */
  public static <T> List<T> merged(
      Database journal,
      List<T> live,
      @Nullable FeedPosition after,
      @Nullable FeedPosition upTo,
      int limit,
      Function<Row, T> as,
      Function<T, FeedPosition> position) {
    if (journal.archives().isEmpty()) {
      return live;
    }
    List<T> all = new ArrayList<>(live);
    for (Database archive : journal.archives()) {
      after(archive, after, limit).stream()
          .filter(row -> upTo == null || row.position().compareTo(upTo) <= 0)
          .map(as)
          .forEach(all::add);
    }
    return all.stream().sorted(java.util.Comparator.comparing(position)).limit(limit).toList();
  }

  private static List<Row> list(Database archive, String which, Object... parameters) {
    return archive.run(c -> Sql.list(c, SELECT + which, ArchivedRows::row, parameters));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new FeedPosition(row.getLong(1), row.getLong(2)),
        row.getString(3),
        row.getLong(4),
        row.getBytes(5),
        row.getBoolean(6),
        row.getString(7));
  }
}
