package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Calls looked up and listed. All methods throw {@link JournalException} UNAVAILABLE. */
public final class CallIndex {

  static final String SELECT = "select " + Tables.LIVE.callIndex().columnList() + " from ";

  private static final String WHERE = SELECT + "call_index where ";

  /** Which calls to list; null for any. */
  public record Filter(
      @Nullable String accountId, @Nullable String agentId, @Nullable String campaignId) {}

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
