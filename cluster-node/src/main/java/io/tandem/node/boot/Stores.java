package io.tandem.node.boot;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.JdbcKeyStore;
import io.tandem.persistence.privacy.Erasures;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of a node, open and of this build's schema.
 *
 * @param journal journal, snapshots and read models
 * @param keyDatabase where data keys are
 * @param keys the data keys
 */
public record Stores(Database journal, Database keyDatabase, JdbcKeyStore keys)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Stores.class);

  /**
   * Opens them.
   *
   * @param owner the node's incarnation
   * @throws CannotStart when one cannot be reached, was migrated by a newer build, or its keys are
   *     not ours
   */
  public static Stores open(
      Settings settings, NodeSecrets secrets, String owner, InstantSource clock) {
    Database journal =
        opened("tandem.database.url", journalOf(settings), Database.Contents.JOURNAL);
    try {
      Database keyDatabase = opened("tandem.keys.url", keysOf(settings), Database.Contents.KEYS);
      try {
        JdbcKeyStore keys = JdbcKeyStore.start(keyDatabase, secrets.master(), owner, clock);
        int again = new Erasures(journal, keyDatabase, keys, settings.privacy().law()).replay();
        if (again > 0) {
          LOG.warn("{} keys were destroyed again: this key store was an older copy", again);
        }
        return new Stores(journal, keyDatabase, keys);
      } catch (JournalException e) {
        keyDatabase.close();
        throw new CannotStart("tandem.keys.master: " + e.getMessage(), e);
      }
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private static Database opened(
      String key, DatabaseSettings settings, Database.Contents contents) {
    try {
      return Database.open(settings, contents);
    } catch (JournalException e) {
      throw new CannotStart(key + ": " + e.getMessage(), e);
    }
  }

  /** Where the journal is. */
  public static DatabaseSettings journalOf(Settings settings) {
    Settings.Store store = settings.database();
    return store.url().isEmpty()
        ? new DatabaseSettings(
            "jdbc:h2:file:" + settings.directory().toAbsolutePath() + "/tandem", "tandem", "")
        : new DatabaseSettings(
            store.url(), store.user(), store.password(), store.connections(), null);
  }

  /** Where the data keys are. */
  public static DatabaseSettings keysOf(Settings settings) {
    Settings.Keys keys = settings.keys();
    return keys.url().isEmpty()
        ? new DatabaseSettings(
            "jdbc:h2:file:" + settings.directory().toAbsolutePath() + "/keys",
            "tandem",
            "",
            2,
            null)
        : new DatabaseSettings(keys.url(), keys.user(), keys.password(), 2, null);
  }

  @Override
  public void close() {
    keys.close();
    keyDatabase.close();
    journal.close();
  }
}
