package io.tandem.ops.bench.call;

import io.tandem.ops.api.Api;
import io.tandem.ops.api.Market;
import io.tandem.persistence.money.Money;
import java.util.concurrent.TimeUnit;

/** A marketplace of one campaign, and agents who can pay for every call. */
final class Provisions {
  /** The number that callers dial. */
  static final String NUMBER = "18005550100";

  /** When a call is charged; QT-1 allows no shorter timer. */
  static final int TIMER_MILLIS = 30_000;

  private static final Money PRICE = Money.ofUnits(1, "USD");
  private static final Money OPENING = Money.ofUnits(1_000_000, "USD");

  /** The edge's directory follows the journal. */
  private static final int FOLLOWS_MILLIS = 1_500;

  private Provisions() {}

  /**
   * Makes them over HTTP, and registers the agents' phones.
   *
   * @param agents each with an account, a wallet and a phone
   * @param concurrency calls that each of them takes at a time
   */
  static void of(Rig rig, Crowd crowd, int agents, int concurrency) throws InterruptedException {
    try (Api api = new Api(rig.http(), Rig.token())) {
      Market market = Market.open(api, "bench", PRICE, TIMER_MILLIS);
      String publisher = market.account("Bench campaigns");
      String campaign = market.campaign(publisher, "Bench", NUMBER);
      if (campaign.isEmpty()) {
        throw new IllegalStateException("the campaign has no id");
      }
      for (int i = 0; i < agents; i++) {
        String account = market.account("Bench agency " + i);
        market.deposit(account, OPENING);
        crowd.phone(
            market.agent(account, "Agent " + i, "bench-" + i, "bench-secret-" + i, concurrency));
      }
    }
    TimeUnit.MILLISECONDS.sleep(FOLLOWS_MILLIS);
  }
}
