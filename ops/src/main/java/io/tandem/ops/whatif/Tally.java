package io.tandem.ops.whatif;

import io.tandem.persistence.money.Money;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one thread finds, account by account; those of several are added. */
final class Tally {
  private static final int NAMED = 1_000;

  private final Map<String, Difference> accounts = new TreeMap<>();
  private long events;
  private long calls;
  private long differing;
  private long open;
  private long leftOut;
  private final List<String> leftOutFirst = new ArrayList<>();

  /** One more event was read; how many so far. */
  long read() {
    return ++events;
  }

  /** What cannot be read is left out, and its entity with it. */
  void leftOut(String event, String why) {
    leftOut++;
    if (leftOutFirst.size() < NAMED) {
      leftOutFirst.add(event + ": " + why);
    }
  }

  /** One more call was run again. */
  void call(CallAgain.Result result) {
    calls++;
    open += result.open() ? 1 : 0;
    differing += result.differs() ? 1 : 0;
    Money was = result.was();
    Money would = result.would();
    if (!result.accountId().isEmpty()) {
      account(result.accountId(), result.currency())
          .call(micros(was), micros(would), was != null, would != null);
    }
  }

  private static long micros(@Nullable Money charge) {
    return charge == null ? 0 : charge.micros();
  }

  /** A wallet booked so much. */
  void booked(String accountId, Money amount) {
    account(accountId, amount.currency()).booked(amount.micros());
  }

  /** Whether an agent's cooldowns are to be told, and of which account. */
  void agent(AgentAgain agent) {
    if (!agent.accountId().isEmpty() && agent.hadCooldowns()) {
      agent.addTo(account(agent.accountId(), ""));
    }
  }

  private Difference account(String accountId, String currency) {
    return accounts.computeIfAbsent(
        accountId + ':' + currency, key -> new Difference(accountId, currency));
  }

  /**
   * Adds what others found; an agent's account has no currency and goes with the account's first.
   */
  static WhatIf.Outcome sum(List<Tally> all) {
    Tally sum = new Tally();
    for (Tally each : all) {
      sum.events += each.events;
      sum.calls += each.calls;
      sum.differing += each.differing;
      sum.open += each.open;
      sum.leftOut += each.leftOut;
      each.leftOutFirst.stream()
          .limit(NAMED - sum.leftOutFirst.size())
          .forEach(sum.leftOutFirst::add);
      each.accounts.values().stream()
          .filter(account -> !account.currency().isEmpty())
          .forEach(account -> sum.account(account.accountId(), account.currency()).add(account));
    }
    for (Tally each : all) {
      each.accounts.values().stream()
          .filter(account -> account.currency().isEmpty())
          .forEach(account -> sum.first(account.accountId()).add(account));
    }
    return new WhatIf.Outcome(
        sum.accounts.values(),
        sum.events,
        sum.calls,
        sum.differing,
        sum.open,
        sum.leftOutFirst.stream().sorted().toList(),
        sum.leftOut);
  }

  private Difference first(String accountId) {
    Collection<Difference> known = accounts.values();
    return known.stream()
        .filter(account -> account.accountId().equals(accountId))
        .findFirst()
        .orElseGet(() -> account(accountId, ""));
  }
}
