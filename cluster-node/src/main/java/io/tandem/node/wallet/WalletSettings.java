package io.tandem.node.wallet;

import java.time.Duration;

/**
 * What an operator can set about wallets ({@code tandem.wallet.*}).
 *
 * @param holdAgeMax how old a hold gets before its call is asked whether it still needs it (WAL-3);
 *     1 min to 7 days
 */
public record WalletSettings(Duration holdAgeMax) {

  /** A hold asks after two hours. */
  public static final WalletSettings DEFAULT = new WalletSettings(Duration.ofHours(2));

  /** Refuses what cannot work. */
  public WalletSettings {
    if (holdAgeMax.compareTo(Duration.ofMinutes(1)) < 0
        || holdAgeMax.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "hold-age-max: found " + holdAgeMax + ", allowed: 1 min to 7 days");
    }
  }
}
