package io.tandem.node.wallet;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletState;

/** What a wallet answers. {@code already} says that it had been done before and nothing changed now. */
public sealed interface WalletReply extends Reply {

  /** The deposit is booked. */
  record Deposited(String depositId, Balances balances, boolean already) implements WalletReply {}

  /** The hold stands. */
  record Held(String holdId, Balances balances, boolean already) implements WalletReply {}

  /** The call is charged. */
  record Captured(String callId, Money amount, boolean late, Balances balances, boolean already)
      implements WalletReply {}

  /** The hold is over and nothing was charged for it. */
  record Released(String holdId, Balances balances, boolean already) implements WalletReply {}

  /** The hold stays. */
  record Kept(String holdId) implements WalletReply {}

  /** The wallet as it is. */
  record View(WalletState state) implements WalletReply {}

  /** Time was looked at. */
  record Awake() implements WalletReply {}

  /** Not done; nothing changed. */
  sealed interface Refused extends WalletReply {}

  /** WAL-2: the hold is more than what is available. */
  record InsufficientFunds(Money available, Money asked) implements Refused {}

  /** WAL-5: another currency than the wallet's. */
  record WrongCurrency(String found, String allowed) implements Refused {}

  /** An amount that is not more than zero, or too large to be added. */
  record BadAmount(Money found, String allowed) implements Refused {}

  /** The hold has already ended as {@code how}: captured or released (WAL-3). */
  record HoldEnded(String holdId, String how) implements Refused {}

  /** The same id with other content; {@code field} is the first that differs. */
  record Conflict(String id, String field) implements Refused {}

  /** An id from before the memory of this wallet: whether it was done cannot be told any more. */
  record TooOld(String id) implements Refused {}
}
