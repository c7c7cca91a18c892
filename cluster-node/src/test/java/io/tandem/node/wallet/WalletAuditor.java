package io.tandem.node.wallet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.wallet.WalletCommand.Capture;
import io.tandem.node.wallet.WalletCommand.Deposit;
import io.tandem.node.wallet.WalletCommand.Hold;
import io.tandem.node.wallet.WalletCommand.Release;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A second, simpler wallet: plain maps, whole sums, no window. It says what each command must lead
 * to and holds every event against the ledger.
 */
final class WalletAuditor {

  private final Map<String, Long> deposits = new HashMap<>();
  private final Map<String, Long> holds = new HashMap<>();
  private final Set<String> endedHolds = new HashSet<>();
  private final Map<String, Long> charges = new HashMap<>();
  private final Map<LedgerAccount, Long> ledger = new EnumMap<>(LedgerAccount.class);
  private long owned;

  /** Whether the command must change something now. Books it if so. */
  boolean expects(WalletCommand command) {
    return switch (command) {
      case Deposit c -> {
        boolean isNew = deposits.putIfAbsent(c.depositId(), c.amount().micros()) == null;
        owned += isNew ? c.amount().micros() : 0;
        yield isNew;
      }
      case Hold c -> {
        boolean fits = c.amount().micros() <= owned - held();
        boolean fresh =
            !holds.containsKey(c.holdId())
                && !endedHolds.contains(c.holdId())
                && !charges.containsKey(c.callId());
        if (fresh && fits) {
          holds.put(c.holdId(), c.amount().micros());
        }
        yield fresh && fits;
      }
      case Capture c -> {
        boolean first = charges.putIfAbsent(c.callId(), c.amount().micros()) == null;
        if (first) {
          holds.remove(c.holdId());
          endedHolds.add(c.holdId());
          owned -= c.amount().micros();
        }
        yield first;
      }
      case Release c -> {
        boolean live = holds.remove(c.holdId()) != null;
        boolean unknown =
            endedHolds.add(c.holdId()) && !live && !charges.containsKey(callOf(c.holdId()));
        yield live || unknown;
      }
      default -> false;
    };
  }

  /** Holds the events and the state after a command against the books. */
  void check(List<WalletEvent> events, WalletState state) {
    for (WalletEvent event : events) {
      long sum = 0;
      for (Posting posting : event.postings()) {
        sum += posting.amount().micros();
        ledger.merge(posting.account(), posting.amount().micros(), Long::sum);
      }
      assertThat(sum).as("postings of %s balance", event).isZero();
      assertThat(event.after()).isEqualTo(state.balances());
    }
    assertThat(ledger.values().stream().mapToLong(Long::longValue).sum())
        .as("trial balance")
        .isZero();
    assertThat(state.balances().heldMicros()).as("held").isEqualTo(held());
    assertThat(state.balances().availableMicros()).as("available").isEqualTo(owned - held());
    assertThat(ledger.getOrDefault(LedgerAccount.CUSTOMER_FUNDS, 0L))
        .as("customer funds")
        .isEqualTo(state.balances().availableMicros());
    assertThat(ledger.getOrDefault(LedgerAccount.HOLDS, 0L)).as("holds").isEqualTo(held());
    assertThat(ledger.getOrDefault(LedgerAccount.REVENUE, 0L))
        .as("one charge a call")
        .isEqualTo(charges.values().stream().mapToLong(Long::longValue).sum());
    assertThat(state.holds().keySet()).isEqualTo(holds.keySet());
    assertThat(state.agenda().entries()).hasSameSizeAs(holds.keySet());
  }

  private long held() {
    return holds.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String callOf(String holdId) {
    return holdId.substring(0, holdId.indexOf('/'));
  }
}
