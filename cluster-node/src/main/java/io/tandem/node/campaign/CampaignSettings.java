package io.tandem.node.campaign;

import java.time.Duration;

/**
 * What an operator can set about campaigns ({@code tandem.campaign.*}).
 *
 * @param admissionAgeMax how old an admission gets before its call is asked whether it still counts
 *     (MKT-10); 1 min to 7 days
 */
public record CampaignSettings(Duration admissionAgeMax) {

  /** An admission asks after six hours. */
  public static final CampaignSettings DEFAULT = new CampaignSettings(Duration.ofHours(6));

  /** Refuses what cannot work. */
  public CampaignSettings {
    if (admissionAgeMax.compareTo(Duration.ofMinutes(1)) < 0
        || admissionAgeMax.compareTo(Duration.ofDays(7)) > 0) {
      throw new IllegalArgumentException(
          "admission-age-max: found " + admissionAgeMax + ", allowed: 1 min to 7 days");
    }
  }
}
