package io.tandem.persistence.agent;

import io.tandem.persistence.money.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an agent takes: its bids, how many calls at once, its own caps and its opening hours (MKT-2,
 * MKT-3, MKT-10).
 *
 * @param bids at most one a vertical
 * @param concurrency calls at the same time, at least 1
 * @param dailyCalls calls connected or in the making a day of the schedule's zone; null for no cap
 * @param dailyBudget charges a day of the schedule's zone, with what is reserved counted in; null
 *     for no cap
 * @param schedule when it takes calls
 */
public record AgentTerms(
    List<Bid> bids,
    int concurrency,
    @Nullable Integer dailyCalls,
    @Nullable Money dailyBudget,
    WeeklySchedule schedule) {

  /** The bid for a vertical; null where there is none. */
  public @Nullable Bid bidFor(String verticalId) {
    for (Bid bid : bids) {
      if (bid.verticalId.equals(verticalId)) {
        return bid;
      }
    }
    return null;
  }

  /**
   * A bid for the calls of a vertical. The agent pays its bid, or the vertical's price where that
   * is higher.
   *
   * @param tier priority tier, 1 before 2
   * @param weight for weighted longest-idle: idle time counts this many times, at least 1
   */
  public record Bid(String verticalId, Money price, int tier, int weight) {}
}
