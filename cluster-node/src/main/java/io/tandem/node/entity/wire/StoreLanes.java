package io.tandem.node.entity.wire;

import akka.actor.AbstractExtensionId;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import com.typesafe.config.Config;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.rows.EventReads;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.journal.rows.EventRows;
import io.tandem.persistence.journal.rows.LaneSettings;
import io.tandem.persistence.journal.rows.SnapshotRow;
import io.tandem.persistence.journal.rows.SnapshotRows;
import io.tandem.persistence.journal.rows.WriteLanes;

/**
 * The lanes to PostgreSQL and back of one actor system, closed with it: {@code tandem-journal} in
 * its configuration.
 */
final class StoreLanes implements Extension {

  private static final Id ID = new Id();
  private static final int SNAPSHOT_LANES = 1;
  private static final long SNAPSHOT_BYTES_MAX = 64L << 20;

  private final WriteLanes<EventRow> events;
  private final WriteLanes<SnapshotRow> snapshots;
  private final EventReads reader;

  private StoreLanes(Config config) {
    String schema = config.getString("schema");
    DatabaseSettings database =
        new DatabaseSettings(
            config.getString("url"),
            config.getString("user"),
            config.getString("password"),
            1,
            schema.isEmpty() ? null : schema);
    LaneSettings settings =
        new LaneSettings(
            database,
            config.getInt("lanes"),
            config.getDuration("linger"),
            config.getInt("crowd-rows"),
            config.getInt("rows-max"),
            config.getBytes("bytes-max"));
    events = WriteLanes.start("tandem-journal", new EventRows(), settings);
    snapshots =
        WriteLanes.start(
            "tandem-snapshot",
            new SnapshotRows(),
            new LaneSettings(
                database,
                SNAPSHOT_LANES,
                settings.linger(),
                settings.crowdRows(),
                settings.rowsMax(),
                SNAPSHOT_BYTES_MAX));
    reader = EventReads.start(database, config.getInt("read-lanes"));
  }

  /** Those of this system. */
  static StoreLanes of(ActorSystem system) {
    return ID.get(system);
  }

  WriteLanes<EventRow> events() {
    return events;
  }

  WriteLanes<SnapshotRow> snapshots() {
    return snapshots;
  }

  EventReads reader() {
    return reader;
  }

  private static final class Id extends AbstractExtensionId<StoreLanes> {
    @Override
    public StoreLanes createExtension(ExtendedActorSystem system) {
      StoreLanes lanes = new StoreLanes(system.settings().config().getConfig("tandem-journal"));
      system.registerOnTermination(
          () -> {
            lanes.events.close();
            lanes.snapshots.close();
            lanes.reader.close();
          });
      return lanes;
    }
  }
}
