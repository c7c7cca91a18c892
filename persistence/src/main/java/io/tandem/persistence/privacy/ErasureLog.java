package io.tandem.persistence.privacy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.CallIndex;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Erasures and holds, beside the journal: apart from the keys, so that a restored copy of the keys
 * is brought up to date from here. Subjects are blind names; nothing here tells who it was. All
 * methods throw {@link JournalException} UNAVAILABLE.
 */
public final class ErasureLog {

  /**
   * One line: the keys of a person in a class were to be destroyed.
   *
   * @param number its place, from 1
   * @param period one period alone; null for all
   * @param by who wanted it
   */
  public record Line(
      long number,
      String subject,
      DataClass dataClass,
      @Nullable String period,
      Instant at,
      String by,
      String reason) {}

  /**
   * An erasure that was asked for and is kept back by a hold or by law.
   *
   * @param at when it was asked for
   */
  public record Asked(String subject, DataClass dataClass, Instant at, String by, String reason) {}

  /**
   * A hold was put on or taken off.
   *
   * @param number its place, from 1
   * @param placed else it was taken off
   * @param by who wanted it
   */
  public record HoldLine(
      long number, boolean placed, Precedence.Hold hold, Instant at, String by, String reason) {}

  private final Database database;

  public ErasureLog(Database database) {
    this.database = database;
  }

  /** Adds a line, durably; gives its number. */
  long add(
      String subject,
      DataClass dataClass,
      @Nullable String period,
      Instant at,
      String by,
      String reason) {
    return database.inTransaction(
        connection -> {
          long number =
              Sql.number(connection, "select coalesce(max(number), 0) as newest from erasure") + 1;
          int[] unused =
              Sql.batch(
                  connection,
                  "insert into erasure (number, subject, data_class, period, erased_at, erased_by,"
                      + " reason) values (?, ?, ?, ?, ?, ?, ?)",
                  List.<@Nullable Object[]>of(
                      new @Nullable Object[] {
                        number, subject, dataClass.code(), period, at, by, reason
                      }));
          return number;
        });
  }

  /** The number of the newest line; 0 where nobody was ever erased. */
  public long newest() {
    return database.run(
        connection ->
            Sql.number(connection, "select coalesce(max(number), 0) as newest from erasure"));
  }

