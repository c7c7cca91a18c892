package io.tandem.persistence.call;

import java.util.List;
import java.util.Optional;

/**
 * Who is rung, in which order (MKT-3): the offers of a step ring at once, a step rings after the
 * one before it failed.
 *
 * @param ringMillis how long a step rings
 */
public record RingPlan(List<Step> steps, long ringMillis) {

  /** Offers that ring at the same time. */
  public record Step(List<Offer> offers) {}

  /** The offer with this id. */
  public Optional<Offer> offer(String offerId) {
    for (Step step : steps) {
      for (Offer offer : step.offers()) {
        if (offer.offerId().equals(offerId)) {
          return Optional.of(offer);
        }
      }
    }
    return Optional.empty();
  }
}
