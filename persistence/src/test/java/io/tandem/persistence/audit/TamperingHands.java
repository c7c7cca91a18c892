package io.tandem.persistence.audit;

import io.tandem.persistence.audit.TamperedJournal.Beside;
import io.tandem.persistence.audit.TamperedJournal.Check;
import io.tandem.persistence.audit.TamperedJournal.Event;
import io.tandem.persistence.audit.TamperedJournal.Snapshot;
import io.tandem.persistence.audit.TamperedJournal.Tables;
import io.tandem.persistence.journal.Hash;
import io.tandem.persistence.readmodel.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;

/** What an owner of the database can do to one row, without the signing key. */
final class TamperingHands {

  /** Something done to one row, the i-th. */
  interface Hand extends BiConsumer<Tables, Integer> {}

  private final TamperedJournal journal;
  private final Tables whole;
  private final Random random;

  TamperingHands(TamperedJournal journal, Tables whole, Random random) {
    this.journal = journal;
    this.whole = whole;
    this.random = random;
  }

  Map<String, Hand> onEvents() {
    Map<String, Hand> hands = new LinkedHashMap<>();
    hands.put("change", on((tables, event) -> bytes(event, flipped(event.bytes()))));
    hands.put("truncate", on((t, event) -> bytes(event, half(event.bytes()))));
    hands.put("empty", on((t, event) -> bytes(event, new byte[0])));
    hands.put(
        "mark as deleted",
        on(
            (t, e) ->
                new Event(
                    e.entity(),
                    e.sequence(),
                    e.txid(),
                    e.ordering(),
                    e.bytes(),
                    true,
                    e.manifest())));
    hands.put(
        "rename",
        on(
            (t, e) ->
                new Event(
                    e.entity(),
                    e.sequence(),
                    e.txid(),
                    e.ordering(),
                    e.bytes(),
                    e.deleted(),
                    "tally.opened/1")));
    hands.put("mark for another serializer", on((t, e) -> beside(e, new Beside(1, "", null))));
    hands.put("mark for an adapter", on((t, e) -> beside(e, new Beside(7_301, "evil", null))));
    hands.put("give metadata", on((t, e) -> beside(e, new Beside(7_301, "", "evil"))));
    hands.put(
        "move to the front",
        on((t, e) -> at(e, e.txid() == 0 ? 0 : 1, Long.MIN_VALUE + e.ordering())));
    hands.put("delete", (tables, i) -> tables.events().remove(i % tables.events().size()));
    hands.put("swap with the next", (tables, i) -> swap(tables, i, i + 1));
    hands.put("swap with another entity's", (tables, i) -> swap(tables, i, i + 4));
    hands.put("swap places with the next", (tables, i) -> places(tables, i, i + 1));
    hands.put("change and chain anew", (tables, i) -> chained(tables, i, 0));
    hands.put("delete and chain anew", (tables, i) -> chained(tables, i, -1));
    hands.put("insert and chain anew", (tables, i) -> chained(tables, i, 1));
    hands.put(
        "insert where nobody looks",
        (tables, i) -> {
          Event event = tables.events().get(i % tables.events().size());
          Event last = TamperedJournal.of(tables, event.entity()).getLast();
          tables
              .events()
              .add(at(numbered(last, last.sequence() + 1), 0, -5 - tables.events().size()));
        });
    return hands;
  }

