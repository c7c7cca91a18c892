package io.tandem.persistence.audit;

import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Posting;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of all ledger accounts, per currency, and the events that do not balance in themselves
 * (WAL-5). As every event has to balance, the whole does at every position or names where it ceased
 * to.
 */
public final class TrialBalance {

  private final Map<String, Map<LedgerAccount, BigInteger>> sums = new TreeMap<>();
  private final List<String> unbalanced = new ArrayList<>();
  private long events;

  TrialBalance() {}

  /** Adds the postings of one event. */
  void add(Envelope envelope, List<Posting> postings) {
    events++;
    Map<String, BigInteger> within = new TreeMap<>();
    for (Posting posting : postings) {
      String currency = posting.amount().currency();
      BigInteger micros = BigInteger.valueOf(posting.amount().micros());
      within.merge(currency, micros, BigInteger::add);
      sums.computeIfAbsent(currency, c -> new EnumMap<>(LedgerAccount.class))
          .merge(posting.account(), micros, BigInteger::add);
    }
    within.forEach(
        (currency, sum) -> {
          if (sum.signum() != 0) {
            unbalanced.add(envelope + " is off by " + sum + " micros of " + currency);
          }
        });
  }

  /** Currency → ledger account → sum in micros; credits positive. */
  public Map<String, Map<LedgerAccount, BigInteger>> sums() {
    return sums;
  }

  /** How many events moved money. */
  public long events() {
    return events;
  }

  /** Each event that does not sum to zero in some currency, with what it is off by. */
  public List<String> unbalanced() {
    return unbalanced;
  }

  /** Whether all currencies sum to zero, at this position and at every one before. */
  public boolean isZero() {
    return unbalanced.isEmpty()
        && sums.values().stream()
            .allMatch(
                accounts ->
                    accounts.values().stream().reduce(BigInteger.ZERO, BigInteger::add).signum()
                        == 0);
  }
}
