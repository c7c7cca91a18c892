package io.tandem.node.entity.wire;

import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.stream.Materializer;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * Keeps an entity's newest snapshot and deletes the ones before it. One is enough: where it cannot
 * be read, the events are replayed from the first. Named in {@code tandem-akka.conf}; made by the
 * snapshot store.
 */
public final class NewestSnapshotDao extends DefaultSnapshotDao {

  private final ExecutionContext dispatcher;

  /** As the snapshot store calls it. */
  public NewestSnapshotDao(
      JdbcBackend.DatabaseDef database,
      JdbcProfile profile,
      SnapshotConfig config,
      Serialization serialization,
      ExecutionContext dispatcher,
      Materializer materializer) {
    super(database, profile, config, serialization, dispatcher, materializer);
    this.dispatcher = dispatcher;
  }

  @Override
  public Future<BoxedUnit> save(SnapshotMetadata metadata, Object snapshot) {
    return super.save(metadata, snapshot)
        .flatMap(
            saved -> deleteUpToMaxSequenceNr(metadata.persistenceId(), metadata.sequenceNr() - 1),
            dispatcher);
  }
}
