package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls, written to {@code call_index}. */
final class CallFolding<S extends DomainState<S, E>, E extends DomainEvent>
    extends RowFolding<S, E, CallIndexRow> {

  private final Tables tables;
  private final CallIndexExtractor<S> extractor;

  CallFolding(
      Database database,
      EntityKind<S, E> kind,
      EventCodec codec,
      Tables tables,
      CallIndexExtractor<S> extractor) {
    super(database, kind, codec);
    this.tables = tables;
    this.extractor = extractor;
  }

  @Override
  Optional<CallIndexRow> extract(S state) {
    return extractor.rowOf(state);
  }

  @Override
  String selectOne() {
    return CallIndex.SELECT + tables.named("call_index") + " where call_id = ?";
  }

  @Override
  CallIndexRow read(ResultSet row) throws SQLException {
    return CallIndex.read(row);
  }

  /** Nothing more is to be expected; what comes all the same is folded from the journal. */
  @Override
  boolean isOver(S state) {
    return extractor.isOver(state);
  }

  @Override
  S kept(S state) {
    return extractor.kept(state);
  }

  @Override
  Upsert table() {
    return tables.callIndex();
  }

  @Override
  @Nullable Object[] columns(At<S> at, CallIndexRow row) {
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
