package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Calls looked up and listed. All methods throw {@link JournalException} UNAVAILABLE. */
public final class CallIndex {

  static final String SELECT = "select " + Tables.LIVE.callIndex().columnList() + " from ";

  private static final long DAY_MICROS = 86_400_000_000L;

  private static final String WHERE = SELECT + "call_index where ";

  /** Which calls to list; null for any. */
  public record Filter(
      @Nullable String accountId,
      @Nullable String agentId,
      @Nullable String campaignId,
      @Nullable Caller caller) {

    /** Whoever called. */
    public Filter(
        @Nullable String accountId, @Nullable String agentId, @Nullable String campaignId) {
      this(accountId, agentId, campaignId, null);
    }

    /** Of one caller alone. */
    public Filter by(Caller one) {
      return new Filter(accountId, agentId, campaignId, one);
    }
  }

  /**
   * A caller, by the blind name of the number.
   *
   * @param erased when calls were made that are no longer known to be this person's (PRV-2)
   */
  public record Caller(String blind, List<Span> erased) {}

  /** Where a page ended: calls started before it, or then with a lower id, are on the next one. */
  public record Position(Instant startedAt, String callId) {}

  /** When the calls of a list started: from an instant on, and before another; null for any. */
  public record Span(@Nullable Instant from, @Nullable Instant to) {}

  private final Database database;

  public CallIndex(Database database) {
    this.database = database;
  }

  /** One call. */
  public Optional<CallIndexRow> byId(String callId) {
    return database.run(c -> Sql.list(c, WHERE + "call_id = ?", CallIndex::read, callId)).stream()
        .findFirst();
  }

  /**
   * Calls, newest first.
   *
   * @param before the last row of the page before; null for the first page
   */
  public List<CallIndexRow> page(Filter filter, @Nullable CallIndexRow before, int limit) {
    return page(
        filter,
        new Span(null, null),
        before == null ? null : new Position(before.startedAt(), before.callId()),
        limit);
  }

  /**
   * Calls that started in a span, newest first.
   *
   * @param before where the page before ended; null for the first page
   */
  public List<CallIndexRow> page(Filter filter, Span span, @Nullable Position before, int limit) {
    StringBuilder sql = new StringBuilder(WHERE).append("1 = 1");
    List<@Nullable Object> parameters = new ArrayList<>();
    restrict(sql, parameters, "account_id = ?", filter.accountId());
    restrict(sql, parameters, "agent_id = ?", filter.agentId());
    restrict(sql, parameters, "campaign_id = ?", filter.campaignId());
    restrict(sql, parameters, "started_at >= ?", span.from());
    restrict(sql, parameters, "started_at < ?", span.to());
    if (filter.caller() != null) {
      restrict(sql, parameters, "caller_blind = ?", filter.caller().blind());
      for (Span gone : filter.caller().erased()) {
        sql.append(" and not (1 = 1");
        restrict(sql, parameters, "started_at >= ?", gone.from());
        restrict(sql, parameters, "started_at < ?", gone.to());
        sql.append(')');
      }
    }
    if (before != null) {
      sql.append(" and (started_at < ? or started_at = ? and call_id < ?)");
      parameters.add(before.startedAt());
      parameters.add(before.startedAt());
      parameters.add(before.callId());
    }
    sql.append(" order by started_at desc, call_id desc limit ?");
    parameters.add(limit);
    return database.run(c -> Sql.list(c, sql.toString(), CallIndex::read, parameters.toArray()));
  }

  /**
   * What the calls of one day (UTC) came to.
   *
   * @param answered how many were connected
   * @param qualified how many reached their timer (QT-3)
   * @param connectedMillis of all of them together
   * @param chargedMicros by currency; without those in which nothing was charged
   */
  public record Day(
      LocalDate day,
      long offered,
      long answered,
      long qualified,
      long connectedMillis,
      SortedMap<String, Long> chargedMicros) {
    private Day plus(Day other) {
      SortedMap<String, Long> charged = new TreeMap<>(chargedMicros);
      other.chargedMicros.forEach(
          (currency, micros) -> charged.merge(currency, micros, Math::addExact));
      return new Day(
          day,
          offered + other.offered,
          answered + other.answered,
          qualified + other.qualified,
          connectedMillis + other.connectedMillis,
          charged);
    }
  }

