package io.tandem.node.wallet;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletState;
import java.util.List;

/**
 * What a wallet answers. {@code already} says that it had been done before and nothing changed now.
 */
public sealed interface WalletReply extends Reply {

  /** The deposit is booked. */
  @Wire("wallet.re.deposited/1")
  record Deposited(String depositId, Balances balances, boolean already) implements WalletReply {}

  /** What a dispute gives back is booked (DSP-6). */
  @Wire("wallet.re.credited/1")
  record Credited(String creditId, Balances balances, boolean already) implements WalletReply {}

  /** The hold stands. */
  @Wire("wallet.re.held/1")
  record Held(String holdId, Balances balances, boolean already) implements WalletReply {}

  /** The call is charged. */
  @Wire("wallet.re.captured/1")
  record Captured(String callId, Money amount, boolean late, Balances balances, boolean already)
      implements WalletReply {}

  /** The hold is over and nothing was charged for it. */
  @Wire("wallet.re.released/1")
  record Released(String holdId, Balances balances, boolean already) implements WalletReply {}

  /** The hold stays. */
  @Wire("wallet.re.kept/1")
  record Kept(String holdId) implements WalletReply {}

  /**
   * The wallet as it is.
   *
   * @param holds the oldest live holds, at most 500
   * @param liveHolds how many there are in all
   */
  @Wire("wallet.re.view/1")
  record View(String currency, Balances balances, List<WalletState.LiveHold> holds, int liveHolds)
      implements WalletReply {}

  /** Time was looked at. */
  @Wire("wallet.re.awake/1")
  record Awake() implements WalletReply {}

  /** Not done; nothing changed. */
  sealed interface Refused extends WalletReply {}

  /** Something in the command is not allowed. */
  @Wire("wallet.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements Refused {}

  /** WAL-2: the hold is more than what is available. */
  @Wire("wallet.re.insufficient-funds/1")
  record InsufficientFunds(Money available, Money asked) implements Refused {}

  /** WAL-5: another currency than the wallet's. */
  @Wire("wallet.re.wrong-currency/1")
  record WrongCurrency(String found, String allowed) implements Refused {}

  /** An amount that is not more than zero, or too large to be added. */
  @Wire("wallet.re.bad-amount/1")
  record BadAmount(Money found, String allowed) implements Refused {}

  /**
   * The hold has already ended as {@code how}: {@code captured}, {@code released}, or {@code ended}
   * where only that is known (WAL-3).
   */
  @Wire("wallet.re.hold-ended/1")
  record HoldEnded(String holdId, String how) implements Refused {}

  /** The same id with other content; {@code field} is the first that differs. */
  @Wire("wallet.re.conflict/1")
  record Conflict(String id, String field) implements Refused {}

  /** An id from before the memory of this wallet: whether it was done cannot be told any more. */
  @Wire("wallet.re.too-old/1")
  record TooOld(String id) implements Refused {}
}
