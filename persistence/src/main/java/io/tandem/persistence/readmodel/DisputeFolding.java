package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Disputes, written to {@code dispute_index}. */
final class DisputeFolding<S extends DomainState<S, E>, E extends DomainEvent>
    extends RowFolding<S, E, DisputeIndexRow> {

  private final Tables tables;
  private final Function<S, Optional<DisputeIndexRow>> extractor;

  DisputeFolding(
      Database database,
      EntityKind<S, E> kind,
      EventCodec codec,
      Tables tables,
      Function<S, Optional<DisputeIndexRow>> extractor) {
    super(database, kind, codec);
    this.tables = tables;
    this.extractor = extractor;
  }

  @Override
  Optional<DisputeIndexRow> extract(S state) {
    return extractor.apply(state);
  }

  @Override
  String selectOne() {
    return DisputeIndex.SELECT + tables.named("dispute_index") + " where dispute_id = ?";
  }

  @Override
  DisputeIndexRow read(ResultSet row) throws SQLException {
    return DisputeIndex.read(row);
  }

  @Override
  Upsert table() {
    return tables.disputeIndex();
  }

  @Override
  @Nullable Object[] columns(At<S> at, DisputeIndexRow row) {
    return new @Nullable Object[] {
      row.disputeId(),
      at.sequence(),
      at.position().txid(),
      at.position().ordering(),
      row.callId(),
      row.accountId(),
      row.campaignId(),
      row.agentId(),
      row.phase(),
      row.reason(),
      row.ground(),
      row.calledAt(),
      row.deadline(),
      row.filedAt(),
      row.reviewedAt(),
      row.decidedAt(),
      row.creditedAt(),
      row.chargedMicros(),
      row.creditMicros(),
      row.currency()
    };
  }
}
