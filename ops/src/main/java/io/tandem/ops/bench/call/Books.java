package io.tandem.ops.bench.call;

import io.tandem.node.boot.Settings;
import io.tandem.ops.audit.OpenJournal;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.JournalReader.Listed;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.wallet.WalletEvent;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the journal says after the run.
 *
 * @param charges captures in all wallets
 * @param callsCharged calls with a capture
 * @param twice calls with more than one
 * @param heldMicros what is still held, by the postings
 */
record Books(
    Verification verification,
    boolean balanced,
    int charges,
    int callsCharged,
    int twice,
    long heldMicros) {
  private static final int PAGE = 1_000;

  /** Reads all of it. */
  static Books of(Settings settings) {
    try (OpenJournal journal = OpenJournal.of(settings)) {
      Audit audit = journal.audit();
      Map<String, Integer> charged = new HashMap<>();
      String after = "";
      for (List<Listed> page = audit.list("wallet", after, PAGE);
          !page.isEmpty();
          page = audit.list("wallet", after, PAGE)) {
        for (Listed wallet : page) {
          charges(audit, wallet.entityId(), charged);
        }
        after = page.getLast().entityId();
      }
      TrialBalance balance = audit.trialBalance(null);
      return new Books(
          audit.verify(),
          balance.isZero(),
          charged.values().stream().mapToInt(Integer::intValue).sum(),
          charged.size(),
          (int) charged.values().stream().filter(count -> count > 1).count(),
          balance.sums().values().stream()
              .mapToLong(
                  sums -> sums.getOrDefault(LedgerAccount.HOLDS, BigInteger.ZERO).longValueExact())
              .sum());
    }
  }

  private static void charges(Audit audit, String walletId, Map<String, Integer> charged) {
    audit.replay(
        "wallet",
        walletId,
        step -> {
          if (step.event() instanceof WalletEvent.Captured captured) {
            charged.merge(captured.callId(), 1, Integer::sum);
          }
        });
  }

  /** Whether every billed call was charged once and nothing is left over. */
  boolean areRight(int billedCalls) {
    return verification.isSound()
        && balanced
        && charges == billedCalls
        && callsCharged == billedCalls
        && twice == 0
        && heldMicros == 0;
  }
}
