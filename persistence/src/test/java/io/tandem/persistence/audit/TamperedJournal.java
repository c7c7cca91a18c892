package io.tandem.persistence.audit;

import io.tandem.persistence.audit.FullVerification.Outcome;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.journal.WireName;
import io.tandem.persistence.journal.rows.EventRow;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.Anchored;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.FileAnchor;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small journal with snapshots, checkpoints and an anchor, and a hand that changes its tables.
 */
final class TamperedJournal {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final SigningKey KEY = new SigningKey("tandem", secret(1));

  /** How a snapshot is stored here; the node has a form of its own. */
  @Wire("tally.snapshot/1")
  record Snap(Tally state, long sequence, byte[] lastHash) {}

  /** What Akka reads of an event's row beside its payload. */
  record Beside(int serializer, String adapter, @Nullable String meta) {
    static final Beside NODES = new Beside(EventRow.SERIALIZER, "", null);
  }

  /** An event's row. */
  record Event(
      String entity,
      long sequence,
      long txid,
      long ordering,
      byte[] bytes,
      boolean deleted,
      String manifest,
      Beside beside) {
    Event(
        String entity,
        long sequence,
        long txid,
        long ordering,
        byte[] bytes,
        boolean deleted,
        String manifest) {
      this(entity, sequence, txid, ordering, bytes, deleted, manifest, Beside.NODES);
    }

    String name() {
      return entity + "#" + sequence;
    }

    Envelope envelope() {
      return Envelope.read(bytes);
    }
  }

  /** A snapshot's row. */
  record Snapshot(String entity, long sequence, byte[] bytes, int serializer) {
    Snapshot(String entity, long sequence, byte[] bytes) {
      this(entity, sequence, bytes, EventRow.SERIALIZER);
    }

    String name() {
      return entity + "#" + sequence;
    }
  }

  /** A checkpoint's row. */
  record Check(long number, String note, byte[] segment) {
    String name() {
      return "checkpoint#" + number;
    }
  }

  /** All that is stored. */
  record Tables(List<Event> events, List<Snapshot> snapshots, List<Check> checks) {
    Tables copy() {
      return new Tables(
          new ArrayList<>(events), new ArrayList<>(snapshots), new ArrayList<>(checks));
    }

    /** What is different in another, by entity and position. */
    List<String> differences(Tables other, boolean places) {
      List<String> names = new ArrayList<>();
      compare(rows(this, places), rows(other, places), names);
      return names;
    }

    /** The events that stand after all that were there. */
    List<Event> after(Tables before) {
      Event last = before.events.getLast();
      return events.stream()
          .filter(
              e ->
                  e.txid() > last.txid()
                      || (e.txid() == last.txid() && e.ordering() > last.ordering()))
          .toList();
    }

    private static void compare(
        Map<String, List<Object>> here, Map<String, List<Object>> there, List<String> names) {
      TreeMap<String, List<Object>> all = new TreeMap<>(here);
      all.putAll(there);
      for (String key : all.keySet()) {
        if (!String.valueOf(here.get(key)).equals(String.valueOf(there.get(key)))) {
          names.add(key.substring(key.indexOf(' ') + 1));
        }
      }
    }

    private static Map<String, List<Object>> rows(Tables tables, boolean places) {
      Map<String, List<Object>> rows = new HashMap<>();
      for (Event e : tables.events) {
        rows.put(
            "e " + e.name(),
            List.of(
                places ? e.txid() + " " + e.ordering() : "",
                Arrays.toString(e.bytes()),
                e.deleted(),
                e.manifest(),
                e.beside()));
      }
      for (Snapshot s : tables.snapshots) {
        rows.put("s " + s.name(), List.of(Arrays.toString(s.bytes()), s.serializer()));
      }
      for (Check c : tables.checks) {
        rows.put("c " + c.name(), List.of(c.note(), Arrays.toString(c.segment())));
      }
      return rows;
    }
  }

  final EventCodec codec =
      EventCodec.clear(
          TypeNames.builder().addAll(Tally.Event.class).add(Tally.class).add(Snap.class).build(),
          List.of());
  private final WireName snapName =
      codec.nameOf(new Snap(Tally.KIND.initial().apply(""), 1, new byte[0]));
  final Database database;
  final Anchor anchor;
  final CheckpointMaker maker;
  private final TestJournal journal;

