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
    for (Posting posting : postings) {
      sums.computeIfAbsent(posting.amount().currency(), c -> new EnumMap<>(LedgerAccount.class))
          .merge(posting.account(), BigInteger.valueOf(posting.amount().micros()), BigInteger::add);
    }
    if (!balances(postings)) {
      unbalanced.addAll(differences(envelope, postings));
    }
  }

  /** Adds what another thread has summed. */
  void add(TrialBalance other) {
    events += other.events;
    other.sums.forEach(
        (currency, accounts) ->
            accounts.forEach(
                (account, micros) -> {
                  BigInteger unused =
                      sums.computeIfAbsent(currency, c -> new EnumMap<>(LedgerAccount.class))
                          .merge(account, micros, BigInteger::add);
                }));
    unbalanced.addAll(other.unbalanced);
    unbalanced.sort(null);
  }

  /** In what an event does not balance, in words: one for each currency; none where it does. */
  static List<String> differences(Envelope envelope, List<Posting> postings) {
    Map<String, BigInteger> within = new TreeMap<>();
    for (Posting posting : postings) {
      BigInteger unused =
          within.merge(
              posting.amount().currency(),
              BigInteger.valueOf(posting.amount().micros()),
              BigInteger::add);
    }
    return within.entrySet().stream()
        .filter(sum -> sum.getValue().signum() != 0)
        .map(sum -> envelope + " is off by " + sum.getValue() + " micros of " + sum.getKey())
        .toList();
  }

  /** Whether the postings are of one currency and sum to zero, which nearly all do. */
  public static boolean balances(List<Posting> postings) {
    long sum = 0;
    for (Posting posting : postings) {
      long micros = posting.amount().micros();
      long next = sum + micros;
      if (((sum ^ next) & (micros ^ next)) < 0
          || !posting.amount().currency().equals(postings.getFirst().amount().currency())) {
        return false;
      }
      sum = next;
    }
    return sum == 0;
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
