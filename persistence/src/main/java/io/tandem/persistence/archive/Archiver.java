package io.tandem.persistence.archive;

import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.proof.CheckpointStore;
import io.tandem.persistence.proof.MerkleTree;
import io.tandem.persistence.proof.SignedCheckpoint;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.Rebuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves calls that are over to a file (AUD-7): first the file, whole and closed, then one
 * transaction that notes it and takes its events and snapshots out of the journal. Only what a
 * checkpoint has signed and every reader of the feed has seen is moved, so that {@code verify} can
 * hold each event against what was said of it.
 */
public final class Archiver {

  private static final int BATCH = 500;
  private static final int ENTITIES_MAX = 200_000;

  private final Database journal;
  private final EntityKind<?, ?> calls;
  private final EventCodec codec;
  private final SigningKey key;

  /**
   * @param calls the kind of the entities that are moved
   */
  public Archiver(Database journal, EntityKind<?, ?> calls, EventCodec codec, SigningKey key) {
    this.journal = journal;
    this.calls = calls;
    this.codec = codec.closed();
    this.key = key;
  }

  /**
   * Moves what it may, at most 200,000 entities at once.
   *
   * @param before entities whose last event is older
   * @param progress told how many entities were looked at
   * @return what is in the new file; empty where there was nothing to move
   * @throws JournalException UNAVAILABLE; UNREADABLE where the newest checkpoint is not of this
   *     key; UNWRITABLE where the file is there already
   */
  public Optional<ArchiveNote> archive(
      Path directory, Instant before, Instant now, LongConsumer progress) {
    FeedPosition seen = seen().orElse(null);
    if (seen == null) {
      return Optional.empty();
    }
    Set<String> finished = finished(calls, before, progress);
    long number = Archives.count(journal) + 1L;
    Path file = Archives.file(directory, number);
    if (Files.exists(file)) {
      throw Archives.refused(
          file
              + " is there and this journal does not know it: it was left by a run that was broken"
              + " off, or is another journal's; move it away");
    }
    if (finished.isEmpty()) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be written", e);
    }
    ArchiveNote note;
    List<String> moved = new ArrayList<>();
    try (Database archive =
        Database.open(Archives.settings(file, false), Database.Contents.ARCHIVE)) {
      long events = copy(finished, seen, archive, moved);
      if (moved.isEmpty()) {
        note = null;
      } else {
        note =
            ArchiveNote.sign(
                number,
                now.truncatedTo(ChronoUnit.MILLIS),
                before,
                moved.size(),
                events,
                root(archive),
                key);
        int one = archive.update("insert into archive_note (note) values (?)", note.note());
        if (one != 1) {
          throw Archives.refused(file + " was not written");
        }
      }
    }
    if (note == null) {
      delete(file);
      return Optional.empty();
    }
    take(note, moved);
    return Optional.of(note);
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Up to where everything is signed and seen. */
  private Optional<FeedPosition> seen() {
    Optional<FeedPosition> signed =
        new CheckpointStore(journal)
            .newest()
            .map(
                newest -> {
                  try {
                    return SignedCheckpoint.read(newest.note(), key.verifying())
                        .checkpoint()
                        .position();
                  } catch (IllegalArgumentException e) {
                    throw new JournalException(
                        JournalException.Fault.UNREADABLE, newest + ": " + e.getMessage(), e);
                  }
                });
    List<FeedPosition> readers =
        journal.run(
            c ->
                Sql.list(
                    c,
                    // one that makes the tables anew begins at the first event, and looks after
                    // itself
                    "select txid, ordering from feed_position where reader <> ?",
                    row -> new FeedPosition(row.getLong(1), row.getLong(2)),
                    Rebuild.READER));
    return signed.map(
        at ->
            readers.stream()
                .filter(reader -> reader.compareTo(at) < 0)
                .min(FeedPosition::compareTo)
                .orElse(at));
  }

  private <S extends DomainState<S, E>, E extends DomainEvent> Set<String> finished(
      EntityKind<S, E> kind, Instant before, LongConsumer progress) {
    Set<String> finished = new LinkedHashSet<>();
    Iterator<JournalRow> rows = JournalReader.live(journal).ofType(kind.type());
    String entity = "";
    S state = kind.initial().apply("");
    @Nullable Envelope last = null;
    long looked = 0;
    while (rows.hasNext() && finished.size() < ENTITIES_MAX) {
      JournalRow row = rows.next();
      if (!row.persistenceId().equals(entity)) {
        note(finished, entity, state, last, before);
        entity = row.persistenceId();
        state = kind.initial().apply(entity.substring(entity.indexOf('|') + 1));
        last = null;
        progress.accept(++looked);
      }
      try {
        last = row.envelope();
        state = kind.fold(state, last, codec);
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        state = kind.initial().apply(""); // what cannot be read stays where it can be repaired
      }
    }
    if (!rows.hasNext()) {
      note(finished, entity, state, last, before);
    }
    return finished;
  }

