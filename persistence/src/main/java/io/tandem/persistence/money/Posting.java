package io.tandem.persistence.money;

import java.util.List;

/**
 * One line of a double entry: a credit (positive) or debit (negative) on one ledger account. The
 * postings of one event sum to zero per currency (WAL-5).
 */
public record Posting(LedgerAccount account, Money amount) {

  /**
   * Moves {@code amount} from one account to another: a debit and a credit; nothing at all for an
   * amount of zero.
   */
  public static List<Posting> move(LedgerAccount from, LedgerAccount to, Money amount) {
    return amount.micros() == 0
        ? List.of()
        : List.of(new Posting(from, amount.negated()), new Posting(to, amount));
  }
}
