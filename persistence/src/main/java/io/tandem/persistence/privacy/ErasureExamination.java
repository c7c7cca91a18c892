package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.KeyId;
import io.tandem.persistence.journal.PersonalScan;
import io.tandem.persistence.journal.PersonalScan.Found;
import io.tandem.persistence.journal.keys.ReadingKeyStore;
import io.tandem.persistence.journal.keys.ReadingKeyStore.Kept;
import io.tandem.persistence.privacy.ErasureLog.Line;
import io.tandem.persistence.proof.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds the values about persons that events have against the key store and the log of erasures
 * (PRV-2): a key that is gone went with a recorded erasure, and what a recorded erasure covers is
 * gone. Each key is named once, at the first event that shows it.
 *
 * <p>Memory does not grow with the journal. May be told by several threads. Methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class ErasureExamination implements Consumer<Envelope> {

  private static final int BATCH = 1_000;
  private static final int REMEMBERED = 100_000;

  /** Clocks of nodes differ, and what is decided while an erasure goes on is stored after it. */
  private static final Duration SLACK = Duration.ofMinutes(5);

  /** A value, where it was met. */
  private record Met(String entity, long sequence, Instant at, Found value) {}

  /**
   * What is known of a key.
   *
   * @param kept null where the store does not have it
   * @param lines the erasures of its person and class
   */
  private record Known(@Nullable Kept kept, List<Line> lines) {}

  /** A key that is there, and the erasure that says it is not. */
  private record Undone(Met met, Line line) {}

  private final ReadingKeyStore keys;
  private final ErasureLog log;
  private final Findings findings;

  // all of these under the lock of this
  private final List<Met> waiting = new ArrayList<>();
  private final Map<KeyId, Known> known = bounded();
  private final Map<KeyId, Boolean> named = bounded();
  private final Map<KeyId, Undone> undone = bounded();
  private long values;

  /**
   * @param findings told of each key that should be there and is not, or should not be and is
   */
  public ErasureExamination(Database journal, ReadingKeyStore keys, Findings findings) {
    this.keys = keys;
    this.log = new ErasureLog(journal);
    this.findings = findings;
  }

  /** Looks at an event; what is no CBOR is for others to name. */
  @Override
  public void accept(Envelope envelope) {
    List<Found> all;
    try {
      all = PersonalScan.of(envelope);
    } catch (JournalException e) {
      return;
    }
    if (!all.isEmpty()) {
      take(envelope, all);
    }
  }

  private synchronized void take(Envelope envelope, List<Found> all) {
    for (Found each : all) {
      values++;
      Met met =
          new Met(envelope.persistenceId(), envelope.sequence(), envelope.header().at(), each);
      Known one = known.get(each.key());
      if (one == null) {
        waiting.add(met);
      } else {
        judge(met, one);
      }
    }
    if (waiting.size() >= BATCH) {
      look();
    }
  }

  /** Judges what is left; gives how many values there were. */
  public synchronized long end() {
    look();
    // an erasure is written down before its keys go: one that was under way is done by now
    for (List<KeyId> some = first(); !some.isEmpty(); some = first()) {
      Map<KeyId, Kept> there = keys.look(some);
      for (KeyId key : some) {
        Undone it = undone.remove(key);
        Kept kept = there.get(key);
        if (it != null && kept != null && !kept.destroyed()) {
          wrong(
              it.met(),
              "is still there, although erasure %d of %s is recorded (an older copy of the keys?)"
                  .formatted(it.line().number(), it.line().at()));
        }
      }
    }
    return values;
  }

  private List<KeyId> first() {
    return undone.keySet().stream().limit(BATCH).toList();
  }

  private void look() {
    if (waiting.isEmpty()) {
      return;
    }
    Map<KeyId, Kept> there =
        keys.look(waiting.stream().map(met -> met.value().key()).distinct().toList());
    Map<String, List<Line>> erased =
        log.of(waiting.stream().map(met -> met.value().subject()).distinct().toList()).stream()
            .collect(Collectors.groupingBy(Line::subject));
    for (Met met : waiting) {
      Found value = met.value();
      Known one =
          known.computeIfAbsent(
              value.key(),
              key ->
                  new Known(
                      there.get(key),
                      erased.getOrDefault(value.subject(), List.of()).stream()
                          .filter(line -> line.dataClass() == value.dataClass())
                          .toList()));
      judge(met, one);
    }
    waiting.clear();
  }

  private void judge(Met met, Known one) {
    Kept kept = one.kept();
    String assigned = kept == null ? null : kept.period();
    String period =
        assigned == null ? YearMonth.from(met.at().atZone(ZoneOffset.UTC)).toString() : assigned;
    List<Line> covering =
        one.lines().stream()
            .filter(line -> line.period() == null || period.equals(line.period()))
            .toList();
    if (kept != null && !kept.destroyed()) {
      covering.stream()
          .filter(line -> met.at().isBefore(line.at().minus(SLACK)))
          .findFirst()
          .ifPresent(line -> undone.putIfAbsent(met.value().key(), new Undone(met, line)));
    }
    String what = unexplained(met, kept, covering);
    if (what != null) {
      wrong(met, what);
    }
  }

  private void wrong(Met met, String what) {
    Found value = met.value();
    if (named.put(value.key(), true) == null) {
      findings.wrong(
          met.entity(),
          met.sequence(),
          "%s of %s under key %s %s"
              .formatted(value.dataClass(), value.subject(), value.key(), what));
    }
  }

  /** Why a value cannot be opened, where no erasure says so; null where one does, or it can. */
  private static @Nullable String unexplained(Met met, @Nullable Kept kept, List<Line> covering) {
    if (kept == null) {
      return covering.stream().anyMatch(line -> !line.at().isBefore(met.at()))
          ? null
          : "cannot be opened, and no erasure is recorded: this key store does not have the key"
              + " (an older copy, another store, or it was taken out)";
    }
    if (kept.destroyed()) {
      return covering.stream().anyMatch(line -> explains(line, kept))
          ? null
          : "cannot be opened, and no erasure is recorded: the key was destroyed"
              + (kept.destroyedAt() == null ? "" : " at " + kept.destroyedAt());
    }
    return kept.opens() ? null : "cannot be opened: the master key does not open this key";
  }

  /** An erasure destroys the keys that there are, and is written down before. */
  private static boolean explains(Line line, Kept kept) {
    Instant destroyed = kept.destroyedAt();
    return !line.at().isBefore(kept.madeAt().minus(SLACK))
        && (destroyed == null || !line.at().isAfter(destroyed.plus(SLACK)));
  }

  private static <V> Map<KeyId, V> bounded() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<KeyId, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }
}
