package io.tandem.node.wallet;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import java.time.Instant;

/** What can be asked of a wallet (WAL-1..3). */
public sealed interface WalletCommand extends Command {

  /** Put money in; the same deposit id again changes nothing. */
  @Wire("wallet.do.deposit/1")
  record Deposit(String depositId, Money amount, String source, String reason)
      implements WalletCommand {}

  /**
   * Give a charge back, or a part of it (DSP-6); the same credit id again changes nothing. The id
   * carries the time of the decision.
   */
  @Wire("wallet.do.credit/1")
  record Credit(String creditId, String disputeId, String callId, Money amount)
      implements WalletCommand {}

  /**
   * Set the worst known price of a call aside for one offer (WAL-2). Natural key: the hold id,
   * {@code callId/offerId/hold}.
   */
  @Wire("wallet.do.hold/1")
  record Hold(String holdId, String callId, String offerId, Money amount)
      implements WalletCommand {}

  /** Charge a call, from its hold or, when that has ended, late (WAL-3). One a call at most. */
  @Wire("wallet.do.capture/1")
  record Capture(String holdId, String callId, Money amount, Instant earnedAt)
      implements WalletCommand {}

  /** End a hold without a charge. A hold that is not there is forestalled. */
  @Wire("wallet.do.release/1")
  record Release(String holdId, String callId, String reason) implements WalletCommand {}

  /** The call says that an old hold is still needed (WAL-3). */
  @Wire("wallet.do.keep-hold/1")
  record KeepHold(String holdId) implements WalletCommand {}

  /** Time has come to look at the holds' age. */
  @Wire("wallet.do.wake/1")
  record Wake() implements WalletCommand {}

  /** Tell the balances, holds and latest movements. */
  @Wire("wallet.do.read/1")
  record Read() implements WalletCommand {}
}
