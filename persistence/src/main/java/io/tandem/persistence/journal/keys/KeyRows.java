package io.tandem.persistence.journal.keys;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.KeyId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of data keys. */
final class KeyRows {

  /** Whose a key is. */
  record Assignment(String subject, DataClass dataClass, String period) {}

  /** A stored key; wrapped is null once destroyed. */
  record Stored(KeyId id, byte @Nullable [] wrapped) {}

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Database database;
  private final MasterKey master;
  private final String owner;

  KeyRows(Database database, MasterKey master, String owner) {
    this.database = database;
    this.master = master;
    this.owner = owner;
  }

  /** Makes a block of keys that are nobody's yet; durable when it returns. */
  List<DataKey> make(int count, Instant now) {
    List<DataKey> keys = new ArrayList<>(count);
    List<@Nullable Object[]> rows = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] secret = new byte[DataKey.BYTES];
      RANDOM.nextBytes(secret);
      DataKey key = DataKey.of(KeyId.random(), secret);
      keys.add(key);
      rows.add(new Object[] {key.id().toString(), master.wrap(key), now, owner});
    }
    return database.inTransaction(
        connection -> {
          Sql.batch(
              connection,
              "insert into data_key (key_id, wrapped, made_at, made_by) values (?, ?, ?, ?)",
              rows);
          return keys;
        });
  }

  /** Notes whose keys are, where that is not known yet. */
  void assign(Map<KeyId, Assignment> assignments) {
    List<@Nullable Object[]> rows = new ArrayList<>(assignments.size());
    assignments.forEach(
        (id, to) ->
            rows.add(
                new Object[] {to.subject(), to.dataClass().code(), to.period(), id.toString()}));
    int[] unused =
        database.inTransaction(
            connection ->
                Sql.batch(
                    connection,
                    "update data_key set subject = ?, data_class = ?, period = ? where key_id = ? and subject is null",
                    rows));
  }

  Optional<Stored> find(KeyId id) {
    return list("where key_id = ?", id.toString()).stream().findFirst();
  }

  /** A key with what is noted of it. */
  record Noted(
      Stored stored, Instant madeAt, @Nullable Instant destroyedAt, @Nullable String period) {}

  /** Those of some keys that there are. */
  List<Noted> noted(Collection<KeyId> ids) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select key_id, wrapped, made_at, destroyed_at, period from data_key where key_id"
                    + " in ("
                    + String.join(", ", Collections.nCopies(ids.size(), "?"))
                    + ")",
                row ->
                    new Noted(
                        new Stored(KeyId.parse(row.getString("key_id")), row.getBytes("wrapped")),
                        Sql.instant(row.getLong("made_at")),
                        Sql.instant(row, "destroyed_at"),
                        row.getString("period")),
                ids.stream().map(KeyId::toString).toArray()));
  }

  /** Any key that is not destroyed, to try the master key on. */
  Optional<Stored> any() {
    return list("where wrapped is not null limit 1").stream().findFirst();
  }

  Collection<KeyId> destroyedSince(Instant instant) {
    return list("where destroyed_at >= ?", instant).stream().map(Stored::id).toList();
  }

  /** Destroys keys; they are gone when it returns. Gives their names. */
  Collection<KeyId> destroy(
      String subject, DataClass dataClass, @Nullable String period, Instant now) {
    String which =
        "subject = ? and data_class = ?"
            + (period == null ? "" : " and period = ?")
            + " and wrapped is not null";
    List<Object> parameters = new ArrayList<>(List.of(subject, dataClass.code()));
    if (period != null) {
      parameters.add(period);
    }
    return database.inTransaction(
        connection -> {
          List<String> ids =
              Sql.list(
                  connection,
                  "select key_id from data_key where " + which + " for update",
                  row -> row.getString("key_id"),
                  parameters.toArray());
          List<@Nullable Object[]> rows = new ArrayList<>();
          ids.forEach(id -> rows.add(new Object[] {now, id}));
          Sql.batch(
              connection,
              "update data_key set wrapped = null, destroyed_at = ? where key_id = ?",
              rows);
          return ids.stream().map(KeyId::parse).toList();
        });
  }

  private List<Stored> list(String where, Object... parameters) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select key_id, wrapped from data_key " + where,
                row -> new Stored(KeyId.parse(row.getString("key_id")), row.getBytes("wrapped")),
                parameters));
  }
}
