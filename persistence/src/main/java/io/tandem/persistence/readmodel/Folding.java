package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Upsert;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keeps the states of one noun's entities up with the feed and writes what changed in a page. */
abstract class Folding<S extends DomainState<S, E>, E extends DomainEvent> {

  private static final int STATES_KEPT = 20_000;

  /** A state and the event it is after. */
  record At<S>(S state, long sequence, FeedPosition position) {}

  /** A state that is to be written, and the last event that changed it. */
  private record Changed<S>(At<S> at, JournalRow row) {}

  final EntityKind<S, E> kind;
  final EventCodec codec;
  private final Map<String, Changed<S>> changed = new TreeMap<>();
  private final Map<String, At<S>> states = new LinkedHashMap<>(1024, 0.75f, true);

  Folding(EntityKind<S, E> kind, EventCodec codec) {
    this.kind = kind;
    this.codec = codec;
  }

  /** What is stored of an entity, to go on from; may be of any position before {@code row}. */
  abstract At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException;

  /** The row to be written of an entity, to be written by {@link #table}; null for none. */
  abstract @Nullable Object @Nullable [] rowOf(String entityId, At<S> at);

  /**
   * What its table says of an entity.
   *
   * @param sequence the last event it is after
   * @param content equal to {@link #expected} where all is right
   */
  record Shown(long sequence, Object content) {}

  /** What its table says of an entity; empty for nothing. */
  abstract Optional<Shown> shown(Connection connection, String entityId) throws SQLException;

  /** What its table should say of a state; empty for nothing. */
  abstract Optional<Object> expected(String entityId, S state);

  /**
   * What is wrong with what its table says of an entity, in words; null where nothing is.
   *
   * @param rows the entity's events from its first
   * @param upTo a position that the table had reached before {@code shown} was read
   */
  final @Nullable String difference(
      String entityId, Optional<Shown> shown, Iterable<JournalRow> rows, FeedPosition upTo) {
    long sequence = shown.map(Shown::sequence).orElse(0L);
    S state = kind.initial().apply(entityId);
    long reached = 0;
    for (JournalRow row : rows) {
      boolean isIn = shown.isPresent() ? row.sequence() <= sequence : row.position().isUpTo(upTo);
      if (isIn) {
        state = kind.fold(state, row.envelope(), codec);
        reached = row.sequence();
      } else if (row.position().isUpTo(upTo)) {
        return "lacks the events from #" + row.sequence() + " on";
      }
    }
    if (shown.isEmpty()) {
      return reached > 0 && expected(entityId, state).isPresent() ? "is missing" : null;
    }
    if (reached < sequence) {
      return "is after #" + sequence + ", which the journal does not have";
    }
    return expected(entityId, state).filter(shown.get().content()::equals).isPresent()
        ? null
        : "is not what its events come to at #" + sequence;
  }

  /** Whether the state need not be kept in memory: no further event is likely. */
  boolean isOver(S state) {
    return false;
  }

  /** What of a state is kept in memory for the events to come, and for its row. */
  S kept(S state) {
    return state;
  }

  /** Where the rows go. */
  abstract Upsert table();

  final void fold(Connection connection, JournalRow row, Envelope envelope) throws SQLException {
    String id = envelope.entityId();
    At<S> at = states.get(id);
    if (at == null || at.sequence() < envelope.sequence() - 1) {
      at = load(connection, id, row);
    }
    if (at.sequence() >= envelope.sequence()) {
      return; // seen already
    }
    if (at.sequence() < envelope.sequence() - 1) {
      throw new JournalException(
          Fault.UNREADABLE, envelope + " follows what could not be read after #" + at.sequence());
    }
    At<S> next =
        new At<>(kept(kind.fold(at.state(), envelope, codec)), envelope.sequence(), row.position());
    states.put(id, next);
    changed.put(id, new Changed<>(next, row));
  }

  /** Writes the entities that changed, in the order of their ids. */
  final void write(Connection connection, Dialect dialect, Projector.Trouble trouble)
      throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>(changed.size());
    for (Map.Entry<String, Changed<S>> each : changed.entrySet()) {
      Changed<S> change = each.getValue();
      try {
        @Nullable Object[] row = rowOf(each.getKey(), change.at());
        if (row != null) {
          rows.add(row);
        }
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        trouble.unreadable(change.row(), e);
      } catch (RuntimeException e) {
        trouble.unreadable(
            change.row(), new JournalException(Fault.UNWRITABLE, "no row of " + change.row(), e));
      }
    }
    table().write(connection, dialect, rows);
    changed.forEach(
        (id, change) -> {
          if (isOver(change.at().state())) {
            states.remove(id);
          }
        });
    changed.clear();
    var oldest = states.entrySet().iterator();
    for (int over = states.size() - STATES_KEPT; over > 0; over--) {
      oldest.next();
      oldest.remove();
    }
  }

  final void forget() {
    changed.clear();
    states.clear();
  }
}
