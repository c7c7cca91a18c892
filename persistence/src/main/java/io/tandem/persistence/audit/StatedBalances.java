package io.tandem.persistence.audit;

import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.money.Stated;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one entity's customer funds and holds come to by its postings, event by event, against what
 * its events state (WAL-5, WAL-12). An entry balances by the way it is made; this is what a wrong
 * amount or a wrong balance cannot pass.
 *
 * <p>After an event that states something else it goes on from what was stated, so that each event
 * that does not follow from the one before is named once.
 */
public final class StatedBalances {

  private String currency = "";
  private long fundsMicros;
  private long holdsMicros;
  private boolean known = true;

  /**
   * Takes the entity's next event.
   *
   * @param postings those of the event
   * @return what does not agree, in words; null where all does
   */
  public @Nullable String next(Stated event, List<Posting> postings) {
    String wrong = null;
    long funds = fundsMicros;
    long holds = holdsMicros;
    try {
      for (Posting posting : postings) {
        Money amount = posting.amount();
        if (currency.isEmpty()) {
          currency = amount.currency();
        } else if (!currency.equals(amount.currency())) {
          wrong = "moves " + amount.currency() + " where there is " + currency;
        }
        if (posting.account() == LedgerAccount.CUSTOMER_FUNDS) {
          funds = Math.addExact(funds, amount.micros());
        } else if (posting.account() == LedgerAccount.HOLDS) {
          holds = Math.addExact(holds, amount.micros());
        }
      }
    } catch (ArithmeticException overflow) {
      wrong = "moves more than can be counted";
    }
    if (wrong == null
        && known
        && (funds != event.customerFundsMicros() || holds != event.holdsMicros())) {
      wrong =
          "states "
              + words(event.customerFundsMicros(), event.holdsMicros())
              + "; the postings come to "
              + words(funds, holds);
    }
    fundsMicros = event.customerFundsMicros();
    holdsMicros = event.holdsMicros();
    known = true;
    return wrong;
  }

  /** The next event is not read, by a signed record or for good: what follows it is not known. */
  public void skip() {
    known = false;
  }

  private static String words(long funds, long holds) {
    return funds + " micros of CUSTOMER_FUNDS and " + holds + " of HOLDS";
  }
}
