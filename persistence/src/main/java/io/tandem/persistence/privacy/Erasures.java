package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.KeyStore;
import io.tandem.persistence.privacy.ErasureLog.Asked;
import io.tandem.persistence.privacy.ErasureLog.Line;
import io.tandem.persistence.privacy.Precedence.Verdict;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.IdempotencyKeys;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.KeyAssignments;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Erases persons: what was sealed under their keys becomes unreadable wherever it lies, in events,
 * snapshots, views and backups, while every byte that hashes and proofs are over stays (PRV-2).
 *
 * <p>The log comes before the keys: what a crash interrupts is finished by {@link #replay}, which
 * also brings a restored copy of the key store up to date. What a legal hold or the law keeps
 * (PRV-9) waits, and goes when nothing keeps it any more. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class Erasures {

  private static final int PAGE = 500;

  private final Database keyDatabase;
  private final KeyStore keys;
  private final ErasureLog log;
  private final JournalFeed feed;
  private final IdempotencyKeys answers;
  private final KeptByLaw law;

  /** How far the journal has told whose its keys are. */
  private FeedPosition assigned = FeedPosition.START;

  /**
   * @param law what is kept whoever asks
   */
  public Erasures(Database journal, Database keyDatabase, KeyStore keys, KeptByLaw law) {
    this.law = law;
    this.keyDatabase = keyDatabase;
    this.keys = keys;
    this.log = new ErasureLog(journal);
    this.feed = new JournalFeed(journal);
    this.answers = new IdempotencyKeys(journal);
  }

  /**
   * What became of a class.
   *
   * @param keys how many were destroyed
   */
  public record Outcome(Verdict verdict, int keys) {}

  /**
   * Erases a person.
   *
   * @param known the person's numbers and names, as far as the asker has them: kept answers to
   *     requests that hold one are emptied
   * @return what became of each class; what is held or kept by law waits for {@link #finish}
   */
  public Map<DataClass, Outcome> erase(
      String subject,
      Collection<DataClass> classes,
      Collection<String> known,
      Instant now,
      String by,
      String reason) {
    // whose each key is may be known to the journal alone; an erasure is to miss none
    synchronized (this) {
      assigned = KeyAssignments.rebuild(feed, keys, assigned);
      keys.flush();
    }
    Map<DataClass, Outcome> outcomes = new EnumMap<>(DataClass.class);
    for (DataClass each : classes) {
      outcomes.put(each, erase(new Asked(subject, each, now, by, reason), now));
    }
    if (outcomes.values().stream().anyMatch(each -> each.verdict() instanceof Verdict.Erase)) {
      int unusedCount = answers.empty(known);
    }
    return outcomes;
  }

  /**
   * Goes on with erasures that were asked for and kept back; the key store is to know whose its
   * keys are.
   *
   * @return how many keys were destroyed
   */
  int finish(Instant now) {
    int destroyed = 0;
    for (Asked each : log.waiting()) {
      destroyed += erase(each, now).keys();
    }
    return destroyed;
  }

  private Outcome erase(Asked asked, Instant now) {
    List<String> months = months(asked.subject(), asked.dataClass());
    Verdict verdict = verdict(asked.subject(), asked.dataClass(), months, now);
    return switch (verdict) {
      case Verdict.Erase _ -> {
        long number =
            log.add(asked.subject(), asked.dataClass(), null, now, asked.by(), asked.reason());
        int destroyed = keys.destroy(asked.subject(), asked.dataClass());
        applied(number - 1, number);
        log.settled(asked);
        yield new Outcome(verdict, destroyed);
      }
      case Verdict.Statutory _ -> {
        log.await(asked);
        int destroyed = 0;
        for (String month : months) {
          if (mayGo(asked.subject(), asked.dataClass(), month, now)) {
            destroyed +=
                expire(asked.subject(), asked.dataClass(), month, now, asked.by(), asked.reason());
          }
        }
        yield new Outcome(verdict, destroyed);
      }
      case Verdict.Held _ -> {
        log.await(asked);
        yield new Outcome(verdict, 0);
      }
    };
  }

  /** Whether nothing keeps a month of a person's class. */
  boolean mayGo(String subject, DataClass dataClass, String month, Instant now) {
    return verdict(subject, dataClass, List.of(month), now) instanceof Verdict.Erase;
  }

  private Verdict verdict(
      String subject, DataClass dataClass, Collection<String> months, Instant now) {
    return Precedence.decide(
        subject, dataClass, log.holds(subject), law.until(dataClass, months).orElse(null), now);
  }

  /** The months of which there are keys. */
  private List<String> months(String subject, DataClass dataClass) {
    return keyDatabase.run(
        connection ->
            Sql.list(
                connection,
                "select distinct period from data_key where subject = ? and data_class = ?"
                    + " and wrapped is not null order by period",
                row -> row.getString(1),
                subject,
                dataClass.code()));
  }

  /**
   * Destroys the keys of one month of a person's class: the log first, as ever.
   *
   * @param period the month, such as {@code 2026-11}
   * @return how many there were
   */
  int expire(
      String subject, DataClass dataClass, String period, Instant now, String by, String reason) {
    long number = log.add(subject, dataClass, period, now, by, reason);
    int destroyed = keys.destroy(subject, dataClass, period);
    applied(number - 1, number);
    return destroyed;
  }

  /**
   * Does again what the log says and this key store has not done: after a crash, or where it is a
   * restored copy. To be called before anything is read with it.
   *
   * @return how many keys were destroyed
   */
  public int replay() {
    int destroyed = 0;
    long done = applied();
    List<Line> lines = log.after(done, PAGE);
    if (!lines.isEmpty()) {
      FeedPosition unused = KeyAssignments.rebuild(feed, keys, FeedPosition.START);
    }
    while (!lines.isEmpty()) {
      for (Line line : lines) {
        String period = line.period();
        destroyed +=
            period == null
                ? keys.destroy(line.subject(), line.dataClass())
                : keys.destroy(line.subject(), line.dataClass(), period);
      }
      long last = lines.getLast().number();
      applied(done, last);
      done = last;
      lines = log.after(done, PAGE);
    }
    return destroyed;
  }

  /** The number of the last line that these keys have seen. */
  private long applied() {
    return keyDatabase.run(
        connection ->
            Sql.number(
                connection, "select coalesce(max(number), 0) as newest from erasure_applied"));
  }

  /** Notes progress; not where a line before is still to be done. */
  private void applied(long from, long to) {
    if (applied() == from) {
      int unused = keyDatabase.update("insert into erasure_applied (number) values (?)", to);
    }
  }
}