  Map<String, Hand> onSnapshots() {
    Map<String, Hand> hands = new LinkedHashMap<>();
    hands.put(
        "change snapshot",
        snapshot(s -> new Snapshot(s.entity(), s.sequence(), flipped(s.bytes()))));
    hands.put(
        "truncate snapshot",
        snapshot(s -> new Snapshot(s.entity(), s.sequence(), half(s.bytes()))));
    hands.put(
        "forge snapshot",
        snapshot(
            s -> new Snapshot(s.entity(), s.sequence(), forged(s.entity(), s.sequence()).bytes())));
    hands.put(
        "mark snapshot for another serializer",
        snapshot(s -> new Snapshot(s.entity(), s.sequence(), s.bytes(), 1)));
    hands.put(
        "put snapshot further",
        snapshot(s -> new Snapshot(s.entity(), s.sequence() + 1, s.bytes())));
    hands.put(
        "delete snapshot",
        (tables, i) -> {
          if (!tables.snapshots().isEmpty()) {
            Snapshot unused = tables.snapshots().remove(i % tables.snapshots().size());
          }
        });
    hands.put(
        "insert snapshot",
        (tables, i) -> {
          String entity = "tally|c";
          if (tables.snapshots().stream().noneMatch(s -> s.entity().equals(entity))) {
            tables.snapshots().add(forged(entity, 1 + i % 6));
          }
        });
    hands.put(
        "swap snapshots",
        (tables, i) -> {
          int n = tables.snapshots().size();
          if (n > 1) {
            Snapshot one = tables.snapshots().get(i % n);
            Snapshot other = tables.snapshots().get((i + 1) % n);
            tables
                .snapshots()
                .set(i % n, new Snapshot(one.entity(), one.sequence(), other.bytes()));
            tables
                .snapshots()
                .set((i + 1) % n, new Snapshot(other.entity(), other.sequence(), one.bytes()));
          }
        });
    return hands;
  }

  Map<String, Hand> onCheckpoints() {
    Map<String, Hand> hands = new LinkedHashMap<>();
    hands.put("change note", check(c -> new Check(c.number(), changed(c.note()), c.segment())));
    hands.put(
        "truncate note",
        check(
            c -> new Check(c.number(), c.note().substring(0, c.note().length() / 2), c.segment())));
    hands.put("change list", check(c -> new Check(c.number(), c.note(), flipped(c.segment()))));
    hands.put("truncate list", check(c -> new Check(c.number(), c.note(), half(c.segment()))));
    hands.put(
        "delete checkpoint",
        (tables, i) -> {
          if (!tables.checks().isEmpty()) {
            Check unused = tables.checks().remove(i % tables.checks().size());
          }
        });
    hands.put(
        "insert checkpoint",
        (tables, i) -> {
          Check last =
              tables.checks().isEmpty() ? whole.checks().getLast() : tables.checks().getLast();
          long number = Math.max(last.number(), 3) + 1;
          tables
              .checks()
              .add(
                  new Check(
                      number, last.note().replace("number 3", "number " + number), last.segment()));
        });
    hands.put(
        "swap checkpoints",
        (tables, i) -> {
          int n = tables.checks().size();
          if (n > 1) {
            Check one = tables.checks().get(i % n);
            Check other = tables.checks().get((i + 1) % n);
            tables.checks().set(i % n, new Check(one.number(), other.note(), other.segment()));
            tables.checks().set((i + 1) % n, new Check(other.number(), one.note(), one.segment()));
          }
        });
    return hands;
  }

  private interface Change<T> {
    T of(Tables tables, T row);
  }

  private static Hand on(Change<Event> change) {
    return (tables, i) -> {
      int at = i % tables.events().size();
      tables.events().set(at, change.of(tables, tables.events().get(at)));
    };
  }

  private static Hand snapshot(java.util.function.UnaryOperator<Snapshot> change) {
    return (tables, i) -> {
      if (!tables.snapshots().isEmpty()) {
        int at = i % tables.snapshots().size();
        tables.snapshots().set(at, change.apply(tables.snapshots().get(at)));
      }
    };
  }

  private static Hand check(java.util.function.UnaryOperator<Check> change) {
    return (tables, i) -> {
      if (!tables.checks().isEmpty()) {
        int at = i % tables.checks().size();
        tables.checks().set(at, change.apply(tables.checks().get(at)));
      }
    };
  }

