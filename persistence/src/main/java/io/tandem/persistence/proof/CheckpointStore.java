package io.tandem.persistence.proof;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints beside the journal. The number is the primary key, so that of two who make the
 * same one only the first succeeds. All methods throw {@link JournalException} UNAVAILABLE.
 */
public final class CheckpointStore {

  private static final String SELECT = "select number, note, segment from checkpoint ";

  private final Database database;

  public CheckpointStore(Database database) {
    this.database = database;
  }

  /** The newest, unchecked. */
  public Optional<Anchored> newest() {
    return list(SELECT + "order by number desc limit 1").stream().findFirst();
  }

  /** Those after a number, in order, unchecked. */
  public List<Anchored> after(long number, int limit) {
    return list(SELECT + "where number > ? order by number limit ?", number, limit);
  }

  /**
   * Adds the next one.
   *
   * @return false where somebody else has taken its number meanwhile
   */
  boolean add(SignedCheckpoint checkpoint, Segment segment, Instant at) {
    try {
      return database.update(
              "insert into checkpoint (number, note, segment, made_at) values (?, ?, ?, ?)",
              checkpoint.number(),
              checkpoint.note(),
              segment.packed(),
              at)
          == 1;
    } catch (JournalException e) {
      if (after(checkpoint.number() - 1, 1).isEmpty()) {
        throw e;
      }
      return false;
    }
  }

  private List<Anchored> list(String sql, @Nullable Object... parameters) {
    return database.run(connection -> Sql.list(connection, sql, CheckpointStore::row, parameters));
  }

  private static Anchored row(ResultSet row) throws SQLException {
    return new Anchored(row.getLong("number"), row.getString("note"), row.getBytes("segment"));
  }
}
