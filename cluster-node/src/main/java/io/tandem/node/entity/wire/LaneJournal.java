package io.tandem.node.entity.wire;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.pattern.CircuitBreaker;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.Tagged;
import akka.persistence.journal.japi.AsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import com.typesafe.config.Config;
import io.tandem.node.entity.host.HostMessage.Written;
import io.tandem.node.entity.host.Recorded;
import io.tandem.persistence.journal.rows.EventRange;
import io.tandem.persistence.journal.rows.EventReads;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.journal.rows.Stored;
import io.tandem.persistence.journal.rows.WriteLanes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import scala.PartialFunction;
import scala.collection.Iterator;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/**
 * The journal on PostgreSQL (ADR 0010): the tables of akka-persistence-jdbc, written by lanes that
 * take many entities' events as one statement, read by plain queries. Named in {@code
 * tandem-akka.conf}; made by Akka.
 *
 * <p>A write that the database refuses for its rows is rejected, which stops its entity and leaves
 * the circuit breaker alone; any other failure fails it. Stores events without tags and metadata,
 * as hosts write them; rejects others.
 */
public final class LaneJournal extends AsyncWriteJournal {

  private static final String OPEN = "the journal has failed just now: not asked";

  private final Serialization serialization;
  private final Executor decoding;
  private final int pageEvents;
  private final WriteLanes<EventRow> lanes;
  private final EventReads reader;
  private final NewEntities fresh;
  private final CircuitBreaker breaker;

  /** By entity, its write that is under way: who loads it meanwhile waits for the end of that. */
  private final ConcurrentHashMap<String, CompletableFuture<Stored>> underWay =
      new ConcurrentHashMap<>();

  /**
   * As Akka calls it.
   *
   * @param config {@code tandem-journal}
   */
  public LaneJournal(Config config) {
    ActorSystem system = context().system();
    this.serialization = SerializationExtension.get(system);
    this.decoding = system.dispatchers().lookup(config.getString("replay-dispatcher"));
    this.pageEvents = config.getInt("page-events");
    this.lanes = StoreLanes.of(system).events();
    this.reader = StoreLanes.of(system).reader();
    this.fresh = NewEntities.of(system);
    Config limits = config.getConfig("circuit-breaker");
    this.breaker =
        new CircuitBreaker(
            system.dispatcher(),
            system.scheduler(),
            limits.getInt("max-failures"),
            limits.getDuration("call-timeout"),
            limits.getDuration("reset-timeout"));
  }

  // ---- writing

  /**
   * Takes what hosts write past Akka's frame for journals, which gives each event of a write five
   * messages and futures between the lane and its actor; one does ({@link Written}). All else goes
   * through the frame.
   */
  @Override
  public void aroundReceive(PartialFunction<Object, BoxedUnit> receive, Object message) {
    if (message instanceof JournalProtocol.WriteMessages write && isOfHost(write)) {
      write(write);
    } else {
      super.aroundReceive(receive, message);
    }
  }

  /** One atomic write of events that this node has just decided. */
  private static boolean isOfHost(JournalProtocol.WriteMessages write) {
    return write.messages().size() == 1
        && write.messages().head() instanceof AtomicWrite atomic
        && atomic.payload().head().payload() instanceof Recorded recorded
        && recorded.after() != null;
  }

  private void write(JournalProtocol.WriteMessages write) {
    ActorRef host = write.persistentActor();
    if (breaker.isOpen()) {
      tell(host, new Written(write, new Stored.Failed(new IllegalStateException(OPEN))));
      return;
    }
    List<EventRow> rows = new ArrayList<>();
    long now = System.currentTimeMillis();
    try {
      for (Iterator<PersistentRepr> each = Written.eventsOf(write); each.hasNext(); ) {
        rows.add(rowOf(each.next(), now));
      }
    } catch (RuntimeException e) {
      tell(host, new Written(write, new Stored.Refused(e)));
      return;
    }
    store(
        rows,
        outcome -> {
          if (outcome instanceof Stored.Failed) {
            breaker.fail();
          } else {
            breaker.succeed();
          }
          tell(host, new Written(write, outcome));
        });
  }

