package io.tandem.ops.bench.call;

import io.tandem.node.boot.Settings;
import io.tandem.ops.audit.OpenJournal;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.JournalReader.Listed;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.wallet.WalletEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the journal says after the run.
 *
 * @param charges captures in all wallets
 * @param callsCharged calls with a capture
 * @param twice calls with more than one
 * @param heldMicros what is still held
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
      long[] held = new long[1];
      String after = "";
      for (List<Listed> page = audit.list("wallet", after, PAGE);
          !page.isEmpty();
          page = audit.list("wallet", after, PAGE)) {
        for (Listed wallet : page) {
          held[0] += heldAfter(audit, wallet.entityId(), charged);
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
          held[0]);
    }
  }

  private static long heldAfter(Audit audit, String walletId, Map<String, Integer> charged) {
    long[] held = new long[1];
    audit.replay(
        "wallet",
        walletId,
        step -> {
          if (step.event() instanceof WalletEvent.Captured captured) {
            charged.merge(captured.callId(), 1, Integer::sum);
          }
          if (step.event() instanceof WalletEvent event) {
            held[0] = event.after().heldMicros();
          }
        });
    return held[0];
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
