package io.tandem.node.agent;

import io.tandem.persistence.agent.Conduct;
import java.time.Duration;
import java.util.List;

/**
 * When an agent comes into cooldown and for how long ({@code tandem.cooldown.*}; COOL-1, COOL-2,
 * COOL-4).
 *
 * @param windowCalls the ratio is taken of this many latest connected calls at most
 * @param windowSpan and of calls that ended no longer ago than this
 * @param callsMin below so many calls there is no ratio to judge
 * @param percentMax a ratio over this many hundredths is a signal
 * @param rungs how long each step of the ladder lasts; above the last one the agent is paused until
 *     reviewed
 * @param cleanSpan a clean stretch of this length goes one step back
 * @param deadAir an agent who is not heard for so long before the timer gives a signal (COOL-2)
 */
public record CooldownSettings(
    int windowCalls,
    Duration windowSpan,
    int callsMin,
    int percentMax,
    List<Duration> rungs,
    Duration cleanSpan,
    Duration deadAir) {

  /**
   * The product's defaults: last 20 calls within 24 h, at least 6, 30 %; 15 min, 1 h, 24 h, 7 days;
   * 30 days; 12 s of dead air.
   */
  public static final CooldownSettings DEFAULT =
      new CooldownSettings(
          20,
          Duration.ofHours(24),
          6,
          30,
          List.of(
              Duration.ofMinutes(15),
              Duration.ofHours(1),
              Duration.ofHours(24),
              Duration.ofDays(7)),
          Duration.ofDays(30),
          Duration.ofSeconds(12));

  /** Refuses what cannot work. */
  public CooldownSettings {
    rungs = List.copyOf(rungs);
    require(
        windowCalls >= 1 && windowCalls <= Conduct.SHEET_CALLS_MAX,
        "window-calls",
        windowCalls,
        "1 to " + Conduct.SHEET_CALLS_MAX);
    require(positive(windowSpan), "window-span", windowSpan, "more than 0");
    require(callsMin >= 1 && callsMin <= windowCalls, "calls-min", callsMin, "1 to window-calls");
    require(percentMax >= 0 && percentMax <= 100, "percent-max", percentMax, "0 to 100");
    require(
        !rungs.isEmpty() && rungs.stream().allMatch(CooldownSettings::positive),
        "rungs",
        rungs,
        "one or more, each more than 0");
    require(positive(cleanSpan), "clean-span", cleanSpan, "more than 0");
    require(positive(deadAir), "dead-air", deadAir, "more than 0");
  }

  private static boolean positive(Duration duration) {
    return duration.compareTo(Duration.ZERO) > 0;
  }

  private static void require(boolean holds, String key, Object found, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": found " + found + ", allowed: " + allowed);
    }
  }
}
