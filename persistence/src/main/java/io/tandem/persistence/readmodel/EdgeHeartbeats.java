package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.JournalException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Proof of life of the edges (QT-5). One row an incarnation: an edge that starts again does not
 * wipe out what it proved before it died. All methods throw {@link JournalException} UNAVAILABLE.
 */
public final class EdgeHeartbeats {

  /**
   * An edge's last sign of life.
   *
   * @param incarnation its run: another one each start
   * @param calls what it said of the calls it carries, in the edge's own form
   */
  public record Beat(String edgeId, String incarnation, Instant at, byte[] calls) {}

  private static final Upsert WRITE =
      new Upsert(
          "edge_heartbeat",
          2,
          Upsert.text("edge_id"),
          Upsert.text("incarnation"),
          Upsert.number("beat_at"),
          Upsert.bytes("calls"));

  private final Database database;

  public EdgeHeartbeats(Database database) {
    this.database = database;
  }

  /** Stores the latest beat of an incarnation over its earlier one. */
  public void beat(Beat beat) {
    database.inTransaction(
        connection -> {
          WRITE.write(
              connection,
              database.dialect(),
              List.<@Nullable Object[]>of(
                  new Object[] {beat.edgeId(), beat.incarnation(), beat.at(), beat.calls()}));
          return beat;
        });
  }

  /** The last beat of every incarnation that has not been forgotten, oldest first. */
  public List<Beat> all() {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select edge_id, incarnation, beat_at, calls from edge_heartbeat order by beat_at",
                row ->
                    new Beat(
                        row.getString("edge_id"),
                        row.getString("incarnation"),
                        Sql.instant(row.getLong("beat_at")),
                        row.getBytes("calls"))));
  }

  /** Drops an incarnation all of whose calls have been settled. */
  public void forget(String edgeId, String incarnation) {
    int unused =
        database.update(
            "delete from edge_heartbeat where edge_id = ? and incarnation = ?",
            edgeId,
            incarnation);
  }
}
