package io.tandem.node.agent;

import java.time.Duration;

/**
 * What an operator can set about agents ({@code tandem.agent.*}).
 *
 * @param cooldown the ratio, its window and the ladder
 * @param reservationAgeMax how old a reservation gets before its call is asked whether it still
 *     counts (MKT-10); 1 min to 7 days
 */
public record AgentSettings(CooldownSettings cooldown, Duration reservationAgeMax) {

  /** The product's defaults. */
  public static final AgentSettings DEFAULT =
      new AgentSettings(CooldownSettings.DEFAULT, Duration.ofHours(6));

  /** Refuses what cannot work. */
  public AgentSettings {
    if (reservationAgeMax.compareTo(Duration.ofMinutes(1)) < 0
        || reservationAgeMax.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "reservation-age-max: found " + reservationAgeMax + ", allowed: 1 min to 7 days");
    }
  }
}