  TamperedJournal(Database database, Path anchorFile) {
    this.database = database;
    this.journal = new TestJournal(database, codec);
    this.anchor = new FileAnchor(anchorFile);
    this.maker = new CheckpointMaker(database, KEY, () -> NOON);
  }

  /** Three entities with four events each, two snapshots, three checkpoints, all anchored. */
  void fill() {
    for (int round = 1; round <= 4; round++) {
      for (String id : List.of("a", "b", "c")) {
        journal.append("tally", id, new Tally.Event.Counted(round), NOON.plusSeconds(round), null);
      }
      if (round == 2 || round == 3) {
        for (String id : round == 2 ? List.of("a") : List.of("a", "b")) {
          Object unused =
              database.update(
                  "delete from \"snapshot\" where \"persistence_id\" = ?", "tally|" + id);
          insert(snapshotOf(tables(), "tally|" + id, round));
        }
      }
      if (round > 1) {
        checkpoint();
      }
    }
  }

  void checkpoint() {
    if (maker.make().isEmpty()) {
      throw new IllegalStateException("nothing was new");
    }
    while (maker.anchor(anchor) > 0) {
      // until it has all
    }
  }

  /** What everything that can be checked comes to. */
  Outcome verify() {
    return verify(anchor);
  }

  private Outcome verify(Anchor outside) {
    return verify(List.of(outside), Instant.MAX);
  }

  /** The same with other anchors, asked at an instant. */
  Outcome verify(List<Anchor> outside, Instant now) {
    return new FullVerification(database, codec, List.of(Tally.KIND), new Reader())
        .asOf(now)
        .run(KEY.verifying(), outside, (what, done) -> {});
  }

  /** The same where the outside place has kept no lists. */
  Outcome verifyWithNotesAlone() {
    Anchor notes =
        new Anchor() {
          @Override
          public String name() {
            return anchor.name();
          }

          @Override
          public long newest() {
            return anchor.newest();
          }

          @Override
          public void add(Anchored checkpoint) {
            anchor.add(new Anchored(checkpoint.number(), checkpoint.note(), null));
          }

          @Override
          public Stream<Anchored> all() {
            return anchor.all().map(each -> new Anchored(each.number(), each.note(), null));
          }
        };
    return verify(notes);
  }

  /** The right snapshot of an entity at a position, whatever the tables say. */
  Snapshot snapshotOf(Tables tables, String entity, long sequence) {
    Tally state = Tally.KIND.initial().apply(entity.substring(entity.indexOf('|') + 1));
    Hash last = Hash.NONE;
    for (Event each : of(tables, entity)) {
      if (each.sequence() <= sequence) {
        state = Tally.KIND.fold(state, each.envelope(), codec);
        last = each.envelope().hash();
      }
    }
    return new Snapshot(entity, sequence, codec.encode(new Snap(state, sequence, last.toBytes())));
  }

  static List<Event> of(Tables tables, String entity) {
    return tables.events().stream()
        .filter(each -> each.entity().equals(entity))
        .sorted(Comparator.comparingLong(Event::sequence))
        .toList();
  }

  /** The same event as another position's, and with another's predecessor. */
  Event rewritten(Event event, long sequence, Hash previous, Optional<Tally.Event> says) {
    EventHeader old = event.envelope().header();
    Tally.Event what =
        says.orElseGet(
            () -> codec.decode(old.event(), event.envelope().payload(), Tally.Event.class));
    EventHeader header =
        new EventHeader(
            old.entityType(),
            old.entityId(),
            sequence,
            codec.nameOf((Record) what),
            old.commandId(),
            CommandDigest.NONE,
            old.cause(),
            old.actor(),
            old.at(),
            old.clockId(),
            previous,
            old.nextDue());
    return new Event(
        event.entity(),
        sequence,
        event.txid(),
        event.ordering(),
        Envelope.of(header, codec.encode((Record) what)).bytes(),
        event.deleted(),
        event.manifest());
  }