  /** Over for long enough; whether it has nothing outstanding is for the due-index to say. */
  private static void note(
      Set<String> finished, String entity, Object state, @Nullable Envelope last, Instant before) {
    if (state instanceof CallState.Ended && last != null && last.header().at().isBefore(before)) {
      finished.add(entity);
    }
  }

  private long copy(Set<String> finished, FeedPosition seen, Database archive, List<String> moved) {
    long events = 0;
    List<String> batch = new ArrayList<>();
    for (Iterator<String> each = finished.iterator(); each.hasNext(); ) {
      batch.add(each.next());
      if (batch.size() == BATCH || !each.hasNext()) {
        events += copy(batch, seen, archive, moved);
        batch.clear();
      }
    }
    return events;
  }

  private long copy(
      List<String> entities, FeedPosition seen, Database archive, List<String> moved) {
    boolean postgresql = journal.dialect() == Dialect.POSTGRESQL;
    String sql =
        "select "
            + (postgresql ? "txid::text::bigint" : "0")
            + ", \"ordering\", \"deleted\", \"persistence_id\", \"sequence_number\","
            + " \"event_ser_manifest\", \"event_payload\" from \"event_journal\" where"
            + " \"persistence_id\" = ? order by \"sequence_number\"";
    List<@Nullable Object[]> all = new ArrayList<>();
    journal.run(
        c -> {
          for (String entity : entities) {
            List<@Nullable Object[]> rows =
                Sql.list(
                    c,
                    sql,
                    row ->
                        new @Nullable Object[] {
                          row.getLong(1),
                          row.getLong(2),
                          row.getBoolean(3),
                          row.getString(4),
                          row.getLong(5),
                          row.getString(6),
                          row.getBytes(7)
                        },
                    entity);
            boolean settled =
                Sql.list(c, "select 1 from due_index where entity = ?", row -> true, entity)
                    .isEmpty();
            if (settled && rows.stream().allMatch(row -> isSeen(row, seen))) {
              moved.add(entity);
              all.addAll(rows);
            }
          }
          return all;
        });
    archive.inTransaction(
        c ->
            Sql.batch(
                c,
                "insert into \"event_journal\" (\"txid\", \"ordering\", \"deleted\","
                    + " \"persistence_id\", \"sequence_number\", \"event_ser_manifest\","
                    + " \"event_payload\") values (?, ?, ?, ?, ?, ?, ?)",
                all));
    return all.size();
  }

  private static boolean isSeen(@Nullable Object[] row, FeedPosition seen) {
    return row[0] instanceof Long txid
        && row[1] instanceof Long ordering
        && Boolean.FALSE.equals(row[2])
        && new FeedPosition(txid, ordering).compareTo(seen) <= 0;
  }

  private static Hash root(Database archive) {
    MerkleTree tree = new MerkleTree();
    List<ArchivedRows.Row> page = ArchivedRows.after(archive, null, BATCH);
    while (!page.isEmpty()) {
      page.forEach(row -> tree.add(MerkleTree.leaf(row.bytes())));
      page = ArchivedRows.after(archive, page.getLast().position(), BATCH);
    }
    return tree.root();
  }

  /** All of it or nothing; and nothing where the journal has other events of them by now. */
  private void take(ArchiveNote note, List<String> moved) {
    boolean unused =
        journal.inTransaction(
            c -> {
              int[] noted =
                  Sql.batch(
                      c,
                      "insert into archive (number, note, made_at) values (?, ?, ?)",
                      List.<@Nullable Object[]>of(
                          new @Nullable Object[] {note.number(), note.note(), note.at()}));
              List<@Nullable Object[]> names = new ArrayList<>();
              List<@Nullable Object[]> entities = new ArrayList<>();
              moved.forEach(
                  entity -> {
                    names.add(new @Nullable Object[] {entity, note.number()});
                    entities.add(new @Nullable Object[] {entity});
                  });
              int[] named =
                  Sql.batch(
                      c, "insert into archived_entity (entity, archive) values (?, ?)", names);
              long gone = deleted(c, "\"event_journal\"", entities);
              long snapshots = deleted(c, "\"snapshot\"", entities);
              if (gone != note.events() || noted.length + named.length == 0 || snapshots < 0) {
                throw Archives.refused(
                    "the journal has " + gone + " events of them, the file " + note.events());
              }
              return true;
            });
  }

  private static long deleted(Connection c, String table, List<@Nullable Object[]> entities)
      throws SQLException {
    long gone = 0;
    for (int count :
        Sql.batch(c, "delete from " + table + " where \"persistence_id\" = ?", entities)) {
      gone += count;
    }
    return gone;
  }
}
