package io.tandem.node.entity.wire;

import akka.persistence.SnapshotMetadata;
import akka.persistence.jdbc.config.SnapshotConfig;
import akka.persistence.jdbc.snapshot.dao.DefaultSnapshotDao;
import akka.serialization.Serialization;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import akka.stream.Materializer;
import io.tandem.persistence.journal.rows.SnapshotRow;
import io.tandem.persistence.journal.rows.Stored;
import io.tandem.persistence.journal.rows.WriteLanes;
import java.util.List;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.runtime.BoxedUnit;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * Snapshots to PostgreSQL by lanes of their own, each with the deletion of the ones before it in
 * one statement; read as the shipped store does. {@link NewestSnapshotDao} is its like on H2.
 */
public final class ArraySnapshotDao extends DefaultSnapshotDao {

  private final Serialization serialization;
  private final WriteLanes<SnapshotRow> lanes;

  /** As the snapshot store calls it. */
  public ArraySnapshotDao(
      JdbcBackend.DatabaseDef database,
      JdbcProfile profile,
      SnapshotConfig config,
      Serialization serialization,
      ExecutionContext dispatcher,
      Materializer materializer) {
    super(database, profile, config, serialization, dispatcher, materializer);
    this.serialization = serialization;
    this.lanes = StoreLanes.of(serialization.system()).snapshots();
  }

  @Override
  public Future<BoxedUnit> save(SnapshotMetadata metadata, Object snapshot) {
    Serializer serializer = serialization.findSerializerFor(snapshot);
    SnapshotRow row =
        new SnapshotRow(
            metadata.persistenceId(),
            metadata.sequenceNr(),
            metadata.timestamp(),
            serializer.identifier(),
            Serializers.manifestFor(serializer, snapshot),
            serializer.toBinary(snapshot));
    Promise<BoxedUnit> promise = Promise.apply();
    lanes.write(
        List.of(row),
        outcome -> {
          switch (outcome) {
            case Stored.Done done -> promise.success(BoxedUnit.UNIT);
            case Stored.Refused refused -> promise.failure(refused.cause());
            case Stored.Failed failed -> promise.failure(failed.cause());
          }
        });
    return promise.future();
  }
}
