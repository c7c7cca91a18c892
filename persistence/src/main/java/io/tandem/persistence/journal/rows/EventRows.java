package io.tandem.persistence.journal.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Events into {@code event_journal} of PostgreSQL, one statement a transaction, whichever costs
 * least for so many: the plain insert of one row; one array a column, a tenth of what as many
 * single inserts cost the database; a {@code copy} of a crowd, a fifth less again ({@link
 * EventCopy}). The rows get their {@code ordering} in the order given and one {@code txid}.
 */
public final class EventRows implements RowStore<EventRow> {

  /** What a row weighs beside its payload, about. */
  private static final int FRAME_BYTES = 150;

  /** From so many rows on a {@code copy} costs less than its second round trip takes. */
  private static final int CROWD = 64;

  private static final String INSERT_ONE =
      """
      insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      values (?, ?, ?, ?, '', ?, ?, ?)\
      """;

  private static final String INSERT =
      """
      insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,
        adapter_manifest, event_ser_id, event_ser_manifest, event_payload)
      select p, n, w, t, '', s, m, b
      from unnest(?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::integer[], ?::text[], ?::bytea[])
        as r(p, n, w, t, s, m, b)\
      """;

  @Override
  public long bytes(EventRow row) {
    return FRAME_BYTES + (long) row.payload().length;
  }

  @Override
  public Insert<EventRow> prepare(Connection connection) throws SQLException {
    PreparedStatement one = connection.prepareStatement(INSERT_ONE);
    PreparedStatement many = connection.prepareStatement(INSERT);
    EventCopy copy = new EventCopy(connection);
    return rows -> {
      long stored;
      if (rows.size() == 1) {
        stored = storeOne(one, rows.getFirst());
      } else if (rows.size() < CROWD) {
        stored = storeMany(connection, many, rows);
      } else {
        stored = copy.store(rows);
      }
      if (stored != rows.size()) {
        throw new SQLException("%d of %d rows were stored".formatted(stored, rows.size()));
      }
    };
  }

  private static int storeOne(PreparedStatement insert, EventRow row) throws SQLException {
    insert.setString(1, row.persistenceId());
    insert.setLong(2, row.sequence());
    insert.setString(3, row.writer());
    insert.setLong(4, row.writtenAtMillis());
    insert.setInt(5, row.serializer());
    insert.setString(6, row.manifest());
    insert.setBytes(7, row.payload());
    return insert.executeUpdate();
  }

  private static int storeMany(Connection connection, PreparedStatement insert, List<EventRow> rows)
      throws SQLException {
    int count = rows.size();
    String[] ids = new String[count];
    Long[] sequences = new Long[count];
    String[] writers = new String[count];
    Long[] times = new Long[count];
    Integer[] serializers = new Integer[count];
    String[] manifests = new String[count];
    byte[][] payloads = new byte[count][];
    for (int i = 0; i < count; i++) {
      EventRow row = rows.get(i);
      ids[i] = row.persistenceId();
      sequences[i] = row.sequence();
      writers[i] = row.writer();
      times[i] = row.writtenAtMillis();
      serializers[i] = row.serializer();
      manifests[i] = row.manifest();
      payloads[i] = row.payload();
    }
    insert.setArray(1, connection.createArrayOf("text", ids));
    insert.setArray(2, connection.createArrayOf("int8", sequences));
    insert.setArray(3, connection.createArrayOf("text", writers));
    insert.setArray(4, connection.createArrayOf("int8", times));
    insert.setArray(5, connection.createArrayOf("int4", serializers));
    insert.setArray(6, connection.createArrayOf("text", manifests));
    insert.setArray(7, connection.createArrayOf("bytea", payloads));
    return insert.executeUpdate();
  }
}
