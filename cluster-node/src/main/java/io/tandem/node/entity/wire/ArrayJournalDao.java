package io.tandem.node.entity.wire;

import akka.persistence.AtomicWrite;
import akka.persistence.PersistentRepr;
import akka.persistence.jdbc.config.JournalConfig;
import akka.persistence.jdbc.journal.dao.DefaultJournalDao;
import akka.persistence.journal.Tagged;
import akka.serialization.Serialization;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import akka.stream.Materializer;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.journal.rows.Stored;
import io.tandem.persistence.journal.rows.WriteLanes;
import java.util.ArrayList;
import java.util.List;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.concurrent.Promise;
import scala.runtime.BoxedUnit;
import scala.util.Failure;
import scala.util.Try;
import slick.jdbc.JdbcBackend;
import slick.jdbc.JdbcProfile;

/**
 * The journal's way to PostgreSQL: as the shipped one reads and deletes, and with a write path of
 * our own (ADR 0010). A write that the database refuses for its rows is rejected, which stops its
 * entity and leaves the circuit breaker alone; any other failure fails it.
 *
 * <p>Stores events without tags and metadata, as hosts write them; rejects others.
 */
public class ArrayJournalDao extends DefaultJournalDao {

  private final Serialization serialization;
  private final WriteLanes<EventRow> lanes;

  /** As the journal plugin calls it. */
  public ArrayJournalDao(
      JdbcBackend.DatabaseDef database,
      JdbcProfile profile,
      JournalConfig config,
      Serialization serialization,
      ExecutionContext dispatcher,
      Materializer materializer) {
    super(database, profile, config, serialization, dispatcher, materializer);
    this.serialization = serialization;
    this.lanes = StoreLanes.of(serialization.system()).events();
  }

  @Override
  public Future<Seq<Try<BoxedUnit>>> asyncWriteMessages(Seq<AtomicWrite> messages) {
    List<EventRow> rows;
    try {
      rows = rowsOf(messages);
    } catch (RuntimeException e) {
      return Future.successful(rejected(messages.size(), e));
    }
    Promise<Seq<Try<BoxedUnit>>> promise = Promise.apply();
    lanes.write(
        rows,
        outcome -> {
          switch (outcome) {
            case Stored.Done done -> promise.success(allStored());
            case Stored.Refused refused ->
                promise.success(rejected(messages.size(), refused.cause()));
            case Stored.Failed failed -> promise.failure(failed.cause());
          }
        });
    return promise.future();
  }

  private List<EventRow> rowsOf(Seq<AtomicWrite> messages) {
    List<EventRow> rows = new ArrayList<>();
    for (Iterator<AtomicWrite> writes = messages.iterator(); writes.hasNext(); ) {
      for (Iterator<PersistentRepr> each = writes.next().payload().iterator(); each.hasNext(); ) {
        rows.add(rowOf(each.next()));
      }
    }
    return rows;
  }

  private EventRow rowOf(PersistentRepr event) {
    Object payload = event.payload();
    if (payload instanceof Tagged || event.metadata().isDefined() || !event.manifest().isEmpty()) {
      throw new IllegalArgumentException(
          event.persistenceId() + ": tags, metadata and adapters have no place in this journal");
    }
    Serializer serializer = serialization.findSerializerFor(payload);
    return new EventRow(
        event.persistenceId(),
        event.sequenceNr(),
        event.writerUuid(),
        event.timestamp(),
        serializer.identifier(),
        Serializers.manifestFor(serializer, payload),
        serializer.toBinary(payload));
  }

  /** An empty list says so. */
  @SuppressWarnings("unchecked") // it has no elements
  private static Seq<Try<BoxedUnit>> allStored() {
    return (Seq<Try<BoxedUnit>>) (Seq<?>) scala.collection.immutable.Nil$.MODULE$;
  }

  private static Seq<Try<BoxedUnit>> rejected(int writes, Exception cause) {
    List<Try<BoxedUnit>> each = new ArrayList<>(writes);
    for (int i = 0; i < writes; i++) {
      each.add(new Failure<>(cause));
    }
    return scala.jdk.javaapi.CollectionConverters.asScala(each).toList();
  }
}
