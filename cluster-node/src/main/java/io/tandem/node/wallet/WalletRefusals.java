package io.tandem.node.wallet;

import io.tandem.node.wallet.WalletReply.BadAmount;
import io.tandem.node.wallet.WalletReply.HoldEnded;
import io.tandem.node.wallet.WalletReply.Invalid;
import io.tandem.node.wallet.WalletReply.TooOld;
import io.tandem.node.wallet.WalletReply.WrongCurrency;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.wallet.WalletState.LiveHold;
import io.tandem.persistence.wallet.WalletState.PastCall;
import org.jspecify.annotations.Nullable;

/**
 * Why a wallet says no: each check gives the refusal, or null where there is nothing against it.
 */
final class WalletRefusals {

  static final String RELEASED = "released";
  static final String CAPTURED = "captured";
  static final String ENDED = "ended";

  private WalletRefusals() {}

  /** A hold belongs to a call whose id tells its age, and its own id is derived from it. */
  static @Nullable WalletReply badId(String holdId, String callId) {
    if (TimedId.timeOf(callId).isEmpty()) {
      return new Invalid("callId", callId, "a call id that carries its time");
    }
    return holdId.startsWith(callId + '/')
        ? null
        : new Invalid("holdId", holdId, callId + "/<offer>/hold");
  }

  /** How a hold that does not live has ended, or that nobody knows any more. */
  static @Nullable WalletReply endedOrForgotten(WalletState state, String holdId, String callId) {
    PastCall past = state.calls().of(callId).orElse(null);
    if (past != null && past.released().containsKey(holdId)) {
      return new HoldEnded(holdId, RELEASED);
    }
    if (past != null && past.charge() != null) {
      return new HoldEnded(holdId, CAPTURED);
    }
    return state.calls().tooOld(callId) ? new TooOld(holdId) : null;
  }

  /** WAL-1, WAL-5: more than nothing, and in the wallet's own currency. */
  static @Nullable WalletReply badAmount(WalletState state, Money amount) {
    if (!amount.currency().equals(state.currency())) {
      return new WrongCurrency(amount.currency(), state.currency());
    }
    return amount.isPositive() ? null : new BadAmount(amount, "more than 0");
  }

  /** WAL-2: a charge is never more than the worst known price that was held for it. */
  static @Nullable WalletReply moreThanHeld(
      @Nullable LiveHold live, @Nullable PastCall past, WalletCommand.Capture c) {
    long heldMicros =
        live != null
            ? live.amount().micros()
            : past == null ? 0 : past.released().getOrDefault(c.holdId(), 0L);
    return heldMicros > 0 && c.amount().micros() > heldMicros
        ? new BadAmount(
            c.amount(), "at most the hold of " + new Money(heldMicros, c.amount().currency()))
        : null;
  }
}
