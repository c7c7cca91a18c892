package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Disputes listed. All methods throw {@link JournalException} UNAVAILABLE. */
public final class DisputeIndex {

  static final String SELECT = "select " + Tables.LIVE.disputeIndex().columnList() + " from ";

  private final Database database;

  public DisputeIndex(Database database) {
    this.database = database;
  }

  /**
   * Which disputes to list; null for any.
   *
   * @param from filed from then on
   * @param to and before then
   */
  public record Filter(
      @Nullable String accountId,
      @Nullable String agentId,
      @Nullable String campaignId,
      @Nullable String phase,
      @Nullable Instant from,
      @Nullable Instant to) {}

  /** Where a page ended: disputes filed before it, or then with a lower id, are on the next one. */
  public record Position(Instant filedAt, String disputeId) {}

  /**
   * Disputes, the latest filed first.
   *
   * @param before where the page before ended; null for the first page
   */
  public List<DisputeIndexRow> page(Filter filter, @Nullable Position before, int limit) {
    StringBuilder sql = new StringBuilder(SELECT).append("dispute_index where 1 = 1");
    List<@Nullable Object> parameters = new ArrayList<>();
    restrict(sql, parameters, "account_id = ?", filter.accountId());
    restrict(sql, parameters, "agent_id = ?", filter.agentId());
    restrict(sql, parameters, "campaign_id = ?", filter.campaignId());
    restrict(sql, parameters, "phase = ?", filter.phase());
    restrict(sql, parameters, "filed_at >= ?", filter.from());
    restrict(sql, parameters, "filed_at < ?", filter.to());
    if (before != null) {
      sql.append(" and (filed_at < ? or filed_at = ? and dispute_id < ?)");
      parameters.add(before.filedAt());
      parameters.add(before.filedAt());
      parameters.add(before.disputeId());
    }
    sql.append(" order by filed_at desc, dispute_id desc limit ?");
    parameters.add(limit);
    return database.run(c -> Sql.list(c, sql.toString(), DisputeIndex::read, parameters.toArray()));
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

  static DisputeIndexRow read(ResultSet row) throws SQLException {
    return new DisputeIndexRow(
        row.getString("dispute_id"),
        row.getString("call_id"),
        row.getString("account_id"),
        row.getString("campaign_id"),
        row.getString("agent_id"),
        row.getString("phase"),
        row.getString("reason"),
        row.getString("ground"),
        Sql.instant(row.getLong("called_at")),
        Sql.instant(row.getLong("deadline_at")),
        Sql.instant(row.getLong("filed_at")),
        Sql.instant(row, "reviewed_at"),
        Sql.instant(row, "decided_at"),
        Sql.instant(row, "credited_at"),
        row.getLong("charged_micros"),
        Sql.number(row, "credit_micros"),
        row.getString("currency"));
  }
}