  /** The contents of two rows change places. */
  private static void swap(Tables tables, int i, int j) {
    int n = tables.events().size();
    Event one = tables.events().get(i % n);
    Event other = tables.events().get(j % n);
    tables.events().set(i % n, bytes(one, other.bytes()));
    tables.events().set(j % n, bytes(other, one.bytes()));
  }

  /** Two rows change places in the feed. */
  private static void places(Tables tables, int i, int j) {
    int n = tables.events().size();
    Event one = tables.events().get(i % n);
    Event other = tables.events().get(j % n);
    tables.events().set(i % n, at(one, other.txid(), other.ordering()));
    tables.events().set(j % n, at(other, one.txid(), one.ordering()));
  }

  /** Changes (0), deletes (-1) or inserts (1) an event, and makes the entity's chain hold again. */
  private void chained(Tables tables, int i, int by) {
    Event event = tables.events().get(i % tables.events().size());
    List<Event> all = new ArrayList<>();
    for (Event each : TamperedJournal.of(tables, event.entity())) {
      if (!readable(each)) {
        return; // an earlier hand has left nothing to chain
      }
      if (each.sequence() == event.sequence() && by <= 0) {
        if (by == 0) {
          all.add(says(each, 1_000));
        }
        continue;
      }
      all.add(each);
      if (each.sequence() == event.sequence()) {
        long end = tables.events().stream().mapToLong(Event::ordering).max().orElse(0);
        all.add(at(says(each, 2_000), each.txid(), Math.max(end, 0) + 1));
      }
    }
    tables.events().removeIf(each -> each.entity().equals(event.entity()));
    Hash previous = Hash.NONE;
    for (int k = 0; k < all.size(); k++) {
      Event again = journal.rewritten(all.get(k), k + 1, previous, Optional.empty());
      previous = again.envelope().hash();
      tables.events().add(again);
    }
  }

  private Event says(Event event, long by) {
    return journal.rewritten(
        event,
        event.sequence(),
        event.envelope().header().previousHash(),
        Optional.of(new Tally.Event.Counted(by)));
  }

  private boolean readable(Event event) {
    try {
      journal.codec.decode(
          event.envelope().header().event(), event.envelope().payload(), Tally.Event.class);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private Snapshot forged(String entity, long sequence) {
    Snapshot right = journal.snapshotOf(whole, entity, sequence);
    TamperedJournal.Snap says =
        journal.codec.decode(
            io.tandem.persistence.journal.WireName.parse("tally.snapshot/1"),
            right.bytes(),
            TamperedJournal.Snap.class);
    Tally rich = new Tally(says.state().id(), says.state().account(), 1_000_000);
    return new Snapshot(
        entity,
        sequence,
        journal.codec.encode(new TamperedJournal.Snap(rich, sequence, says.lastHash())));
  }

  static Event bytes(Event event, byte[] bytes) {
    return new Event(
        event.entity(),
        event.sequence(),
        event.txid(),
        event.ordering(),
        bytes,
        event.deleted(),
        event.manifest());
  }

  private static Event beside(Event event, Beside beside) {
    return new Event(
        event.entity(),
        event.sequence(),
        event.txid(),
        event.ordering(),
        event.bytes(),
        event.deleted(),
        event.manifest(),
        beside);
  }

  private static Event at(Event event, long txid, long ordering) {
    return new Event(
        event.entity(),
        event.sequence(),
        txid,
        ordering,
        event.bytes(),
        event.deleted(),
        event.manifest());
  }

  private static Event numbered(Event event, long sequence) {
    return new Event(
        event.entity(),
        sequence,
        event.txid(),
        event.ordering(),
        event.bytes(),
        event.deleted(),
        event.manifest());
  }

  byte[] flipped(byte[] bytes) {
    if (bytes.length == 0) {
      return new byte[] {1};
    }
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private String changed(String note) {
    int at = random.nextInt(note.length());
    char other = note.charAt(at) == 'x' ? 'y' : 'x';
    return note.substring(0, at) + other + note.substring(at + 1);
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }
}
