package io.tandem.node.entity.wire;

import akka.actor.ActorSystem;
import akka.persistence.SelectedSnapshot;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotSelectionCriteria;
import akka.persistence.snapshot.japi.SnapshotStore;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import com.typesafe.config.Config;
import io.tandem.persistence.journal.rows.EventReads;
import io.tandem.persistence.journal.rows.SnapshotRange;
import io.tandem.persistence.journal.rows.SnapshotRow;
import io.tandem.persistence.journal.rows.Stored;
import io.tandem.persistence.journal.rows.WriteLanes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Snapshots on PostgreSQL, written by a lane of their own, each with the deletion of the ones
 * before it in one statement. {@link NewestSnapshotDao} is its like on H2. Named in {@code
 * tandem-akka.conf}; made by Akka, which asks nothing here for entities that never take one.
 */
public final class LaneSnapshots extends SnapshotStore {

  private final Serialization serialization;
  private final Executor decoding;
  private final WriteLanes<SnapshotRow> lanes;
  private final EventReads reader;

  /**
   * As Akka calls it.
   *
   * @param config {@code tandem-snapshots}
   */
  public LaneSnapshots(Config config) {
    ActorSystem system = context().system();
    this.serialization = SerializationExtension.get(system);
    this.decoding = system.dispatchers().lookup(config.getString("replay-dispatcher"));
    this.lanes = StoreLanes.of(system).snapshots();
    this.reader = StoreLanes.of(system).reader();
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return FutureConverters.asScala(
        reader
            .newestSnapshot(rangeOf(persistenceId, criteria))
            .thenApplyAsync(row -> row.map(this::snapshotOf), decoding));
  }

  private static SnapshotRange rangeOf(String persistenceId, SnapshotSelectionCriteria criteria) {
    return new SnapshotRange(
        persistenceId,
        criteria.minSequenceNr(),
        criteria.maxSequenceNr(),
        criteria.minTimestamp(),
        criteria.maxTimestamp());
  }

  private SelectedSnapshot snapshotOf(SnapshotRow row) {
    return SelectedSnapshot.create(
        SnapshotMetadata.apply(row.persistenceId(), row.sequence(), row.madeAtMillis()),
        serialization.deserialize(row.payload(), row.serializer(), row.manifest()).get());
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    Serializer serializer = serialization.findSerializerFor(snapshot);
    SnapshotRow row =
        new SnapshotRow(
            metadata.persistenceId(),
            metadata.sequenceNr(),
            metadata.timestamp(),
            serializer.identifier(),
            Serializers.manifestFor(serializer, snapshot),
            serializer.toBinary(snapshot));
    CompletableFuture<@Nullable Void> told = new CompletableFuture<>();
    lanes.write(
        List.of(row),
        outcome -> {
          switch (outcome) {
            case Stored.Done done -> told.complete(null);
            case Stored.Refused refused -> told.completeExceptionally(refused.cause());
            case Stored.Failed failed -> told.completeExceptionally(failed.cause());
          }
        });
    return FutureConverters.asScala(told);
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    long sequence = metadata.sequenceNr();
    return delete(
        new SnapshotRange(metadata.persistenceId(), sequence, sequence, 0, Long.MAX_VALUE));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return delete(rangeOf(persistenceId, criteria));
  }

  private Future<Void> delete(SnapshotRange range) {
    return FutureConverters.asScala(
        reader
            .deleteSnapshots(range)
            .thenCompose(deleted -> CompletableFuture.<@Nullable Void>completedFuture(null)));
  }
}
