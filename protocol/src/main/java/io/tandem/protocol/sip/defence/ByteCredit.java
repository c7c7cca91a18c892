package io.tandem.protocol.sip.defence;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Never more octets to an address than came from it, until it has shown that it hears us: so a
 * forged source gets nothing out of us that its forger did not put in, repetitions included. The
 * idea is that of RFC 9000 section 8.1, with the factor one.
 *
 * <p>What a legal caller notices: the first answer may wait for its first repetition. Who has shown
 * that it hears us is remembered apart: a flood of forged addresses makes nobody forgotten who has.
 */
final class ByteCredit {
  /** A credit that nobody uses is worth nothing after so long. */
  private static final long CREDIT_LIFE_NANOS = 64_000_000_000L;

  private static final long PROOF_LIFE_NANOS = 3_600_000_000_000L;
  private static final int CREDIT_MAX = 65_535;

  /** What a provisional response leaves for the final one and its repetitions. */
  private static final int KEPT_FOR_FINAL = 2_400;

  private final Map<Network, Account> accounts;
  private final Map<Network, Proof> proofs;

  private static final class Account {
    int octets;
    long heardAtNanos;
  }

  private static final class Proof {
    long atNanos;
  }

  ByteCredit(int accountsMax) {
    accounts = bounded(accountsMax);
    proofs = bounded(accountsMax);
  }

  private static <V> Map<Network, V> bounded(int max) {
    return new LinkedHashMap<>(64, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Network, V> eldest) {
        return size() > max;
      }
    };
  }

  void received(Network from, int octets, long nowNanos) {
    if (isProven(from, nowNanos)) {
      return;
    }
    Account account = accounts.computeIfAbsent(from, n -> new Account());
    if (nowNanos - account.heardAtNanos > CREDIT_LIFE_NANOS) {
      account.octets = 0;
    }
    account.heardAtNanos = nowNanos;
    account.octets = Math.min(CREDIT_MAX, account.octets + octets);
  }

  /** It answered something that only it can have read. */
  void proven(Network network, long nowNanos) {
    proofs.computeIfAbsent(network, n -> new Proof()).atNanos = nowNanos;
  }

  boolean isProven(Network network, long nowNanos) {
    Proof proof = proofs.get(network);
    return proof != null && nowNanos - proof.atNanos <= PROOF_LIFE_NANOS;
  }

  /** Whether a final response of that length might go there now; nothing is taken. */
  boolean covers(Network to, int octets, long nowNanos) {
    if (isProven(to, nowNanos)) {
      return true;
    }
    Account account = accounts.get(to);
    return account != null
        && nowNanos - account.heardAtNanos <= CREDIT_LIFE_NANOS
        && account.octets >= octets;
  }

  /** Whether a response of that length may go there; it is then taken from the credit. */
  boolean spend(Network to, int octets, boolean provisional, long nowNanos) {
    if (isProven(to, nowNanos)) {
      return true;
    }
    Account account = accounts.get(to);
    if (account == null) {
      return false;
    }
    int needed = provisional ? octets + KEPT_FOR_FINAL : octets;
    if (nowNanos - account.heardAtNanos > CREDIT_LIFE_NANOS || account.octets < needed) {
      return false;
    }
    account.octets -= octets;
    return true;
  }
}
