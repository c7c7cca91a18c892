package io.tandem.persistence.journal.keys;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.KeyId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The keys for one who only reads, such as an auditor: nothing is made, noted or destroyed. The
 * owner of the database closes it.
 */
public final class ReadingKeyStore implements KeyStore {
  private final KeyRows rows;
  private final MasterKey master;
  private final Map<KeyId, DataKey> opened = new ConcurrentHashMap<>();

  /** On an open database of {@link Database.Contents#KEYS}. */
  public ReadingKeyStore(Database database, MasterKey master) {
    this.rows = new KeyRows(database, master, "reader");
    this.master = master;
  }

  @Override
  public Optional<DataKey> find(KeyId id) {
    DataKey known = opened.get(id);
    if (known != null) {
      return Optional.of(known);
    }
    KeyRows.Stored stored =
        rows.find(id)
            .orElseThrow(
                () ->
                    new JournalException(
                        Fault.UNKNOWN_KEY, "this key store never had a key " + id));
    byte[] wrapped = stored.wrapped();
    if (wrapped == null) {
      return Optional.empty();
    }
    DataKey key = master.unwrap(id, wrapped);
    opened.put(id, key);
    return Optional.of(key);
  }

  /**
   * What this store has of a key.
   *
   * @param destroyed its name alone is left
   * @param opens whether the master key opens it
   * @param destroyedAt null where it was not, or nobody noted it
   * @param period of which month it is; null where it is not noted whose it is
   */
  public record Kept(
      boolean destroyed,
      boolean opens,
      Instant madeAt,
      @Nullable Instant destroyedAt,
      @Nullable String period) {}

  /**
   * Looks at some keys; those it does not have are not in the answer.
   *
   * @throws JournalException UNAVAILABLE
   */
  public Map<KeyId, Kept> look(Collection<KeyId> ids) {
    Map<KeyId, Kept> all = new HashMap<>();
    for (KeyRows.Noted each : rows.noted(ids)) {
      KeyId id = each.stored().id();
      byte[] wrapped = each.stored().wrapped();
      all.put(
          id,
          new Kept(
              wrapped == null,
              wrapped != null && opens(id, wrapped),
              each.madeAt(),
              each.destroyedAt(),
              each.period()));
    }
    return all;
  }

  private boolean opens(KeyId id, byte[] wrapped) {
    try {
      DataKey unused = master.unwrap(id, wrapped);
      return true;
    } catch (JournalException e) {
      return false;
    }
  }

  @Override
  public DataKey keyFor(String subject, DataClass dataClass, String period) {
    throw readsOnly();
  }

  @Override
  public void adopt(KeyId id, String subject, DataClass dataClass, String period) {
    // what was noted stays noted; a reader adds nothing
  }

  @Override
  public int destroy(String subject, DataClass dataClass) {
    throw readsOnly();
  }

  @Override
  public int destroy(String subject, DataClass dataClass, String period) {
    throw readsOnly();
  }

  private static JournalException readsOnly() {
    return new JournalException(Fault.UNWRITABLE, "this key store is open for reading only");
  }

  @Override
  public void close() {
    opened.clear();
  }
}
