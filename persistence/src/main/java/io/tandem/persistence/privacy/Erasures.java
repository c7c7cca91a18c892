package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.keys.KeyStore;
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
 * also brings a restored copy of the key store up to date. All methods throw {@link
 * JournalException} UNAVAILABLE.
 */
public final class Erasures {

  private static final int PAGE = 500;

  private final Database keyDatabase;
  private final KeyStore keys;
  private final ErasureLog log;
  private final JournalFeed feed;
  private final IdempotencyKeys answers;

  public Erasures(Database journal, Database keyDatabase, KeyStore keys) {
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
   * @param statutory until when the law keeps a class of this person's
   * @return what became of each class; those that are held or kept are as they were
   */
  public Map<DataClass, Outcome> erase(
      String subject,
      Collection<DataClass> classes,
      Collection<String> known,
      Map<DataClass, Instant> statutory,
      Instant now,
      String by,
      String reason) {
    Map<DataClass, Verdict> verdicts =
        Precedence.decide(subject, classes, log.holds(subject), statutory, now);
    // whose each key is may be known to the journal alone; an erasure is to miss none
    FeedPosition unused = KeyAssignments.rebuild(feed, keys, FeedPosition.START);
    Map<DataClass, Outcome> outcomes = new EnumMap<>(DataClass.class);
    verdicts.forEach(
        (dataClass, verdict) -> {
          int destroyed = 0;
          if (verdict instanceof Verdict.Erase) {
            long number = log.add(subject, dataClass, null, now, by, reason);
            destroyed = keys.destroy(subject, dataClass);
            applied(number - 1, number);
          }
          outcomes.put(dataClass, new Outcome(verdict, destroyed));
        });
    if (verdicts.values().stream().anyMatch(Verdict.Erase.class::isInstance)) {
      int unusedCount = answers.empty(known);
    }
    return outcomes;
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
