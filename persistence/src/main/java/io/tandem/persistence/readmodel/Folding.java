package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Keeps the states of one noun's entities up with the feed and writes what changed in a page. */
abstract class Folding<S extends DomainState<S, E>, E extends DomainEvent> {

  private static final int STATES_KEPT = 20_000;

  /** A state and the event it is after. */
  record At<S>(S state, long sequence, FeedPosition position) {}

  final EntityKind<S, E> kind;
  final EventCodec codec;
  private final Map<String, At<S>> changed = new TreeMap<>();
  private final Map<String, At<S>> states = new LinkedHashMap<>(1024, 0.75f, true);

  Folding(EntityKind<S, E> kind, EventCodec codec) {
    this.kind = kind;
    this.codec = codec;
  }

  /** What is stored of an entity, to go on from; may be of any position before {@code row}. */
  abstract At<S> load(Connection connection, String entityId, JournalRow row) throws SQLException;

  /** Writes the entities that changed, in the order of their ids. */
  abstract void write(Connection connection, Dialect dialect, Map<String, At<S>> changed)
      throws SQLException;

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
        new At<>(kind.fold(at.state(), envelope, codec), envelope.sequence(), row.position());
    states.put(id, next);
    changed.put(id, next);
  }

  final void write(Connection connection, Dialect dialect) throws SQLException {
    if (!changed.isEmpty()) {
      write(connection, dialect, changed);
      changed.clear();
    }
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
