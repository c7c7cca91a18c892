package io.tandem.ops.whatif;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentRules;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.OfferOutcome;
import java.time.Instant;

/**
 * One agent, judged again: the calls stand as they were, and the rules decide anew which of them
 * were short and what that leads to (COOL-7). Cooldowns of then are not taken over; a call that was
 * taken in one of the new cooldowns still counts, and is counted apart.
 */
final class AgentAgain {
  private final AgentRules rules;
  private final OtherTerms terms;
  private final TimeSpan span;
  private AgentState state = AgentState.NEW;
  private String accountId = "";
  private long cooldownsThen;
  private long cooldownsNow;
  private long callsInCooldown;

  AgentAgain(AgentRules rules, OtherTerms terms, TimeSpan span) {
    this.rules = rules;
    this.terms = terms;
    this.span = span;
  }

  /** The next event of the agent as it was. */
  void take(AgentEvent event) {
    decide(new AgentCommand.Wake(), event.at());
    switch (event) {
      case AgentEvent.CooldownStarted e -> {
        cooldownsThen += span.has(e.at()) ? 1 : 0;
        if (e.signal().equals(AgentRules.CALL_LOOP)) {
          loopAgain(e);
        }
      }
      case AgentEvent.CooldownEnded _ -> {}
      case AgentEvent.CooldownSteppedBack _ -> {}
      case AgentEvent.OfferEnded e ->
          decide(
              new AgentCommand.EndOffer(
                  e.callId(), e.offerId(), again(e.callId(), e.offerId(), e.outcome())),
              e.at());
      case AgentEvent.Reserved e -> {
        var cooldown = state.conduct().cooldown();
        boolean would = cooldown == null || !cooldown.holds(e.at());
        callsInCooldown += would || !span.has(e.at()) ? 0 : 1;
        state = state.apply(e);
      }
      case AgentEvent.Created e -> {
        accountId = e.accountId();
        state = state.apply(e);
      }
      case AgentEvent e -> state = state.apply(e);
    }
  }

  /** A call that was sent back is no matter of terms: it is told again as it was. */
  private void loopAgain(AgentEvent.CooldownStarted then) {
    String offer = then.evidence().getLast();
    int slash = offer.indexOf('/');
    decide(
        new AgentCommand.ReportLoop(
            offer.substring(0, slash), offer.substring(slash + 1), "", AgentRules.CALL_LOOP, 0),
        then.at());
  }

  /** The outcome under the other timer; what was charged has no say in conduct. */
  private OfferOutcome again(String callId, String offerId, OfferOutcome was) {
    AgentState.Reservation running = state.reservations().get(AgentState.offerKey(callId, offerId));
    if (running == null || !was.kind().connected()) {
      return was;
    }
    long timer = terms.timerMillis(running.verticalId(), -1);
    boolean qualified = timer < 0 ? was.qualified() : was.connectedMillis() >= timer;
    return new OfferOutcome(
        was.kind(), was.connectedMillis(), qualified, was.charged(), was.deadAirMillis());
  }

  private void decide(AgentCommand command, Instant at) {
    for (AgentEvent event : rules.decide(state, command, at).events()) {
      if (event instanceof AgentEvent.CooldownStarted started && span.has(started.at())) {
        cooldownsNow++;
      }
      state = state.apply(event);
    }
  }

  String accountId() {
    return accountId;
  }

  /** Whether there is anything to add. */
  boolean hadCooldowns() {
    return cooldownsThen + cooldownsNow + callsInCooldown > 0;
  }

  /** Adds what came of it to its account. */
  void addTo(Difference difference) {
    difference.cooldowns(cooldownsThen, cooldownsNow, callsInCooldown);
  }
}