  private static void tell(ActorRef host, Written written) {
    host.tell(written, ActorRef.noSender());
  }

  /** Hands rows of one entity to the lanes; meanwhile it is known that they are under way. */
  private void store(List<EventRow> rows, Consumer<Stored> told) {
    String persistenceId = rows.getFirst().persistenceId();
    CompletableFuture<Stored> stored = new CompletableFuture<>();
    underWay.put(persistenceId, stored);
    lanes.write(
        rows,
        outcome -> {
          boolean unused = underWay.remove(persistenceId, stored);
          stored.complete(outcome);
          told.accept(outcome);
        });
  }

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<EventRow> rows = new ArrayList<>();
    long now = System.currentTimeMillis();
    int writes = 0;
    try {
      for (AtomicWrite write : messages) {
        writes++;
        for (Iterator<PersistentRepr> each = write.payload().iterator(); each.hasNext(); ) {
          rows.add(rowOf(each.next(), now));
        }
      }
    } catch (RuntimeException e) {
      return Future.successful(rejected(count(messages), e));
    }
    int all = writes;
    CompletableFuture<Iterable<Optional<Exception>>> told = new CompletableFuture<>();
    store(
        rows,
        outcome -> {
          switch (outcome) {
            case Stored.Done done -> told.complete(List.of()); // an empty list says all are stored
            case Stored.Refused refused -> told.complete(rejected(all, refused.cause()));
            case Stored.Failed failed -> told.completeExceptionally(failed.cause());
          }
        });
    return FutureConverters.asScala(told);
  }

  private EventRow rowOf(PersistentRepr event, long nowMillis) {
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
        nowMillis,
        serializer.identifier(),
        Serializers.manifestFor(serializer, payload),
        serializer.toBinary(payload));
  }

  private static int count(Iterable<AtomicWrite> messages) {
    int count = 0;
    for (AtomicWrite unused : messages) {
      count++;
    }
    return count;
  }

  private static Iterable<Optional<Exception>> rejected(int writes, Exception cause) {
    return Collections.nCopies(writes, Optional.of(cause));
  }

  // ---- loading

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long from) {
    CompletableFuture<Stored> write = underWay.get(persistenceId);
    if (write == null && fresh.take(persistenceId)) {
      return Future.successful(0L);
    }
    return FutureConverters.asScala(
        write == null
            ? reader.end(persistenceId)
            : write.thenCompose(ended -> reader.end(persistenceId)));
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    return FutureConverters.asScala(page(persistenceId, from, to, max, replay));
  }

  /**
   * Replays page by page. A page is decoded away from the lane that read it; the next is asked for
   * behind whatever others have asked meanwhile.
   */
  private CompletionStage<Void> page(
      String persistenceId, long from, long to, long max, Consumer<PersistentRepr> replay) {
    int events = (int) Math.min(pageEvents, max);
    if (events <= 0 || from > to) {
      return nothing();
    }
    return reader
        .events(new EventRange(persistenceId, from, to, events))
        .thenComposeAsync(
            rows -> {
              rows.forEach(row -> replay.accept(eventOf(row)));
              return rows.size() < events
                  ? nothing()
                  : page(
                      persistenceId, rows.getLast().sequence() + 1, to, max - rows.size(), replay);
            },
            decoding);
  }

  private PersistentRepr eventOf(EventRow row) {
    Object payload =
        serialization.deserialize(row.payload(), row.serializer(), row.manifest()).get();
    return PersistentRepr.apply(
            payload,
            row.sequence(),
            row.persistenceId(),
            "",
            false,
            ActorRef.noSender(),
            row.writer())
        .withTimestamp(row.writtenAtMillis());
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long to) {
    return FutureConverters.asScala(
        reader.deleteEvents(persistenceId, to).thenCompose(deleted -> nothing()));
  }

  private static CompletableFuture<@Nullable Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }
}