  Tables tables() {
    boolean postgresql = database.dialect() == Dialect.POSTGRESQL;
    return database.run(
        c ->
            new Tables(
                new ArrayList<>(
                    Sql.list(
                        c,
                        "select \"persistence_id\", \"sequence_number\", \"ordering\","
                            + " \"event_payload\", \"deleted\", \"event_ser_manifest\", "
                            + (postgresql ? "txid::text" : "'0'")
                            + " as \"written_by\", \"event_ser_id\", \"adapter_manifest\","
                            + " \"meta_ser_manifest\" from \"event_journal\" order by \"ordering\"",
                        row ->
                            new Event(
                                row.getString(1),
                                row.getLong(2),
                                Long.parseLong(row.getString(7)),
                                row.getLong(3),
                                row.getBytes(4),
                                row.getBoolean(5),
                                row.getString(6),
                                new Beside(row.getInt(8), row.getString(9), row.getString(10))))),
                new ArrayList<>(
                    Sql.list(
                        c,
                        "select \"persistence_id\", \"sequence_number\", \"snapshot_payload\","
                            + " \"snapshot_ser_id\" from \"snapshot\" order by 1, 2",
                        row ->
                            new Snapshot(
                                row.getString(1), row.getLong(2), row.getBytes(3), row.getInt(4)))),
                new ArrayList<>(
                    Sql.list(
                        c,
                        "select number, note, segment from checkpoint order by 1",
                        row -> new Check(row.getLong(1), row.getString(2), row.getBytes(3))))));
  }

  /** Puts these tables in the place of those that are there, as who owns the database can. */
  void replace(Tables tables) {
    Object unused =
        database.inTransaction(
            c -> {
              for (String table : List.of("\"event_journal\"", "\"snapshot\"", "checkpoint")) {
                Sql.execute(c, "delete from " + table);
              }
              insertEvents(c, tables.events());
              for (Snapshot each : tables.snapshots()) {
                insert(c, each);
              }
              List<@Nullable Object[]> rows = new ArrayList<>();
              tables
                  .checks()
                  .forEach(k -> rows.add(new Object[] {k.number(), k.note(), k.segment()}));
              Sql.batch(
                  c,
                  "insert into checkpoint (number, note, segment, made_at) values (?, ?, ?, 0)",
                  rows);
              return true;
            });
  }

  private void insertEvents(Connection c, List<Event> events) throws SQLException {
    boolean postgresql = database.dialect() == Dialect.POSTGRESQL;
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (Event e : events) {
      List<@Nullable Object> row =
          new ArrayList<>(
              Arrays.<@Nullable Object>asList(
                  e.entity(),
                  e.sequence(),
                  e.ordering(),
                  e.bytes(),
                  e.deleted(),
                  e.manifest(),
                  e.beside().serializer(),
                  e.beside().adapter(),
                  e.beside().meta()));
      if (postgresql) {
        row.add(Long.toString(e.txid()));
      }
      rows.add(row.toArray());
    }
    Sql.batch(
        c,
        "insert into \"event_journal\" (\"persistence_id\", \"sequence_number\", \"ordering\","
            + " \"event_payload\", \"deleted\", \"event_ser_manifest\", \"event_ser_id\","
            + " \"adapter_manifest\", \"meta_ser_manifest\", \"writer\", \"write_timestamp\""
            + (postgresql ? ", txid" : "")
            + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'test', 0"
            + (postgresql ? ", ?::text::xid8" : "")
            + ")",
        rows);
  }

  private void insert(Snapshot snapshot) {
    Object unused =
        database.run(
            c -> {
              insert(c, snapshot);
              return true;
            });
  }

  private void insert(Connection c, Snapshot snapshot) throws SQLException {
    Sql.batch(
        c,
        "insert into \"snapshot\" (\"persistence_id\", \"sequence_number\", \"created\","
            + " \"snapshot_ser_id\", \"snapshot_ser_manifest\", \"snapshot_payload\")"
            + " values (?, ?, ?, ?, ?, ?)",
        List.<@Nullable Object[]>of(
            new Object[] {
              snapshot.entity(),
              snapshot.sequence(),
              NOON.toEpochMilli(),
              snapshot.serializer(),
              snapName.toString(),
              snapshot.bytes()
            }));
  }

  static byte[] secret(int first) {
    byte[] secret = new byte[SigningKey.BYTES];
    secret[0] = (byte) first;
    return secret;
  }

  private final class Reader implements SnapshotReader {
    @Override
    public Snapshot read(String manifest, byte[] payload) {
      Snap snap = codec.decode(WireName.parse(manifest), payload, Snap.class);
      return new Snapshot(
          snap.state(), snap.sequence(), Hash.from(snap.lastHash()), null, Map.of());
    }

    @Override
    public Duration window() {
      return Duration.ofHours(1);
    }
  }
}
