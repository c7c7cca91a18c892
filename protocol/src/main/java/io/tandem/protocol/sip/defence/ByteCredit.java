package io.tandem.protocol.sip.defence;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Never more octets to an address than came from it, until it has shown that it hears us: so a
 * forged source gets nothing out of us that its forger did not put in, repetitions included. The
 * idea is that of RFC 9000 section 8.1, with the factor one.
 *
 * <p>What a legal caller notices: the first answer may wait for its first repetition.
 */
final class ByteCredit {
  /** A credit that nobody uses is worth nothing after so long. */
  private static final long CREDIT_LIFE_NANOS = 64_000_000_000L;

  private static final long PROOF_LIFE_NANOS = 3_600_000_000_000L;
  private static final int CREDIT_MAX = 65_535;

  /** What a provisional response leaves for the final one and its repetitions. */
  private static final int KEPT_FOR_FINAL = 2_400;

  private final Map<Network, Account> accounts;

  private static final class Account {
    int octets;
    long heardAtNanos;
    long provenAtNanos;
    boolean proven;
  }

  ByteCredit(int accountsMax) {
    accounts =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Network, Account> eldest) {
            return size() > accountsMax;
          }
        };
  }

  void received(Network from, int octets, long nowNanos) {
    Account account = accounts.computeIfAbsent(from, n -> new Account());
    if (nowNanos - account.heardAtNanos > CREDIT_LIFE_NANOS) {
      account.octets = 0;
    }
    account.heardAtNanos = nowNanos;
    account.octets = Math.min(CREDIT_MAX, account.octets + octets);
  }

  /** It answered something that only it can have read. */
  void proven(Network network, long nowNanos) {
    Account account = accounts.computeIfAbsent(network, n -> new Account());
    account.proven = true;
    account.provenAtNanos = nowNanos;
  }

  boolean isProven(Network network, long nowNanos) {
    Account account = accounts.get(network);
    return account != null && isProven(account, nowNanos);
  }

  private static boolean isProven(Account account, long nowNanos) {
    return account.proven && nowNanos - account.provenAtNanos <= PROOF_LIFE_NANOS;
  }

  /** Whether a final response of that length might go there now; nothing is taken. */
  boolean covers(Network to, int octets, long nowNanos) {
    Account account = accounts.get(to);
    return account != null
        && (isProven(account, nowNanos)
            || (nowNanos - account.heardAtNanos <= CREDIT_LIFE_NANOS && account.octets >= octets));
  }

  /** Whether a response of that length may go there; it is then taken from the credit. */
  boolean spend(Network to, int octets, boolean provisional, long nowNanos) {
    Account account = accounts.get(to);
    if (account == null) {
      return false;
    }
    if (isProven(account, nowNanos)) {
      return true;
    }
    int needed = provisional ? octets + KEPT_FOR_FINAL : octets;
    if (nowNanos - account.heardAtNanos > CREDIT_LIFE_NANOS || account.octets < needed) {
      return false;
    }
    account.octets -= octets;
    return true;
  }
}
