package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.WireName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Entities looked up and listed by their latest state. A moment behind the entity itself: good for
 * lists and for candidates, never for a decision about money. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class EntityViews {

  static final String SELECT =
      "select entity_type, entity_id, account_id, sequence, txid, ordering,"
          + " state_name, state_version, state from ";

  private final Database database;
  private final EventCodec codec;

  public EntityViews(Database database, EventCodec codec) {
    this.database = database;
    this.codec = codec;
  }

  /** One entity. */
  public Optional<EntityView> byId(String entityType, String entityId) {
    return list(" where entity_type = ? and entity_id = ?", entityType, entityId).stream()
        .findFirst();
  }

  /**
   * The entities of an account, by id.
   *
   * @param afterId the last id of the page before, empty for the first page
   */
  public List<EntityView> ofAccount(
      String entityType, String accountId, String afterId, int limit) {
    return list(
        " where entity_type = ? and account_id = ? and entity_id > ? order by entity_id limit ?",
        entityType,
        accountId,
        afterId,
        limit);
  }

  /**
   * All entities of a type, by id.
   *
   * @param afterId the last id of the page before, empty for the first page
   */
  public List<EntityView> all(String entityType, String afterId, int limit) {
    return list(
        " where entity_type = ? and entity_id > ? order by entity_id limit ?",
        entityType,
        afterId,
        limit);
  }

  /**
   * What changed after a position, of any type, in feed order: a directory in memory follows it by
   * asking on from the last position it got.
   */
  public List<EntityView> changedSince(FeedPosition position, int limit) {
    return list(
        " where (txid, ordering) > (?, ?) order by txid, ordering limit ?",
        position.txid(),
        position.ordering(),
        limit);
  }

  private List<EntityView> list(String where, Object... parameters) {
    return database.run(
        c -> Sql.list(c, SELECT + "entity_view" + where, row -> read(row, codec), parameters));
  }

  static EntityView read(ResultSet row, EventCodec codec) throws SQLException {
    WireName name = new WireName(row.getString("state_name"), row.getInt("state_version"));
    return new EntityView(
        row.getString("entity_type"),
        row.getString("entity_id"),
        row.getString("account_id"),
        row.getLong("sequence"),
        new FeedPosition(row.getLong("txid"), row.getLong("ordering")),
        codec.decode(name, row.getBytes("state")));
  }
}
