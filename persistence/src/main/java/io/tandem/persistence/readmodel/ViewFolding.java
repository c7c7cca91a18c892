package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Sql;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.WireName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The latest states of one noun, written to {@code entity_view}. */
final class ViewFolding<S extends DomainState<S, E>, E extends DomainEvent> extends Folding<S, E> {

  private final Tables tables;
  private final BiFunction<String, S, Optional<String>> account;

  ViewFolding(
      EntityKind<S, E> kind,
      EventCodec codec,
      Tables tables,
      BiFunction<String, S, Optional<String>> account) {
    super(kind, codec);
    this.tables = tables;
    this.account = account;
  }

  @Override
  @SuppressWarnings("unchecked") // what was written under this type is of this kind
  At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException {
    return stored(connection, entityId)
        .map(view -> new At<>((S) view.state(), view.sequence(), view.position()))
        .orElseGet(() -> new At<>(kind.initial().apply(entityId), 0, FeedPosition.START));
  }

  private Optional<EntityView> stored(Connection connection, String entityId) throws SQLException {
    return Sql.list(
            connection,
            EntityViews.SELECT
                + tables.named("entity_view")
                + " where entity_type = ? and entity_id = ?",
            result -> EntityViews.read(result, codec),
            kind.type(),
            entityId)
        .stream()
        .findFirst();
  }

  @Override
  Optional<Shown> shown(Connection connection, String entityId) throws SQLException {
    return stored(connection, entityId)
        .map(
            view ->
                new Shown(
                    view.sequence(), List.of(Optional.ofNullable(view.accountId()), view.state())));
  }

  @Override
  Optional<Object> expected(String entityId, S state) {
    return Optional.of(List.of(account.apply(entityId, state), state));
  }

  @Override
  @Nullable Object[] rowOf(String entityId, At<S> at) {
    WireName name = codec.nameOf((Record) at.state());
    return new @Nullable Object[] {
      kind.type(),
      entityId,
      account.apply(entityId, at.state()).orElse(null),
      at.sequence(),
      at.position().txid(),
      at.position().ordering(),
      name.name(),
      (long) name.version(),
      codec.encode((Record) at.state())
    };
  }

  @Override
  Upsert table() {
    return tables.entityView();
  }
}
