package io.tandem.persistence.readmodel;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.journal.JournalException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Security events, listed newest first: where each stands in the journal, which says the rest. All
 * methods throw {@link JournalException} UNAVAILABLE.
 */
public final class SecurityIndex {

  /**
   * An event on the list.
   *
   * @param entity {@code type|id}
   * @param accountId whose; null for the platform's
   * @param event its name
   * @param at when it was decided
   */
  public record Row(
      String entity, long sequence, @Nullable String accountId, String event, Instant at) {

    /** Where it stands in the list. */
    public Position position() {
      return new Position(at, entity, sequence);
    }
  }

  /** Where a page ended. */
  public record Position(Instant at, String entity, long sequence) {}

  /** Which to list; null for any. */
  public record Filter(
      @Nullable String accountId,
      @Nullable String event,
      @Nullable Instant from,
      @Nullable Instant to) {}

  private final Database database;

  public SecurityIndex(Database database) {
    this.database = database;
  }

  /**
   * A page.
   *
   * @param before where the page before ended; null for the first
   */
  public List<Row> page(Filter filter, @Nullable Position before, int limit) {
    StringBuilder where = new StringBuilder(" where 1 = 1");
    List<Object> parameters = new ArrayList<>();
    restrict(where, parameters, "account_id = ?", filter.accountId());
    restrict(where, parameters, "event_name = ?", filter.event());
    restrict(where, parameters, "at >= ?", filter.from());
    restrict(where, parameters, "at < ?", filter.to());
    if (before != null) {
      where.append(" and (at < ? or at = ? and (entity < ? or entity = ? and sequence < ?))");
      parameters.addAll(
          List.of(before.at(), before.at(), before.entity(), before.entity(), before.sequence()));
    }
    where.append(" order by at desc, entity desc, sequence desc limit ?");
    parameters.add(limit);
    return SecurityListing.page(database, where.toString(), parameters);
  }

  private static void restrict(
      StringBuilder where, List<Object> parameters, String condition, @Nullable Object value) {
    if (value != null) {
      where.append(" and ").append(condition);
      parameters.add(value);
    }
  }
}
