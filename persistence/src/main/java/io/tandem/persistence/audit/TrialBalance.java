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
 * The sums of all ledger accounts, per currency, and the events that do not balance in themselves,
 * or that state other balances than their entity's postings come to (WAL-5). As every event has to
 * balance, the whole does at every position or names where it ceased to.
 */
public final class TrialBalance {

  private final Map<String, Map<LedgerAccount, BigInteger>> sums = new TreeMap<>();
  private final Named unbalanced = new Named();
  private final Named leftOut = new Named();
  private long events;

  /** Keeps the first thousand and counts the rest. */
  private static final class Named {
    static final int KEPT = 1_000;
    final List<String> first = new ArrayList<>();
    long count;

    void add(String what) {
      count++;
      if (first.size() < KEPT) {
        first.add(what);
      }
    }

    void add(Named other) {
      other.first.forEach(this::add);
      count += other.count - other.first.size();
      first.sort(null);
    }
  }

  TrialBalance() {}

  /** Adds the postings of one event. */
  void add(Envelope envelope, List<Posting> postings) {
    events++;
    for (Posting posting : postings) {
      sums.computeIfAbsent(posting.amount().currency(), c -> new EnumMap<>(LedgerAccount.class))
          .merge(posting.account(), BigInteger.valueOf(posting.amount().micros()), BigInteger::add);
    }
    if (!balances(postings)) {
      differences(envelope, postings).forEach(unbalanced::add);
    }
  }

  /** Notes an event that states other balances than the postings come to. */
  void wrong(Envelope envelope, String what) {
    unbalanced.add(envelope + " " + what);
  }

  /** Notes an event that cannot be read: its postings are not in the sums. */
  void leftOut(String event, String why) {
    leftOut.add(event + ": " + why);
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
    unbalanced.add(other.unbalanced);
    leftOut.add(other.leftOut);
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

  /**
   * Each event that does not sum to zero in some currency, with what it is off by, and each that
   * states other balances than the postings come to; the first thousand.
   */
  public List<String> unbalanced() {
    return unbalanced.first;
  }

  /** How many of these there are. */
  public long unbalancedCount() {
    return unbalanced.count;
  }

  /**
   * Each event that cannot be read (AUD-5), so that its postings are missing; the first thousand.
   */
  public List<String> leftOut() {
    return leftOut.first;
  }

  /** How many of these there are. */
  public long leftOutCount() {
    return leftOut.count;
  }

  /**
   * Whether all was read and all currencies sum to zero, at this position and at every one before.
   */
  public boolean isZero() {
    return unbalanced.count == 0
        && leftOut.count == 0
        && sums.values().stream()
            .allMatch(
                accounts ->
                    accounts.values().stream().reduce(BigInteger.ZERO, BigInteger::add).signum()
                        == 0);
  }
}
