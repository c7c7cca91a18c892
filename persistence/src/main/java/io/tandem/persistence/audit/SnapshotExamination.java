package io.tandem.persistence.audit;

import io.tandem.persistence.audit.SnapshotReader.Snapshot;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.Likeness;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.proof.Findings;
import io.tandem.persistence.readmodel.JournalRow;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks every stored snapshot against the fold of the events it stands for: the state, what the
 * chain goes on from, the deadline, and the remembered commands (without which a command could be
 * done twice).
 */
public final class SnapshotExamination {

  private static final int PAGE = 200;

  private static final String SNAPSHOTS =
      """
      select "persistence_id", "sequence_number", "snapshot_ser_manifest", "snapshot_payload",
        "snapshot_ser_id", "meta_ser_id", "meta_ser_manifest", "meta_payload"
      from "snapshot" where "persistence_id" > ? or "persistence_id" = ? and "sequence_number" > ?
      order by "persistence_id", "sequence_number" limit ?\
      """;

  /**
   * One row.
   *
   * @param beside what else of it is not as a node writes it; empty where all is
   */
  private record Stored(
      String entity, long sequence, String manifest, byte[] payload, String beside) {}

  private final Database database;
  private final JournalReader journal;
  private final EventCodec codec;
  private final Map<String, EntityKind<?, ?>> kinds;
  private final SnapshotReader reader;
  private final Findings findings;

  /**
   * @param findings told of each snapshot that is wrong
   */
  public SnapshotExamination(
      Database database,
      EventCodec codec,
      Map<String, EntityKind<?, ?>> kinds,
      SnapshotReader reader,
      Findings findings) {
    this.database = database;
    this.journal = new JournalReader(database);
    this.codec = codec;
    this.kinds = kinds;
    this.reader = reader;
    this.findings = findings;
  }

  /** Goes through all of them; gives how many there were. */
  long run() {
    long count = 0;
    List<Stored> page = page("", 0);
    while (!page.isEmpty()) {
      page.forEach(this::examine);
      count += page.size();
      page = page(page.getLast().entity(), page.getLast().sequence());
    }
    return count;
  }

  /** Looks at one entity's alone. */
  public void examine(String entity) {
    page(entity, 0).stream().filter(each -> each.entity().equals(entity)).forEach(this::examine);
  }

  private List<Stored> page(String afterEntity, long afterSequence) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                SNAPSHOTS,
                row ->
                    new Stored(
                        row.getString("persistence_id"),
                        row.getLong("sequence_number"),
                        row.getString("snapshot_ser_manifest"),
                        row.getBytes("snapshot_payload"),
                        beside(row)),
                afterEntity,
                afterEntity,
                afterSequence,
                PAGE));
  }

  private static String beside(ResultSet row) throws SQLException {
    int serializer = row.getInt("snapshot_ser_id");
    if (serializer != EventRow.SERIALIZER) {
      return "is marked for serializer " + serializer + ", not " + EventRow.SERIALIZER;
    }
    return row.getObject("meta_ser_id") != null
            || row.getString("meta_ser_manifest") != null
            || row.getBytes("meta_payload") != null
        ? "has metadata, which no node writes"
        : "";
  }

  private void examine(Stored stored) {
    if (!stored.beside().isEmpty()) {
      wrong(stored, stored.beside());
    }
    int bar = stored.entity().indexOf('|');
    EntityKind<?, ?> kind = bar < 0 ? null : kinds.get(stored.entity().substring(0, bar));
    if (kind == null) {
      wrong(stored, "is of no entity type of this build");
      return;
    }
    try {
      String what =
          difference(
              reader.read(stored.manifest(), stored.payload()),
              fold(kind, stored.entity().substring(bar + 1), stored.sequence()));
      if (what != null) {
        wrong(stored, what);
      }
    } catch (JournalException e) {
      if (e.fault().retryHelps()) {
        throw e;
      }
      wrong(stored, "cannot be checked: " + e.getMessage());
    } catch (RuntimeException e) {
      wrong(stored, "cannot be checked: " + e.getClass().getSimpleName());
    }
  }

  private void wrong(Stored stored, String what) {
    findings.wrong(stored.entity(), stored.sequence(), "its snapshot " + what);
  }

  /** What does not agree; null where all does. */
  private @Nullable String difference(Snapshot says, @Nullable Snapshot folded) {
    if (folded == null || says.sequence() != folded.sequence()) {
      return "is of a position that the events do not reach";
    }
    if (!says.lastHash().equals(folded.lastHash())) {
      return "goes on from another event than the one stored";
    }
    if (!Likeness.between(says.state(), folded.state())) {
      return "is not what the events come to";
    }
    if (!java.util.Objects.equals(says.nextDue(), folded.nextDue())) {
      return "has another deadline than the events set";
    }
    if (!List.copyOf(says.window().entrySet()).equals(List.copyOf(folded.window().entrySet()))) {
      return "remembers other commands than the events have";
    }
    return null;
  }

  private <S extends DomainState<S, E>, E extends DomainEvent> @Nullable Snapshot fold(
      EntityKind<S, E> kind, String entityId, long upTo) {
    S state = kind.initial().apply(entityId);
    Window window = new Window(reader.window());
    Iterator<JournalRow> rows = journal.entity(kind.type(), entityId);
    while (rows.hasNext()) {
      Envelope envelope = rows.next().envelope();
      EventHeader header = envelope.header();
      state = kind.fold(state, envelope, codec);
      window.take(header);
      if (header.sequence() == upTo) {
        return new Snapshot(
            (Record) state, upTo, envelope.hash(), header.nextDue(), window.digests);
      }
    }
    return upTo == 0 ? new Snapshot((Record) state, 0, Hash.NONE, null, Map.of()) : null;
  }

  /** The remembered commands as the host keeps them. */
  private static final class Window {
    private final Duration length;
    final Map<String, CommandDigest> digests = new LinkedHashMap<>();
    private final Deque<Instant> times = new ArrayDeque<>();

    Window(Duration length) {
      this.length = length;
    }

    void take(EventHeader header) {
      if (header.commandDigest().isNone()) {
        return;
      }
      digests.put(header.commandId(), header.commandDigest());
      times.add(TimedId.timeOf(header.commandId()).orElse(header.at()));
      Instant oldest = header.at().minus(length);
      Iterator<String> ids = digests.keySet().iterator();
      while (times.size() > 1 && times.getFirst().isBefore(oldest)) {
        String unused = ids.next();
        ids.remove();
        times.removeFirst();
      }
    }
  }
}
