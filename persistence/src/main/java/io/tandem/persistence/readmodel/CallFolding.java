package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls, written to {@code call_index}. Their states are not kept in a table: a call is short, and
 * one that is met again after a restart is folded from its own few events.
 */
final class CallFolding<S extends DomainState<S, E>, E extends DomainEvent> extends Folding<S, E> {

  private final Database database;
  private final Tables tables;
  private final CallIndexExtractor<S> extractor;

  CallFolding(
      Database database,
      EntityKind<S, E> kind,
      EventCodec codec,
      Tables tables,
      CallIndexExtractor<S> extractor) {
    super(kind, codec.closed()); // a row has nothing of persons
    this.database = database;
    this.tables = tables;
    this.extractor = extractor;
  }

  @Override
  At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException {
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
  @Nullable Object @Nullable [] rowOf(String entityId, At<S> at) {
    return extractor.rowOf(at.state()).map(row -> columnsOf(at, row)).orElse(null);
  }

  @Override
  Optional<Shown> shown(Connection connection, String entityId) throws SQLException {
    return Sql.list(
            connection,
            CallIndex.SELECT + tables.named("call_index") + " where call_id = ?",
            row -> new Shown(row.getLong("sequence"), CallIndex.read(row)),
            entityId)
        .stream()
        .findFirst();
  }

  @Override
  Optional<Object> expected(String entityId, S state) {
    return extractor.rowOf(state).map(row -> (Object) row);
  }

  /** Nothing more is to be expected; what comes all the same is folded from the journal. */
  @Override
  boolean isOver(S state) {
    return extractor.isOver(state);
  }

  @Override
  Upsert table() {
    return tables.callIndex();
  }

  private static @Nullable Object[] columnsOf(At<?> at, CallIndexRow row) {
    Duration connected = row.connected();
    return new @Nullable Object[] {
      row.callId(),
      at.sequence(),
      at.position().txid(),
      at.position().ordering(),
      row.accountId(),
      row.campaignId(),
      row.agentId(),
      row.phase(),
      row.direction(),
      row.callerBlind(),
      row.called(),
      row.startedAt(),
      row.connectedAt(),
      row.endedAt(),
      connected == null ? null : connected.toMillis(),
      row.billable(),
      row.chargedMicros(),
      row.currency(),
      row.endReason(),
      row.repeatsCallId(),
      row.edge()
    };
  }
}
