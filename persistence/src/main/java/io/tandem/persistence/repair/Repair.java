package io.tandem.persistence.repair;

import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.audit.SnapshotExamination;
import io.tandem.persistence.audit.SnapshotReader;
import io.tandem.persistence.audit.StatedBalances;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Stated;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an entity that stopped at an event readable again, by a signed record beside the journal
 * (AUD-5). Refuses everything else: an event that can be read is history. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class Repair {

  /**
   * Where an entity cannot be read on, and why.
   *
   * @param envelope null where not even that can be read
   */
  public record Trouble(long sequence, @Nullable Envelope envelope, String why) {}

  /**
   * What is wished.
   *
   * @param reads the name of what is to be read; null for nothing
   * @param payload in its stored form
   */
  public record Wish(
      String entityType,
      String entityId,
      long sequence,
      @Nullable WireName reads,
      byte[] payload,
      String by,
      String reason) {}

  /** What became of a wish. */
  public sealed interface Outcome {
    /** The record, stored or as it would be. */
    record Made(Supersession record, Optional<Trouble> next) implements Outcome {}

    /** Nothing was done. */
    record Refused(String why) implements Outcome {}
  }

  private final Database database;
  private final JournalReader journal;
  private final EventCodec codec;
  private final Map<String, EntityKind<?, ?>> kinds;
  private final SnapshotReader snapshots;

  /**
   * @param codec consulting the records there are
   */
  public Repair(
      Database database,
      EventCodec codec,
      Map<String, EntityKind<?, ?>> kinds,
      SnapshotReader snapshots) {
    this.database = database;
    this.journal = new JournalReader(database);
    this.codec = codec;
    this.kinds = Map.copyOf(kinds);
    this.snapshots = snapshots;
  }

  /** The first event of an entity that cannot be read or folded; empty where all can. */
  public Optional<Trouble> trouble(String entityType, String entityId) {
    return trouble(kind(entityType), entityId, codec);
  }

  /**
   * Makes the record, where the event cannot be read, what is to be read in its place can, and
   * nothing else speaks against it.
   *
   * @param key what to sign with; null to try it alone
   */
  public Outcome repair(Wish wish, Instant now, @Nullable SigningKey key, SupersessionLog log) {
    EntityKind<?, ?> kind = kind(wish.entityType());
    Trouble trouble = trouble(kind, wish.entityId(), codec).orElse(null);
    if (trouble == null) {
      return new Outcome.Refused("every event of it can be read: there is nothing to repair");
    }
    Envelope envelope = trouble.envelope();
    if (trouble.sequence() != wish.sequence() || envelope == null) {
      return new Outcome.Refused(
          "the first event that cannot be read is #"
              + trouble.sequence()
              + ": "
              + trouble.why()
              + (envelope == null ? "; its bytes are to come back from a backup" : ""));
    }
    Supersession trial = record(1, envelope, wish, now);
    EventCodec tried =
        codec.consulting(each -> trial.isOf(each) ? trial : codec.supersession(each));
    Optional<Trouble> next = trouble(kind, wish.entityId(), tried);
    if (next.isPresent() && next.get().sequence() <= wish.sequence()) {
      return new Outcome.Refused("what is to be read in its place: " + next.get().why());
    }
    List<String> against = new ArrayList<>();
    new SnapshotExamination(
            database,
            tried,
            kinds,
            snapshots,
            (entity, position, what) -> against.add("#" + position + ": " + what))
        .examine(Envelope.persistenceId(wish.entityType(), wish.entityId()));
    if (!against.isEmpty()) {
      return new Outcome.Refused(
          "a build that could read it has made a snapshot that says otherwise, " + against);
    }
    return new Outcome.Made(
        key == null
            ? trial
            : log.add(key, (number, previous) -> record(number, envelope, wish, now)),
        next);
  }

  private static Supersession record(long number, Envelope envelope, Wish wish, Instant now) {
    return new Supersession(
        number,
        envelope.persistenceId(),
        wish.sequence(),
        envelope.hash(),
        wish.reads(),
        wish.payload(),
        now.truncatedTo(ChronoUnit.MILLIS),
        wish.by(),
        wish.reason());
  }

  private <S extends DomainState<S, E>, E extends DomainEvent> Optional<Trouble> trouble(
      EntityKind<S, E> kind, String entityId, EventCodec reading) {
    S state = kind.initial().apply(entityId);
    StatedBalances balances = new StatedBalances();
    Iterator<JournalRow> rows = journal.entity(kind.type(), entityId);
    while (rows.hasNext()) {
      JournalRow row = rows.next();
      Envelope envelope = null;
      try {
        envelope = row.envelope();
        state = kind.fold(state, envelope, reading);
        E event = reading.read(envelope, kind.events()).orElse(null);
        if (event instanceof Posted posted && !TrialBalance.balances(posted.postings())) {
          return Optional.of(new Trouble(row.sequence(), envelope, "it does not balance"));
        }
        String off = event instanceof Stated each ? balances.next(each, each.postings()) : null;
        if (off != null && reading.supersession(envelope) != null) {
          return Optional.of(new Trouble(row.sequence(), envelope, "it " + off));
        }
        if (event == null) {
          balances.skip();
        }
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        return Optional.of(new Trouble(row.sequence(), envelope, e.fault() + " " + e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private EntityKind<?, ?> kind(String entityType) {
    EntityKind<?, ?> kind = kinds.get(entityType);
    if (kind == null) {
      throw new IllegalArgumentException("no entity type is called " + entityType);
    }
    return kind;
  }
}
