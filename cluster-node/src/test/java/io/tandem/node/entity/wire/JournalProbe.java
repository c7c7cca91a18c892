package io.tandem.node.entity.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.AbstractActor;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.BootstrapSetup;
import akka.actor.Props;
import akka.actor.setup.ActorSystemSetup;
import akka.pattern.Patterns;
import akka.persistence.AtomicWrite;
import akka.persistence.DeleteMessagesFailure;
import akka.persistence.DeleteMessagesSuccess;
import akka.persistence.DeleteSnapshotsSuccess;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentRepr;
import akka.persistence.SaveSnapshotSuccess;
import akka.persistence.SnapshotMetadata;
import akka.persistence.SnapshotProtocol;
import akka.persistence.SnapshotSelectionCriteria;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.tandem.node.entity.host.CommandWindow;
import io.tandem.node.entity.host.HostMessage;
import io.tandem.node.entity.host.Hosted;
import io.tandem.node.entity.host.Recorded;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyEvent;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.journal.rows.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import scala.jdk.javaapi.CollectionConverters;

/** A journal as a persistent actor sees it: writes, replays and deletes, by Akka's own protocol. */
final class JournalProbe implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 20;

  /** What became of a write. */
  enum Outcome {
    STORED,
    /** These rows alone are not taken; the journal is well. */
    REJECTED,
    /** The journal failed. */
    FAILED
  }

  /** What a replay gave. */
  record Replayed(List<Long> sequences, List<Long> sums, long highest) {}

  private final ActorSystem system;
  private final ActorRef journal;
  private final ActorRef snapshots;
  private final Database database;
  private final boolean asHost;
  private final EntityCodecs codecs =
      EntityCodecs.of(
          List.of(Tally.TYPE),
          List.of(),
          new AesGcmSealer(new MemoryKeyStore(), InstantSource.system()));

  /**
   * @param asHost writes what it has just decided, as hosts do
   */
  JournalProbe(Config config, Database database, boolean asHost) {
    this.database = database;
    this.asHost = asHost;
    this.system =
        ActorSystem.create(
            "journal",
            ActorSystemSetup.create(BootstrapSetup.create(config), EntitySerializers.of(codecs)));
    String plugin = config.getString("akka.persistence.journal.plugin");
    this.journal = Persistence.get(system).journalFor(plugin, ConfigFactory.empty());
    String store = config.getString("akka.persistence.snapshot-store.plugin");
    this.snapshots = Persistence.get(system).snapshotStoreFor(store, ConfigFactory.empty());
  }

  Database database() {
    return database;
  }

  /** Writes events {@code from}, {@code from + 1} … as one, each carrying a sum, and waits. */
  Outcome write(String entity, long from, long... sums) {
    return get(writeLater(entity, from, sums));
  }

  /** As {@link #write}, without waiting. */
  CompletableFuture<Outcome> writeLater(String entity, long from, long... sums) {
    String writer = UUID.randomUUID().toString();
    List<PersistentRepr> events = new ArrayList<>();
    for (int i = 0; i < sums.length; i++) {
      Recorded recorded = event(entity, from + i, sums[i]);
      events.add(
          PersistentRepr.apply(
              recorded, from + i, "tally|" + entity, "", false, ActorRef.noSender(), writer));
    }
    PersistentEnvelope write = AtomicWrite.apply(CollectionConverters.asScala(events).toList());
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    ActorRef waiting = system.actorOf(Props.create(Writing.class, () -> new Writing(outcome)));
    journal.tell(
        new JournalProtocol.WriteMessages(
            CollectionConverters.asScala(List.of(write)).toList(), waiting, 1),
        waiting);
    return outcome;
  }

  /** Rows that wait for a lane just now. */
  int waitingRows() {
    return StoreLanes.of(system).events().waitingRows();
  }

  /** Replays a range, at most {@code max} events. */
  Replayed replay(String entity, long from, long to, long max) {
    CompletableFuture<Replayed> replayed = new CompletableFuture<>();
    ActorRef waiting = system.actorOf(Props.create(Replaying.class, () -> new Replaying(replayed)));
    journal.tell(
        new JournalProtocol.ReplayMessages(from, to, max, "tally|" + entity, waiting), waiting);
    return get(replayed);
  }

  /** Replays everything. */
  Replayed replay(String entity) {
    return replay(entity, 1, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /** Deletes the events up to one. */
  void delete(String entity, long to) {
    CompletableFuture<Long> deleted = new CompletableFuture<>();
    ActorRef waiting = system.actorOf(Props.create(Deleting.class, () -> new Deleting(deleted)));
    journal.tell(new JournalProtocol.DeleteMessagesTo("tally|" + entity, to, waiting), waiting);
    long unused = get(deleted);
  }

  /** Saves a snapshot of an entity as it is after an event; whether it was saved. */
  boolean save(String entity, long sequence) {
    var state = Tally.TYPE.initial().apply(entity);
    var hosted = new Hosted<>(state, sequence, Hash.NONE, null, CommandWindow.EMPTY);
    var metadata = SnapshotMetadata.apply("tally|" + entity, sequence); // Akka adds the time
    return askSnapshots(new SnapshotProtocol.SaveSnapshot(metadata, hosted))
        instanceof SaveSnapshotSuccess;
  }

  /** After which event the newest snapshot is that is chosen; 0 where none is. */
  long snapshot(String entity, SnapshotSelectionCriteria which) {
    Object answer =
        askSnapshots(new SnapshotProtocol.LoadSnapshot("tally|" + entity, which, Long.MAX_VALUE));
    var found = ((SnapshotProtocol.LoadSnapshotResult) answer).snapshot();
    if (found.isEmpty()) {
      return 0;
    }
    long sequence = found.get().metadata().sequenceNr();
    assertThat(((Hosted<?>) found.get().snapshot()).sequence()).isEqualTo(sequence);
    assertThat(found.get().metadata().timestamp()).isPositive();
    return sequence;
  }

  /** Deletes the snapshots that are chosen. */
  void deleteSnapshots(String entity, SnapshotSelectionCriteria which) {
    assertThat(askSnapshots(new SnapshotProtocol.DeleteSnapshots("tally|" + entity, which)))
        .isInstanceOf(DeleteSnapshotsSuccess.class);
  }

  private Object askSnapshots(Object message) {
    return get(
        Patterns.ask(snapshots, message, Duration.ofSeconds(PATIENCE_SECONDS))
            .toCompletableFuture());
  }

  private Recorded event(String entity, long sequence, long sum) {
    TallyEvent event = new TallyEvent.Counted(sum);
    EventHeader header =
        new EventHeader(
            "tally",
            entity,
            sequence,
            codecs.sealed().nameOf((Record) event),
            "cmd",
            CommandDigest.NONE,
            "test",
            "tester",
            Instant.EPOCH,
            "n0@1",
            Hash.NONE,
            null);
    Envelope envelope = Envelope.of(header, codecs.sealed().encode((Record) event));
    var state = Tally.TYPE.initial().apply(entity);
    return asHost
        ? new Recorded(
            envelope,
            event,
            new Hosted<>(state, sequence, envelope.hash(), null, CommandWindow.EMPTY))
        : Recorded.read(envelope, event);
  }

  static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    system.terminate();
    var unused = get(system.getWhenTerminated().toCompletableFuture());
    database.close();
  }

  private static final class Writing extends AbstractActor {
    private final CompletableFuture<Outcome> outcome;

    Writing(CompletableFuture<Outcome> outcome) {
      this.outcome = outcome;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(HostMessage.Written.class, written -> end(outcomeOf(written.outcome())))
          .match(JournalProtocol.WriteMessageSuccess.class, each -> end(Outcome.STORED))
          .match(JournalProtocol.WriteMessageRejected.class, each -> end(Outcome.REJECTED))
          .match(JournalProtocol.WriteMessageFailure.class, each -> end(Outcome.FAILED))
          .build();
    }

    private static Outcome outcomeOf(Stored stored) {
      return switch (stored) {
        case Stored.Done done -> Outcome.STORED;
        case Stored.Refused refused -> Outcome.REJECTED;
        case Stored.Failed failed -> Outcome.FAILED;
      };
    }

    private void end(Outcome with) {
      outcome.complete(with);
      getContext().stop(getSelf());
    }
  }

  private static final class Replaying extends AbstractActor {
    private final CompletableFuture<Replayed> replayed;
    private final List<Long> sequences = new ArrayList<>();
    private final List<Long> sums = new ArrayList<>();

    Replaying(CompletableFuture<Replayed> replayed) {
      this.replayed = replayed;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(JournalProtocol.ReplayedMessage.class, each -> take(each.persistent()))
          .match(JournalProtocol.RecoverySuccess.class, this::end)
          .match(
              JournalProtocol.ReplayMessagesFailure.class,
              failure -> replayed.completeExceptionally(failure.cause()))
          .build();
    }

    private void take(PersistentRepr event) {
      Recorded recorded = (Recorded) event.payload();
      sequences.add(event.sequenceNr());
      sums.add(((TallyEvent.Counted) recorded.event()).sum());
    }

    private void end(JournalProtocol.RecoverySuccess success) {
      replayed.complete(new Replayed(sequences, sums, success.highestSequenceNr()));
      getContext().stop(getSelf());
    }
  }

  private static final class Deleting extends AbstractActor {
    private final CompletableFuture<Long> deleted;

    Deleting(CompletableFuture<Long> deleted) {
      this.deleted = deleted;
    }

    @Override
    public Receive createReceive() {
      return receiveBuilder()
          .match(DeleteMessagesSuccess.class, done -> deleted.complete(done.toSequenceNr()))
          .match(
              DeleteMessagesFailure.class,
              failure -> deleted.completeExceptionally(failure.cause()))
          .build();
    }
  }
}
