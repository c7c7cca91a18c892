package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events into the journal's table as a node does, without a node. */
public final class TestJournal {

  private static final String INSERT =
      """
      insert into "event_journal" ("persistence_id", "sequence_number", "writer", "write_timestamp",
        "adapter_manifest", "event_payload", "event_ser_id", "event_ser_manifest")
      values (?, ?, 'test', 0, '', ?, 7301, ?)\
      """;

  private final Database database;
  private final EventCodec codec;
  private final Map<String, Envelope> last = new HashMap<>();

  public TestJournal(Database database, EventCodec codec) {
    this.database = database;
    this.codec = codec;
  }

  /** The envelope of an entity's next event; chained, not yet stored. */
  public Envelope next(
      String type, String id, Record event, Instant at, @Nullable Instant nextDue) {
    String name = Envelope.persistenceId(type, id);
    Envelope before = last.get(name);
    Envelope envelope =
        Envelope.of(
            new EventHeader(
                type,
                id,
                before == null ? 1 : before.sequence() + 1,
                codec.nameOf(event),
                "cmd_" + (before == null ? 1 : before.sequence() + 1),
                CommandDigest.NONE,
                "test",
                "tester",
                at,
                "clock-1",
                before == null ? Hash.NONE : before.hash(),
                nextDue),
            codec.encode(event));
    last.put(name, envelope);
    return envelope;
  }

  /** Appends one event and gives its envelope. */
  public <E extends Record & DomainEvent> Envelope append(
      String type, String id, E event, Instant at, @Nullable Instant nextDue) {
    Envelope envelope = next(type, id, event, at, nextDue);
    store(List.of(envelope));
    return envelope;
  }

  /** Appends one event at the beginning of time, without a deadline. */
  public <E extends Record & DomainEvent> Envelope append(String type, String id, E event) {
    return append(type, id, event, Instant.EPOCH, null);
  }

  /** Stores envelopes in one transaction. */
  public void store(List<Envelope> envelopes) {
    Object unused =
        database.inTransaction(
            connection -> {
              store(connection, envelopes);
              return envelopes;
            });
  }

  /** Stores envelopes within a transaction of the caller's. */
  public static void store(Connection connection, List<Envelope> envelopes) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (Envelope each : new ArrayList<>(envelopes)) {
        insert.setString(1, each.persistenceId());
        insert.setLong(2, each.sequence());
        insert.setBytes(3, each.bytes());
        insert.setString(4, each.header().event().toString());
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }
}