  /** The lines after a number, in order. */
  public List<Line> after(long number, int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select number, subject, data_class, period, erased_at, erased_by, reason from"
                    + " erasure where number > ? order by number limit ?",
                ErasureLog::line,
                number,
                limit));
  }

  /** The lines of some persons, in order. */
  List<Line> of(Collection<String> subjects) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select number, subject, data_class, period, erased_at, erased_by, reason from"
                    + " erasure where subject in ("
                    + String.join(", ", Collections.nCopies(subjects.size(), "?"))
                    + ") order by number",
                ErasureLog::line,
                subjects.toArray()));
  }

  /**
   * A caller to be looked for: without the calls whose number was destroyed, which nobody is to
   * find by it any more.
   */
  public CallIndex.Caller caller(String subject) {
    List<Line> lines =
        database.run(
            connection ->
                Sql.list(
                    connection,
                    "select number, subject, data_class, period, erased_at, erased_by, reason from"
                        + " erasure where subject = ? and data_class = ? order by number",
                    ErasureLog::line,
                    subject,
                    DataClass.CALL_NUMBER.code()));
    return new CallIndex.Caller(subject, lines.stream().map(ErasureLog::span).toList());
  }

  /** What was sealed by then; of one month alone where the line is of one. */
  private static CallIndex.Span span(Line line) {
    Instant by = line.at().plus(1, ChronoUnit.MICROS);
    String period = line.period();
    if (period == null) {
      return new CallIndex.Span(null, by);
    }
    YearMonth month = YearMonth.parse(period);
    Instant end = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    return new CallIndex.Span(
        month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant(), by.isBefore(end) ? by : end);
  }

  /** Notes an erasure that waits; where one of the same waits already, that stays. */
  void await(Asked asked) {
    boolean unused =
        database.inTransaction(
            connection -> {
              Object[] key = {asked.subject(), asked.dataClass().code()};
              boolean waits =
                  !Sql.list(
                          connection,
                          "select 1 from erasure_waiting where subject = ? and data_class = ?",
                          row -> true,
                          key)
                      .isEmpty();
              return waits
                  || Sql.batch(
                              connection,
                              "insert into erasure_waiting (subject, data_class, asked_at,"
                                  + " asked_by, reason) values (?, ?, ?, ?, ?)",
                              List.<@Nullable Object[]>of(
                                  new Object[] {
                                    key[0], key[1], asked.at(), asked.by(), asked.reason()
                                  }))
                          .length
                      > 0;
            });
  }

  /** An erasure is done, and waits no more. */
  void settled(Asked asked) {
    int unused =
        database.update(
            "delete from erasure_waiting where subject = ? and data_class = ?",
            asked.subject(),
            asked.dataClass().code());
  }

  /** The erasures that wait, the longest first. */
  public List<Asked> waiting() {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select subject, data_class, asked_at, asked_by, reason from erasure_waiting"
                    + " order by asked_at, subject, data_class",
                row ->
                    new Asked(
                        row.getString("subject"),
                        DataClass.of(row.getInt("data_class")),
                        Sql.instant(row.getLong("asked_at")),
                        row.getString("asked_by"),
                        row.getString("reason"))));
  }

  /** Puts a legal hold on a person; a second one of the same class changes the reason. */
  public void hold(Precedence.Hold hold, Instant at, String by, String reason) {
    boolean unused =
        database.inTransaction(
            connection -> {
              Object[] key = {hold.subject(), code(hold.dataClass())};
              int[] gone =
                  Sql.batch(
                      connection,
                      "delete from legal_hold where subject = ? and data_class = ?",
                      List.<@Nullable Object[]>of(key));
              int[] made =
                  Sql.batch(
                      connection,
                      "insert into legal_hold (subject, data_class, held_at, held_by, reason)"
                          + " values (?, ?, ?, ?, ?)",
                      List.<@Nullable Object[]>of(new Object[] {key[0], key[1], at, by, reason}));
              note(connection, true, hold, at, by, reason);
              return gone.length + made.length > 0;
            });
  }

  /**
   * Takes a hold off; false where there was none, and nothing is noted then.
   *
   * @param by who wanted it
   */
  public boolean release(Precedence.Hold hold, Instant at, String by, String reason) {
    return database.inTransaction(
        connection -> {
          int[] gone =
              Sql.batch(
                  connection,
                  "delete from legal_hold where subject = ? and data_class = ?",
                  List.<@Nullable Object[]>of(
                      new Object[] {hold.subject(), code(hold.dataClass())}));
          if (gone[0] > 0) {
            note(connection, false, hold, at, by, reason);
          }
          return gone[0] > 0;
        });
  }

  private static void note(
      Connection connection,
      boolean placed,
      Precedence.Hold hold,
      Instant at,
      String by,
      String reason)
      throws SQLException {
    long number =
        Sql.number(connection, "select coalesce(max(number), 0) as newest from legal_hold_log") + 1;
    int[] unused =
        Sql.batch(
            connection,
            "insert into legal_hold_log (number, placed, subject, data_class, noted_at, noted_by,"
                + " reason) values (?, ?, ?, ?, ?, ?, ?)",
            List.<@Nullable Object[]>of(
                new Object[] {
                  number, placed, hold.subject(), code(hold.dataClass()), at, by, reason
                }));
  }

  /** What became of holds after a number, in order. */
  public List<HoldLine> holdsAfter(long number, int limit) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select number, placed, subject, data_class, noted_at, noted_by, reason from"
                    + " legal_hold_log where number > ? order by number limit ?",
                row -> {
                  int code = row.getInt("data_class");
                  return new HoldLine(
                      row.getLong("number"),
                      row.getBoolean("placed"),
                      new Precedence.Hold(
                          row.getString("subject"), code == 0 ? null : DataClass.of(code)),
                      Sql.instant(row.getLong("noted_at")),
                      row.getString("noted_by"),
                      row.getString("reason"));
                },
                number,
                limit));
  }

  /** The holds on a person. */
  public List<Precedence.Hold> holds(String subject) {
    return database.run(
        connection ->
            Sql.list(
                connection,
                "select subject, data_class from legal_hold where subject = ?",
                row -> {
                  int code = row.getInt("data_class");
                  return new Precedence.Hold(
                      row.getString("subject"), code == 0 ? null : DataClass.of(code));
                },
                subject));
  }

  private static int code(@Nullable DataClass dataClass) {
    return dataClass == null ? 0 : dataClass.code();
  }

  private static Line line(ResultSet row) throws SQLException {
    return new Line(
        row.getLong("number"),
        row.getString("subject"),
        DataClass.of(row.getInt("data_class")),
        row.getString("period"),
        Sql.instant(row.getLong("erased_at")),
        row.getString("erased_by"),
        row.getString("reason"));
  }
}
