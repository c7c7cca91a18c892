package io.tandem.persistence.audit;

import io.tandem.persistence.audit.JournalReader.Listed;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.HashChain;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Supersession;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.readmodel.JournalRow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Questions about what happened, answered from the journal alone. All methods throw {@link
 * JournalException} UNAVAILABLE; those that open events also UNREADABLE, UNKNOWN_TYPE and
 * UNKNOWN_KEY, except {@link #verify}, which lists these as its findings.
 */
public final class Audit {

  private final JournalReader reader;
  private final EventCodec codec;
  private final EventCodec closed;
  private final Map<String, EntityKind<?, ?>> kinds = new HashMap<>();

  /**
   * @param database opened {@link Database#openUnchanged}: nothing is written
   * @param codec the codec for stored bytes
   * @param kinds every noun there is
   */
  public Audit(Database database, EventCodec codec, Collection<EntityKind<?, ?>> kinds) {
    this.reader = new JournalReader(database);
    this.codec = codec;
    this.closed = codec.closed();
    for (EntityKind<?, ?> kind : kinds) {
      if (this.kinds.put(kind.type(), kind) != null) {
        throw new IllegalArgumentException("two kinds are called " + kind.type());
      }
    }
  }

  /** The types of entities that can be asked for, in order. */
  public List<String> types() {
    return kinds.keySet().stream().sorted().toList();
  }

  /**
   * One event and what the entity was after it.
   *
   * @param event the event, opened, or what is read in its place; null where nothing is
   * @param state the state after it
   * @param instead the record by which something else is read; null where the event itself is
   */
  public record Step(
      Envelope envelope,
      @Nullable DomainEvent event,
      Record state,
      @Nullable Supersession instead) {}

  /**
   * Entities of a type by id.
   *
   * @param afterId the last id of the page before, empty for the first
   */
  public List<Listed> list(String entityType, String afterId, int limit) {
    return reader.list(entityType, afterId, limit);
  }

  /**
   * An entity as of an instant: its state after the last event that had been decided by then. Empty
   * where it had none yet.
   */
  public Optional<Step> show(String entityType, String entityId, Instant asOf) {
    Step[] last = new Step[1];
    replay(
        entityType,
        entityId,
        step -> {
          if (!step.envelope().header().at().isAfter(asOf)) {
            last[0] = step;
          }
        });
    return Optional.ofNullable(last[0]);
  }

  /** Gives every event of an entity with the state after it, in order. */
  public void replay(String entityType, String entityId, Consumer<Step> steps) {
    EntityKind<?, ?> kind = kinds.get(entityType);
    if (kind == null) {
      throw new IllegalArgumentException(
          "no entity type is called " + entityType + "; there are " + kinds.keySet());
    }
    replay(kind, entityId, steps);
  }

  private <S extends DomainState<S, E>, E extends DomainEvent> void replay(
      EntityKind<S, E> kind, String entityId, Consumer<Step> steps) {
    S state = kind.initial().apply(entityId);
    Iterator<JournalRow> rows = reader.entity(kind.type(), entityId);
    while (rows.hasNext()) {
      Envelope envelope = rows.next().envelope();
      E event = codec.read(envelope, kind.events()).orElse(null);
      state = event == null ? state : state.apply(event);
      steps.accept(new Step(envelope, event, (Record) state, codec.supersession(envelope)));
    }
  }

  /**
   * Goes through the whole journal once: every row is the envelope it should be, every chain holds
   * (AUD-2), every event is of its noun, can be folded, and balances (WAL-5). What is sealed about
   * persons stays shut: the chain vouches for its bytes.
   */
  public Verification verify() {
    return verify(events -> {});
  }

  /**
   * The same.
   *
   * @param progress told now and then, by several threads, how many more events were looked at
   */
  public Verification verify(LongConsumer progress) {
    return verify(progress, envelope -> {});
  }

  /**
   * The same.
   *
   * @param also given every event that can be read as one, by several threads
   */
  Verification verify(LongConsumer progress, Consumer<Envelope> also) {
    return Examination.result(
        reader.entities("", "", () -> new Examination(kinds, closed, progress, also)));
  }

  /** Checks one entity's chain alone; the first break, if any. */
  public Optional<HashChain.Break> verifyChain(String entityType, String entityId) {
    HashChain chain = new HashChain();
    Iterator<JournalRow> rows = reader.entity(entityType, entityId);
    while (rows.hasNext()) {
      Optional<HashChain.Break> found = chain.next(rows.next().envelope());
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The trial balance of all money moved up to an instant. An event that cannot be read is left out
   * and named.
   *
   * @param asOf null for all there is
   */
  public TrialBalance trialBalance(@Nullable Instant asOf) {
    return trialBalance(asOf, events -> {});
  }

  /**
   * The same.
   *
   * @param progress told now and then, by several threads, how many more events were looked at
   */
  public TrialBalance trialBalance(@Nullable Instant asOf, LongConsumer progress) {
    TrialBalance all = new TrialBalance();
    for (EntityKind<?, ?> kind : kinds.values()) {
      if (Posted.class.isAssignableFrom(kind.events())) {
        reader
            .entities(kind.type(), "", () -> new Sums(asOf, closed, progress))
            .forEach(sums -> all.add(sums.balance()));
      }
    }
    return all;
  }
}
