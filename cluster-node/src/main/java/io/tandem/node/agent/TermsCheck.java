package io.tandem.node.agent;

import io.tandem.node.agent.AgentReply.Invalid;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentTerms.Bid;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.money.Money;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's terms and licences must be like; each answer names the field, what was found and
 * what is allowed.
 */
final class TermsCheck {

  private TermsCheck() {}

  static @Nullable Invalid blank(String field, String value) {
    return value.isBlank() ? new Invalid(field, "'" + value + "'", "not empty") : null;
  }

  static @Nullable Invalid terms(AgentTerms terms) {
    if (terms.concurrency() < 1) {
      return new Invalid("terms.concurrency", String.valueOf(terms.concurrency()), "1 or more");
    }
    Integer dailyCalls = terms.dailyCalls();
    if (dailyCalls != null && dailyCalls < 0) {
      return new Invalid("terms.dailyCalls", String.valueOf(dailyCalls), "0 or more");
    }
    Invalid bid = bids(terms.bids());
    return bid != null ? bid : budget(terms);
  }

  private static @Nullable Invalid bids(List<Bid> bids) {
    Set<String> verticals = new HashSet<>();
    for (Bid bid : bids) {
      if (bid.verticalId().isBlank() || !verticals.add(bid.verticalId())) {
        return new Invalid(
            "terms.bids.verticalId", "'" + bid.verticalId() + "'", "each vertical once");
      }
      if (!bid.price().isPositive()) {
        return new Invalid("terms.bids.price", bid.price().toString(), "more than 0");
      }
      if (!bid.price().currency().equals(bids.getFirst().price().currency())) {
        return new Invalid("terms.bids.price", bid.price().toString(), "one currency for all bids");
      }
      if (bid.tier() < 1) {
        return new Invalid("terms.bids.tier", String.valueOf(bid.tier()), "1 or more");
      }
      if (bid.weight() < 1) {
        return new Invalid("terms.bids.weight", String.valueOf(bid.weight()), "1 or more");
      }
    }
    return null;
  }

  private static @Nullable Invalid budget(AgentTerms terms) {
    Money budget = terms.dailyBudget();
    if (budget == null) {
      return null;
    }
    if (budget.isNegative()) {
      return new Invalid("terms.dailyBudget", budget.toString(), "0 or more");
    }
    boolean sameCurrency =
        terms.bids().stream().allMatch(bid -> bid.price().currency().equals(budget.currency()));
    return sameCurrency
        ? null
        : new Invalid("terms.dailyBudget", budget.toString(), "the currency of the bids");
  }

  static @Nullable Invalid licence(Licence licence) {
    boolean state =
        licence.state().length() == 2
            && licence.state().chars().allMatch(c -> c >= 'A' && c <= 'Z');
    if (!state) {
      return new Invalid(
          "licence.state", "'" + licence.state() + "'", "two capital letters such as TX");
    }
    Invalid vertical = blank("licence.verticalId", licence.verticalId());
    return vertical != null ? vertical : blank("licence.number", licence.number());
  }
}
