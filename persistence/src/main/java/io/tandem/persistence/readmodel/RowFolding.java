package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Entities of which a row in a table of its own says what lists need. Their states are not kept in
 * a table: they are short, and one that is met again after a restart is folded from its own few
 * events.
 *
 * @param <R> what a row says
 */
abstract class RowFolding<S extends DomainState<S, E>, E extends DomainEvent, R extends Record>
    extends Folding<S, E> {

  private final Database database;

  RowFolding(Database database, EntityKind<S, E> kind, EventCodec codec) {
    super(kind, codec.closed()); // a row has nothing of persons
    this.database = database;
  }

  /** What is to be said of a state; empty while there is nothing to list. */
  abstract Optional<R> extract(S state);

  /** The columns of a row, in the order of {@link #table}. */
  abstract @Nullable Object[] columns(At<S> at, R row);

  /** The query for the row of one entity, by its id. */
  abstract String selectOne();

  /** What a row of {@link #selectOne} says. */
  abstract R read(ResultSet row) throws SQLException;

  @Override
  final At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException {
    At<S> at = new At<>(kind.initial().apply(entityId), 0, FeedPosition.START);
    if (row.sequence() == 1) {
      return at;
    }
    List<JournalRow> earlier = earlier(connection, row);
    for (Database archive : earlier.isEmpty() ? database.archives() : List.<Database>of()) {
      earlier = archive.run(c -> earlier(c, row));
      if (!earlier.isEmpty()) {
        break;
      }
    }
    for (JournalRow each : earlier) {
      Envelope envelope = each.envelope();
      at =
          new At<>(kind.fold(at.state(), envelope, codec), envelope.sequence(), FeedPosition.START);
    }
    return at;
  }

  private static List<JournalRow> earlier(Connection connection, JournalRow row)
      throws SQLException {
    return Sql.list(
        connection,
        """
        select "persistence_id", "sequence_number", "event_payload" from "event_journal"
        where "persistence_id" = ? and "sequence_number" < ? and not "deleted"
        order by "sequence_number\"\
        """,
        result ->
            new JournalRow(
                FeedPosition.START,
                result.getString("persistence_id"),
                result.getLong("sequence_number"),
                result.getBytes("event_payload")),
        row.persistenceId(),
        row.sequence());
  }

  @Override
  final @Nullable Object @Nullable [] rowOf(String entityId, At<S> at) {
    return extract(at.state()).map(row -> columns(at, row)).orElse(null);
  }

  @Override
  final Optional<Shown> shown(Connection connection, String entityId) throws SQLException {
    return Sql.list(
            connection, selectOne(), row -> new Shown(row.getLong("sequence"), read(row)), entityId)
        .stream()
        .findFirst();
  }

  @Override
  final Optional<Object> expected(String entityId, S state) {
    return extract(state).map(row -> (Object) row);
  }
}
