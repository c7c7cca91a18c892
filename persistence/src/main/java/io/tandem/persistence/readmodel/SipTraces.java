package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.JournalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The last SIP messages of calls that are over, as the edges that carried them saw them, masked
 * (PRV-4). Not history: they may be lost with an edge, and are cleared after some days. All methods
 * throw {@link JournalException} UNAVAILABLE.
 */
public final class SipTraces {

  /**
   * What one edge saw of a call.
   *
   * @param messages one a line, in the edge's own form
   */
  public record Trace(String callId, String edgeId, Instant storedAt, String messages) {}

  private static final Upsert WRITE =
      new Upsert(
          "sip_trace",
          2,
          Upsert.text("call_id"),
          Upsert.text("edge_id"),
          Upsert.number("stored_at"),
          Upsert.text("messages"));

  private final Database database;

  public SipTraces(Database database) {
    this.database = database;
  }

  /** Stores traces over earlier ones of the same call and edge. */
  public void store(List<Trace> traces) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Trace each : traces) {
      rows.add(new Object[] {each.callId(), each.edgeId(), each.storedAt(), each.messages()});
    }
    if (!rows.isEmpty()) {
      List<Trace> unused =
          database.inTransaction(
              connection -> {
                WRITE.write(connection, database.dialect(), rows);
                return traces;
              });
    }
  }

  /** What the edges saw of a call. */
  public List<Trace> of(String callId) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select call_id, edge_id, stored_at, messages from sip_trace where call_id = ?"
                    + " order by stored_at",
                row ->
                    new Trace(
                        row.getString("call_id"),
                        row.getString("edge_id"),
                        Sql.instant(row.getLong("stored_at")),
                        row.getString("messages")),
                callId));
  }

  /** Clears what was stored before an instant; gives how many there were. */
  public int clear(Instant before) {
    return database.update("delete from sip_trace where stored_at < ?", before);
  }
}
