package io.tandem.persistence.wallet;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.wallet.WalletEvent.Captured;
import io.tandem.persistence.wallet.WalletEvent.Credited;
import io.tandem.persistence.wallet.WalletEvent.Deposited;
import io.tandem.persistence.wallet.WalletEvent.Held;
import io.tandem.persistence.wallet.WalletEvent.HoldKept;
import io.tandem.persistence.wallet.WalletEvent.Released;
import java.time.Instant;

/**
 * What a list of wallets shows (WAL-12): a fold of the same events that stays small, where {@link
 * WalletState} holds a week of what was done and would be written whole with every batch of the
 * read model.
 *
 * @param liveHolds holds that have not ended
 * @param movedAt when it last moved
 */
@Wire("wallet.view/1")
public record WalletView(
    String accountId, String currency, Balances balances, int liveHolds, Instant movedAt)
    implements DomainState<WalletView, WalletEvent> {

  /** A wallet without events, from its id {@code accountId:CUR}. */
  public static WalletView initial(String walletId) {
    WalletState state = WalletState.initial(walletId);
    return new WalletView(state.accountId(), state.currency(), Balances.ZERO, 0, Instant.EPOCH);
  }

  @Override
  public WalletView apply(WalletEvent event) {
    int holds =
        switch (event) {
          case Deposited e -> 0;
          case Credited e -> 0;
          case HoldKept e -> 0;
          case Held e -> 1;
          case Captured e -> e.fromHold().micros() == 0 ? 0 : -1;
          case Released e -> e.amount().micros() == 0 ? 0 : -1;
        };
    return new WalletView(accountId, currency, event.after(), liveHolds + holds, event.at());
  }
}
