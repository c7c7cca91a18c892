package io.tandem.persistence.campaign;

import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * How a campaign treats a call.
 *
 * @param verticalId the kind of call
 * @param ringing one agent after the other, or several at once (MKT-3)
 * @param ringMillis how long each step rings; 18 s by default
 * @param ringAtOnce how many agents ring at the same time when {@code SIMULTANEOUS}; 1 otherwise
 * @param attempts how many agents are tried before the caller is told that nobody is free
 * @param dailyCalls admitted calls a day of the schedule's zone; null for no cap
 * @param concurrentCalls admitted calls at the same time; null for no cap
 * @param dailyBudget charges a day of the schedule's zone with the worst price of running calls
 *     counted in; null for no cap
 * @param schedule when it takes calls
 * @param voice what callers are told, and whether they are recorded
 */
public record CampaignTerms(
    String verticalId,
    Ringing ringing,
    long ringMillis,
    int ringAtOnce,
    int attempts,
    @Nullable Integer dailyCalls,
    @Nullable Integer concurrentCalls,
    @Nullable Money dailyBudget,
    WeeklySchedule schedule,
    CampaignVoice voice) {

  /** A campaign that tells its callers nothing and records nothing. */
  public CampaignTerms(
      String verticalId,
      Ringing ringing,
      long ringMillis,
      int ringAtOnce,
      int attempts,
      @Nullable Integer dailyCalls,
      @Nullable Integer concurrentCalls,
      @Nullable Money dailyBudget,
      WeeklySchedule schedule) {
    this(
        verticalId,
        ringing,
        ringMillis,
        ringAtOnce,
        attempts,
        dailyCalls,
        concurrentCalls,
        dailyBudget,
        schedule,
        CampaignVoice.SILENT);
  }

  /** How agents are rung. */
  public enum Ringing {
    SEQUENTIAL,
    SIMULTANEOUS
  }

  /** The same with another voice. */
  public CampaignTerms with(CampaignVoice other) {
    return new CampaignTerms(
        verticalId,
        ringing,
        ringMillis,
        ringAtOnce,
        attempts,
        dailyCalls,
        concurrentCalls,
        dailyBudget,
        schedule,
        other);
  }

  /** Whether calls must be admitted by the campaign's entity before a phone rings. */
  public boolean capped() {
    return dailyCalls != null || concurrentCalls != null || dailyBudget != null;
  }
}
