package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.JournalException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How often disputes are approved (DSP-7). All methods throw {@link JournalException} UNAVAILABLE.
 */
public final class DisputeRates {

  private static final String APPROVED = "phase in ('APPROVED', 'PARTLY_APPROVED')";

  private final Database database;

  public DisputeRates(Database database) {
    this.database = database;
  }

  /** By what they are counted. */
  public enum By {
    AGENT("agent_id"),
    CAMPAIGN("campaign_id"),
    REASON("reason");

    private final String column;

    By(String column) {
      this.column = column;
    }
  }

  /**
   * Disputes of one agent, campaign or reason.
   *
   * @param decided those of them that are
   * @param approved those of these that were, wholly or in part
   */
  public record Rate(String key, long filed, long decided, long approved) {

    /** Both together, under the key of this one. */
    public Rate plus(Rate other) {
      return new Rate(key, filed + other.filed, decided + other.decided, approved + other.approved);
    }
  }

  /** Rates of the disputes that were filed in a span, by their keys. */
  public List<Rate> filed(By by, Instant from, Instant to) {
    String sql =
        "select "
            + by.column
            + " as key_name, count(*) as filed, count(decided_at) as decided, sum(case when "
            + APPROVED
            + " then 1 else 0 end) as approved from dispute_index"
            + " where filed_at >= ? and filed_at < ? group by "
            + by.column
            + " order by "
            + by.column;
    return database.run(
        c ->
            Sql.list(
                c,
                sql,
                row ->
                    new Rate(
                        row.getString("key_name"),
                        row.getLong("filed"),
                        row.getLong("decided"),
                        row.getLong("approved")),
                from,
                to));
  }

  /** How many of the calls of a span have an approved dispute, by campaign. */
  public Map<String, Long> approvedCalls(Instant from, Instant to) {
    return counts(
        "select campaign_id, count(*) as calls from dispute_index where called_at >= ? and"
            + " called_at < ? and "
            + APPROVED
            + " group by campaign_id",
        from,
        to);
  }

  /** How many calls of a span were charged, by campaign. */
  public Map<String, Long> chargedCalls(Instant from, Instant to) {
    return counts(
        "select campaign_id, count(*) as calls from call_index where started_at >= ? and"
            + " started_at < ? and billable and campaign_id is not null group by campaign_id",
        from,
        to);
  }

  private Map<String, Long> counts(String sql, Instant from, Instant to) {
    Map<String, Long> counts = new TreeMap<>();
    for (Map.Entry<String, Long> each :
        database.run(
            c ->
                Sql.list(
                    c,
                    sql,
                    row -> Map.entry(row.getString("campaign_id"), row.getLong("calls")),
                    from,
                    to))) {
      counts.put(each.getKey(), each.getValue());
    }
    return counts;
  }
}
