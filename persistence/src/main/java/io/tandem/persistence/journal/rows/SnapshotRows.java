package io.tandem.persistence.journal.rows;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.postgresql.PGConnection;

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
    PGConnection arrays = connection.unwrap(PGConnection.class);
    PreparedStatement save = connection.prepareStatement(SAVE);
    return rows -> {
      save.setArray(1, arrays.createArrayOf("text", texts(rows, SnapshotRow::persistenceId)));
      save.setArray(
          2,
          arrays.createArrayOf("int8", rows.stream().mapToLong(SnapshotRow::sequence).toArray()));
      save.setArray(
          3,
          arrays.createArrayOf(
              "int8", rows.stream().mapToLong(SnapshotRow::madeAtMillis).toArray()));
      save.setArray(
          4,
          arrays.createArrayOf("int4", rows.stream().mapToInt(SnapshotRow::serializer).toArray()));
      save.setArray(5, arrays.createArrayOf("text", texts(rows, SnapshotRow::manifest)));
      save.setArray(
          6,
          arrays.createArrayOf(
              "bytea", rows.stream().map(SnapshotRow::payload).toArray(byte[][]::new)));
      int unused = save.executeUpdate();
    };
  }

  private static String[] texts(
      List<SnapshotRow> rows, Function<SnapshotRow, String> column) {
    return rows.stream().map(column).toArray(String[]::new);
  }
}
