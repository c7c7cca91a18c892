package io.tandem.node.entity.wire;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.AkkaConfig;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The write paths that keep the journal's contract, each on an empty database. */
enum Journals {
  /** As the plugin comes, on H2: what a single machine runs on. */
  SHIPPED_ON_H2(Databases.H2_FILE, true, false),
  /** As the plugin comes, on PostgreSQL: what ours is held against. */
  SHIPPED_ON_POSTGRESQL(Databases.POSTGRESQL, true, false),
  /** Ours, as hosts write. */
  ARRAYS_ON_POSTGRESQL(Databases.POSTGRESQL, false, true),
  /** Ours, written by somebody else who knows Akka's protocol only. */
  ARRAYS_BY_AKKAS_PROTOCOL(Databases.POSTGRESQL, false, false);

  private static final String SHIPPED =
      """
      akka.persistence.journal { plugin = "jdbc-journal", auto-start-journals = ["jdbc-journal"] }
      akka.persistence.snapshot-store {
        plugin = "jdbc-snapshot-store", auto-start-snapshot-stores = ["jdbc-snapshot-store"]
      }
      """;

  private final Databases databases;
  private final boolean shipped;
  private final boolean asHost;

  Journals(Databases databases, boolean shipped, boolean asHost) {
    this.databases = databases;
    this.shipped = shipped;
    this.asHost = asHost;
  }

  /** A journal on a fresh database, which is closed with it. */
  JournalProbe open() {
    return open("");
  }

  /** The same, told something else by configuration. */
  JournalProbe open(String told) {
    Database database = databases.open(Database.Contents.JOURNAL);
    Config node =
        new AkkaConfig(
                "journal",
                "127.0.0.1",
                0,
                List.of(),
                Set.of("control"),
                Duration.ofMinutes(5),
                database.settings())
            .config();
    Config config =
        ConfigFactory.parseString("akka.actor.provider = local\n" + told)
            .withFallback(ConfigFactory.parseString(shipped ? SHIPPED : ""))
            .withFallback(node);
    return new JournalProbe(config, database, asHost);
  }
}
