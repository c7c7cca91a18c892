package io.tandem.persistence.wallet;

import static io.tandem.persistence.money.LedgerAccount.CUSTOMER_FUNDS;
import static io.tandem.persistence.money.LedgerAccount.DISPUTE_CREDITS;
import static io.tandem.persistence.money.LedgerAccount.HOLDS;
import static io.tandem.persistence.money.LedgerAccount.PROCESSOR_CLEARING;
import static io.tandem.persistence.money.LedgerAccount.REVENUE;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.money.Stated;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What happened to a wallet (WAL-1..3, WAL-5). Every event carries the balances after it, so that a
 * reader needs no arithmetic and a later change of configuration never rewrites history.
 */
public sealed interface WalletEvent extends DomainEvent, Stated {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The balances once this event has happened. */
  Balances after();

  @Override
  default long customerFundsMicros() {
    return after().availableMicros();
  }

  @Override
  default long holdsMicros() {
    return after().heldMicros();
  }

  /** Money came in (a manual operator deposit; processors later). */
  @Wire("wallet.deposited/1")
  record Deposited(
      String depositId, Money amount, String source, String reason, Instant at, Balances after)
      implements WalletEvent {
    @Override
    public List<Posting> postings() {
      return Posting.move(PROCESSOR_CLEARING, CUSTOMER_FUNDS, amount);
    }
  }

  /**
   * A charge was given back, or a part of it (DSP-6).
   *
   * @param disputeId the dispute that was approved
   * @param callId the call that had been charged
   */
  @Wire("wallet.credited/1")
  record Credited(
      String creditId, String disputeId, String callId, Money amount, Instant at, Balances after)
      implements WalletEvent {
    @Override
    public List<Posting> postings() {
      return Posting.move(DISPUTE_CREDITS, CUSTOMER_FUNDS, amount);
    }
  }

  /** The worst known price of a call was set aside for one offer of it (WAL-2). */
  @Wire("wallet.held/1")
  record Held(
      String holdId,
      String callId,
      String offerId,
      Money amount,
      Instant at,
      Instant askAt,
      Balances after)
      implements WalletEvent {
    @Override
    public List<Posting> postings() {
      return Posting.move(CUSTOMER_FUNDS, HOLDS, amount);
    }
  }

  /** An old hold asked its call, which still needs it (WAL-3); it asks again at {@code askAt}. */
  @Wire("wallet.hold-kept/1")
  record HoldKept(String holdId, Instant at, Instant askAt, Balances after) implements WalletEvent {
    @Override
    public List<Posting> postings() {
      return List.of();
    }
  }

  /**
   * A call was charged (WAL-3, QT-4).
   *
   * @param amount what was charged
   * @param fromHold what the hold still held when it was charged; zero when it had ended before
   *     (late)
   * @param earnedAt when the charge was earned (the crossing of the timer)
   * @param at when it was booked
   */
  @Wire("wallet.captured/1")
  record Captured(
      String holdId,
      String callId,
      Money amount,
      Money fromHold,
      Instant earnedAt,
      Instant at,
      Balances after)
      implements WalletEvent {

    /** Whether the hold had ended before the capture arrived. */
    public boolean late() {
      return fromHold.micros() == 0 && amount.micros() != 0;
    }

    @Override
    public List<Posting> postings() {
      List<Posting> lines = new ArrayList<>(4);
      lines.addAll(Posting.move(HOLDS, CUSTOMER_FUNDS, fromHold));
      lines.addAll(Posting.move(CUSTOMER_FUNDS, REVENUE, amount));
      return lines;
    }
  }

  /**
   * A hold ended without a charge (WAL-3). With {@code amount} zero it forestalls a hold that was
   * not there yet: a hold with this id that arrives later is refused.
   */
  @Wire("wallet.released/1")
  record Released(
      String holdId, String callId, Money amount, String reason, Instant at, Balances after)
      implements WalletEvent {
    @Override
    public List<Posting> postings() {
      return Posting.move(HOLDS, CUSTOMER_FUNDS, amount);
    }
  }
}
