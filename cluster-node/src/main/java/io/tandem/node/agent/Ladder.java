package io.tandem.node.agent;

import io.tandem.node.agent.AgentCommand.EndOffer;
import io.tandem.node.agent.AgentCommand.ReportLoop;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentEvent.CooldownEnded;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.AgentEvent.CooldownSteppedBack;
import io.tandem.persistence.agent.Conduct;
import io.tandem.persistence.agent.Conduct.CountedCall;
import io.tandem.persistence.agent.ShortCallRatio;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ladder of cooldowns (COOL-1 to COOL-4): what time alone changes on it, and what a call that
 * ended does.
 */
final class Ladder {

  /** The signal of COOL-1. */
  static final String SHORT_CALLS = "SHORT_CALLS";

  /** The signal of COOL-2: nothing was heard of the agent for too long before the timer. */
  static final String DEAD_AIR = "DEAD_AIR";

  private final CooldownSettings settings;

  Ladder(CooldownSettings settings) {
    this.settings = settings;
  }

  /**
   * What has become due by {@code now}: the end of a cooldown, and a step back for each clean
   * stretch since (COOL-4). Given before any other decision, so that nothing depends on having been
   * awake in time.
   */
  List<AgentEvent> due(Conduct conduct, Instant now) {
    List<AgentEvent> events = new ArrayList<>();
    Conduct.Cooldown cooldown = conduct.cooldown();
    Instant cleanSince = conduct.cleanSince();
    if (cooldown != null) {
      if (cooldown.holds(now)) {
        return List.of();
      }
      events.add(new CooldownEnded(now));
      cleanSince = cooldown.until();
    }
    int rung = conduct.rung();
    while (rung > 0 && cleanSince != null && !cleanSince.plus(settings.cleanSpan()).isAfter(now)) {
      rung--;
      cleanSince = cleanSince.plus(settings.cleanSpan());
      events.add(new CooldownSteppedBack(rung, cleanSince, now));
    }
    return events;
  }

  /** When {@link #due} has something next; null when time alone changes nothing. */
  @Nullable Instant next(Conduct conduct) {
    Conduct.Cooldown cooldown = conduct.cooldown();
    if (cooldown != null) {
      return cooldown.until();
    }
    Instant cleanSince = conduct.cleanSince();
    return conduct.rung() > 0 && cleanSince != null ? cleanSince.plus(settings.cleanSpan()) : null;
  }

  /** COOL-1: the ratio of the calls on the sheet. */
  ShortCallRatio ratio(Conduct conduct, Instant now) {
    return conduct.ratio(settings.windowCalls(), settings.windowSpan(), now);
  }

  /**
   * COOL-3: the cooldown that a call with dead air, or a ratio over the threshold, starts at once,
   * one rung up. A running cooldown is not started again: calls that were under way when it began
   * count on the new sheet.
   */
  @Nullable CooldownStarted signal(
      Conduct conduct, ShortCallRatio ratio, EndOffer ended, Instant now) {
    boolean dead = ended.outcome().deadAirMillis() >= settings.deadAir().toMillis();
    boolean over =
        ratio.connectedCalls() >= settings.callsMin() && ratio.over(settings.percentMax());
    if (!(dead || over) || conduct.cooldown() != null) {
      return null;
    }
    return dead
        ? started(conduct, DEAD_AIR, deadAir(ended), now)
        : started(conduct, SHORT_CALLS, evidence(conduct, ratio, now), now);
  }

  /** The cooldown for a call that the agent's phone sent back to us; null while one runs. */
  @Nullable CooldownStarted loop(Conduct conduct, ReportLoop loop, Instant now) {
    return conduct.cooldown() != null
        ? null
        : started(
            conduct,
            AgentRules.CALL_LOOP,
            List.of(
                "sent back to "
                    + loop.called()
                    + " after "
                    + loop.hops()
                    + " hops, known by "
                    + loop.ground(),
                loop.callId() + '/' + loop.offerId()),
            now);
  }

  private CooldownStarted started(
      Conduct conduct, String signal, List<String> evidence, Instant now) {
    int rung = Math.min(conduct.rung() + 1, settings.rungs().size() + 1);
    Instant until =
        rung > settings.rungs().size() ? null : now.plus(settings.rungs().get(rung - 1));
    return new CooldownStarted(rung, until, signal, evidence, now);
  }

  private List<String> deadAir(EndOffer ended) {
    return List.of(
        "not heard for "
            + ended.outcome().deadAirMillis()
            + " ms before the timer, allowed: less than "
            + settings.deadAir().toMillis(),
        ended.callId() + '/' + ended.offerId());
  }

  private List<String> evidence(Conduct conduct, ShortCallRatio ratio, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        ratio.shortCalls()
            + " of "
            + ratio.connectedCalls()
            + " calls short, allowed: "
            + settings.percentMax()
            + " of 100");
    conduct.latest(settings.windowCalls(), settings.windowSpan(), now).stream()
        .filter(CountedCall::shortCall)
        .map(call -> call.callId() + '/' + call.offerId())
        .forEach(lines::add);
    return List.copyOf(lines);
  }
}
