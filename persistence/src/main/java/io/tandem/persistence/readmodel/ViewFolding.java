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

  private static final Upsert WRITE =
      new Upsert(
          "entity_view",
          2,
          Upsert.text("entity_type"),
          Upsert.text("entity_id"),
          Upsert.text("account_id"),
          Upsert.number("sequence"),
          Upsert.number("txid"),
          Upsert.number("ordering"),
          Upsert.text("state_name"),
          Upsert.number("state_version"),
          Upsert.bytes("state"));

  private final BiFunction<String, S, Optional<String>> account;

  ViewFolding(
      EntityKind<S, E> kind, EventCodec codec, BiFunction<String, S, Optional<String>> account) {
    super(kind, codec);
    this.account = account;
  }

  @Override
  @SuppressWarnings("unchecked") // what was written under this type is of this kind
  At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException {
    List<EntityView> stored =
        Sql.list(
            connection,
            EntityViews.SELECT + " where entity_type = ? and entity_id = ?",
            result -> EntityViews.read(result, codec),
            kind.type(),
            entityId);
    if (stored.isEmpty()) {
      return new At<>(kind.initial().apply(entityId), 0, FeedPosition.START);
    }
    EntityView view = stored.getFirst();
    return new At<>((S) view.state(), view.sequence(), view.position());
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
    return WRITE;
  }
}