  /** Calls that started in a span, day by day; days without calls are left out. */
  public List<Day> days(Filter filter, Instant from, Instant to) {
    StringBuilder inner =
        new StringBuilder("select started_at / ")
            .append(DAY_MICROS)
            .append(
                " as on_day, currency, connected_at, billable, connected_millis, charged_micros"
                    + " from call_index where started_at >= ? and started_at < ?");
    List<@Nullable Object> parameters = new ArrayList<>(List.of(from, to));
    restrict(inner, parameters, "account_id = ?", filter.accountId());
    restrict(inner, parameters, "agent_id = ?", filter.agentId());
    restrict(inner, parameters, "campaign_id = ?", filter.campaignId());
    String sql =
        "select on_day, currency, count(*) as offered, count(connected_at) as answered,"
            + " sum(case when billable then 1 else 0 end) as qualified,"
            + " coalesce(sum(connected_millis), 0) as millis,"
            + " coalesce(sum(charged_micros), 0) as micros from ("
            + inner
            + ") calls group by on_day, currency order by on_day";
    SortedMap<LocalDate, Day> days = new TreeMap<>();
    database
        .run(c -> Sql.list(c, sql, CallIndex::day, parameters.toArray()))
        .forEach(each -> days.merge(each.day(), each, Day::plus));
    return List.copyOf(days.values());
  }

  private static Day day(ResultSet row) throws SQLException {
    String currency = row.getString("currency");
    long micros = row.getLong("micros");
    return new Day(
        LocalDate.ofEpochDay(row.getLong("on_day")),
        row.getLong("offered"),
        row.getLong("answered"),
        row.getLong("qualified"),
        row.getLong("millis"),
        currency == null || micros == 0
            ? new TreeMap<>()
            : new TreeMap<>(Map.of(currency, micros)));
  }

  /** Calls of a caller, by the blind name of the number, that started in a span, by their ids. */
  public List<CallIndexRow> ofCaller(
      String blind, Instant from, Instant to, String afterCallId, int limit) {
    return database.run(
        c ->
            Sql.list(
                c,
                WHERE
                    + "caller_blind = ? and started_at >= ? and started_at < ? and call_id > ?"
                    + " order by call_id limit ?",
                CallIndex::read,
                blind,
                from,
                to,
                afterCallId,
                limit));
  }

  /** Edges that carry a call which has not ended, as the rows say. */
  public List<String> edgesWithCalls() {
    return database.run(
        c ->
            Sql.list(
                c,
                "select distinct edge from call_index where ended_at is null and edge is not null",
                row -> row.getString("edge")));
  }

  /** Calls of an edge that have not ended, oldest first. */
  public List<String> runningOn(String edge, int limit) {
    return database.run(
        c ->
            Sql.list(
                c,
                "select call_id from call_index where edge = ? and ended_at is null"
                    + " order by started_at limit ?",
                row -> row.getString("call_id"),
                edge,
                limit));
  }

  private static void restrict(
      StringBuilder sql,
      List<@Nullable Object> parameters,
      String condition,
      @Nullable Object value) {
    if (value != null) {
      sql.append(" and ").append(condition);
      parameters.add(value);
    }
  }

  static CallIndexRow read(ResultSet row) throws SQLException {
    return new CallIndexRow(
        row.getString("call_id"),
        row.getString("account_id"),
        row.getString("campaign_id"),
        row.getString("agent_id"),
        row.getString("phase"),
        row.getString("direction"),
        row.getString("caller_blind"),
        row.getString("called"),
        Sql.instant(row.getLong("started_at")),
        Sql.instant(row, "connected_at"),
        Sql.instant(row, "ended_at"),
        Sql.number(row, "connected_millis") instanceof Long millis
            ? Duration.ofMillis(millis)
            : null,
        row.getBoolean("billable"),
        Sql.number(row, "charged_micros"),
        row.getString("currency"),
        row.getString("end_reason"),
        row.getString("repeats_call_id"),
        row.getString("edge"));
  }
}
