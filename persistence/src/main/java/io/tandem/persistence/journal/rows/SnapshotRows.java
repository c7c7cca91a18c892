package io.tandem.persistence.journal.rows;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/**
 * Snapshots into {@code snapshot} of PostgreSQL. One of an entity is kept: the ones before it are
 * deleted by the same statement.
 */
public final class SnapshotRows implements RowStore<SnapshotRow> {

  private static final int FRAME_BYTES = 100;

  private static final String SAVE =
      """
      with newest as (
        select * from unnest(?::text[], ?::bigint[], ?::bigint[], ?::integer[], ?::text[], ?::bytea[])
          as r(p, n, t, s, m, b)),
      saved as (
        insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,
          snapshot_ser_manifest, snapshot_payload)
        select p, n, t, s, m, b from newest
        on conflict (persistence_id, sequence_number) do update set created = excluded.created,
          snapshot_ser_id = excluded.snapshot_ser_id,
          snapshot_ser_manifest = excluded.snapshot_ser_manifest,
          snapshot_payload = excluded.snapshot_payload)
      delete from snapshot older using newest
      where older.persistence_id = newest.p and older.sequence_number < newest.n""";

  @Override
  public long bytes(SnapshotRow row) {
    return FRAME_BYTES + (long) row.payload().length;
  }

  @Override
  public Insert<SnapshotRow> prepare(Connection connection) throws SQLException {
    PreparedStatement save = connection.prepareStatement(SAVE);
    return rows -> {
      save.setArray(1, array(connection, "text", rows, SnapshotRow::persistenceId));
      save.setArray(2, array(connection, "int8", rows, SnapshotRow::sequence));
      save.setArray(3, array(connection, "int8", rows, SnapshotRow::madeAtMillis));
      save.setArray(4, array(connection, "int4", rows, SnapshotRow::serializer));
      save.setArray(5, array(connection, "text", rows, SnapshotRow::manifest));
      byte[][] payloads = rows.stream().map(SnapshotRow::payload).toArray(byte[][]::new);
      save.setArray(6, connection.createArrayOf("bytea", payloads));
      int unused = save.executeUpdate();
    };
  }

  private static Array array(
      Connection connection, String type, List<SnapshotRow> rows, Function<SnapshotRow, Object> of)
      throws SQLException {
    return connection.createArrayOf(type, rows.stream().map(of).toArray());
  }
}
