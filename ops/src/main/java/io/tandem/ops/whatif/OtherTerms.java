package io.tandem.ops.whatif;

import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.money.Money;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The terms that calls are run again under. What is not named stays as it was for each call.
 *
 * @param timerMillis qualifying timer by vertical; under {@link #EVERY} for all that are not named
 * @param prices price by vertical; under {@link #EVERY} for all that are not named
 * @param deck rates by the minute, in the place of the price of a call that qualifies; null for
 *     none
 */
public record OtherTerms(
    Map<String, Long> timerMillis, Map<String, Money> prices, @Nullable RateDeck deck) {

  /** Stands for every vertical. */
  public static final String EVERY = "";

  /** The terms as they were: every charge comes back to the micro. */
  public static final OtherTerms SAME = new OtherTerms(Map.of(), Map.of(), null);

  public OtherTerms {
    timerMillis = Map.copyOf(timerMillis);
    prices = Map.copyOf(prices);
  }

  /** The timer of a vertical, which was {@code as} for the call in question. */
  long timerMillis(String verticalId, long as) {
    Long named = timerMillis.getOrDefault(verticalId, timerMillis.get(EVERY));
    return named == null ? as : named;
  }

  private Money price(String verticalId, Money as) {
    Money named = prices.getOrDefault(verticalId, prices.get(EVERY));
    return named == null || !named.currency().equals(as.currency()) ? as : named;
  }

  /** The same offers in the same order, under these terms. */
  RingPlan of(RingPlan plan) {
    return timerMillis.isEmpty() && prices.isEmpty()
        ? plan
        : new RingPlan(
            plan.steps().stream()
                .map(step -> new RingPlan.Step(step.offers().stream().map(this::of).toList()))
                .toList(),
            plan.ringMillis());
  }

  private Offer of(Offer offer) {
    Terms was = offer.terms();
    return new Offer(
        offer.offerId(),
        offer.agentId(),
        offer.accountId(),
        offer.endpoint(),
        new Terms(
            was.verticalId(),
            was.version(),
            price(was.verticalId(), was.price()),
            timerMillis(was.verticalId(), was.timerMillis())));
  }
}
