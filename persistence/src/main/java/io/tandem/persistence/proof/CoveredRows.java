package io.tandem.persistence.proof;

import io.tandem.persistence.archive.ArchivedRows;
import io.tandem.persistence.archive.Archives;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.readmodel.FeedPosition;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the journal's table as they lie there, whatever they hold, between two positions of
 * the feed. All methods throw {@link JournalException} UNAVAILABLE.
 */
final class CoveredRows {

  private static final String COLUMNS =
      " \"persistence_id\", \"sequence_number\", \"event_payload\", \"deleted\","
          + " \"event_ser_manifest\", \"ordering\", \"event_ser_id\", \"adapter_manifest\","
          + " \"meta_ser_id\", \"meta_ser_manifest\", \"meta_payload\", ";

  private static final String POSTGRESQL_PLACE = "(txid, ordering)";
  private static final String POSTGRESQL_POINT = "(?::text::xid8, ?)";

  /**
   * One row.
   *
   * @param beside what else of it is not as a node writes it, so that Akka would read it otherwise
   *     or not at all; empty where all is, and of an archive
   */
  record Row(
      FeedPosition position,
      String entity,
      long sequence,
      byte[] bytes,
      boolean deleted,
      String manifest,
      String beside) {

    Segment.Line line() {
      return new Segment.Line(entity, sequence, MerkleTree.leaf(bytes));
    }
  }

  private final Database database;

  CoveredRows(Database database) {
    this.database = database;
  }

  /**
   * Rows after a position up to and with another, in the feed's order.
   *
   * @param after null for from before the first that the feed would give
   * @param upTo null for to the end
   */
  List<Row> between(@Nullable FeedPosition after, @Nullable FeedPosition upTo, int limit) {
    boolean postgresql = database.dialect() == Dialect.POSTGRESQL;
    String place = postgresql ? POSTGRESQL_PLACE : "\"ordering\"";
    String point = postgresql ? POSTGRESQL_POINT : "?";
    List<@Nullable Object> parameters = new ArrayList<>();
    StringBuilder sql =
        new StringBuilder("select")
            .append(COLUMNS)
            .append(postgresql ? "txid::text" : "'0'")
            .append(" as \"written_by\" from \"event_journal\" where 1 = 1");
    bound(sql, parameters, place + " > " + point, after);
    bound(sql, parameters, place + " <= " + point, upTo);
    sql.append(" order by ").append(postgresql ? "txid, ordering" : place).append(" limit ?");
    parameters.add(limit);
    return ArchivedRows.merged(
        database,
        database.run(
            connection ->
                Sql.list(connection, sql.toString(), CoveredRows::row, parameters.toArray())),
        after,
        upTo,
        limit,
        row ->
            new Row(
                row.position(),
                row.entity(),
                row.sequence(),
                row.bytes(),
                row.deleted(),
                row.manifest(),
                ""),
        Row::position);
  }

  /** Whether an entity is in an archive, where nobody needs a snapshot of it. */
  boolean isArchived(String entity) {
    return Archives.has(database, entity);
  }

  private void bound(
      StringBuilder sql,
      List<@Nullable Object> parameters,
      String condition,
      @Nullable FeedPosition at) {
    if (at == null) {
      return;
    }
    sql.append(" and ").append(condition);
    if (database.dialect() == Dialect.POSTGRESQL) {
      parameters.add(Long.toUnsignedString(at.txid()));
    }
    parameters.add(at.ordering());
  }

  /** The leaf of an event wherever in the feed it stands now; empty where it is not there. */
  Optional<Hash> leafOf(String entity, long sequence) {
    return Stream.concat(Stream.of(database), database.archives().stream())
        .flatMap(place -> leafOf(place, entity, sequence))
        .findFirst();
  }

  private static Stream<Hash> leafOf(Database place, String entity, long sequence) {
    return place
        .run(
            connection ->
                Sql.list(
                    connection,
                    "select \"event_payload\" from \"event_journal\" where \"persistence_id\" = ?"
                        + " and \"sequence_number\" = ?",
                    row -> MerkleTree.leaf(row.getBytes("event_payload")),
                    entity,
                    sequence))
        .stream();
  }

  /** Snapshots by entity, after one; the hash of each payload. */
  List<Segment.Line> snapshots(String afterEntity, long afterSequence, int limit) {
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.add(afterEntity);
    parameters.add(afterEntity);
    parameters.add(afterSequence);
    parameters.add(limit);
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select \"persistence_id\", \"sequence_number\", \"snapshot_payload\" from"
                    + " \"snapshot\" where \"persistence_id\" > ? or \"persistence_id\" = ? and"
                    + " \"sequence_number\" > ? order by \"persistence_id\", \"sequence_number\""
                    + " limit ?",
                row ->
                    new Segment.Line(
                        row.getString("persistence_id"),
                        row.getLong("sequence_number"),
                        Hash.of(row.getBytes("snapshot_payload"))),
                parameters.toArray()));
  }

  /** The newest note of each kind that stands beside the journal, with its hash. */
  List<Segment.Line> newestNotes() {
    return Segment.BESIDE.stream()
        .flatMap(kind -> notes(kind, "order by number desc limit 1").stream())
        .toList();
  }

  /** A note by its kind and number, with its hash. */
  Optional<Segment.Line> note(String kind, long number) {
    return Segment.BESIDE.contains(kind)
        ? notes(kind, "where number = ?", number).stream().findFirst()
        : Optional.empty();
  }

  private List<Segment.Line> notes(String kind, String which, @Nullable Object... parameters) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select number, note from " + kind + " " + which,
                row ->
                    new Segment.Line(
                        kind,
                        row.getLong("number"),
                        Hash.of(SignedNote.bytes(row.getString("note")))),
                parameters));
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        new FeedPosition(
            Long.parseUnsignedLong(row.getString("written_by")), row.getLong("ordering")),
        row.getString("persistence_id"),
        row.getLong("sequence_number"),
        row.getBytes("event_payload"),
        row.getBoolean("deleted"),
        row.getString("event_ser_manifest"),
        beside(row));
  }

  private static String beside(ResultSet row) throws SQLException {
    int serializer = row.getInt("event_ser_id");
    if (serializer != EventRow.SERIALIZER) {
      return "is marked for serializer " + serializer + ", not " + EventRow.SERIALIZER;
    }
    String adapter = row.getString("adapter_manifest");
    if (adapter != null && !adapter.isEmpty()) {
      return "is marked for the adapter " + adapter;
    }
    return hasMeta(row) ? "has metadata, which no node writes" : "";
  }

  private static boolean hasMeta(ResultSet row) throws SQLException {
    return row.getObject("meta_ser_id") != null
        || row.getString("meta_ser_manifest") != null
        || row.getBytes("meta_payload") != null;
  }
}
