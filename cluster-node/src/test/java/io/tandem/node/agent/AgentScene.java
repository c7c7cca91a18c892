package io.tandem.node.agent;

import io.tandem.node.agent.AgentCommand.EndOffer;
import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentTerms.Bid;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent with a bid of 25.00 USD for {@code vert_1} and a licence in Texas, and the calls it
 * gets.
 */
final class AgentScene {

  static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  final PlayedEntity<AgentCommand, AgentReply, AgentEvent, AgentState> agent =
      new PlayedEntity<>(AgentRules.type(AgentSettings.DEFAULT), "agent_1");

  static AgentScene ready() {
    return ready(terms(1, null, null));
  }

  static AgentScene ready(AgentTerms terms) {
    AgentScene scene = new AgentScene();
    scene
        .agent
        .after(new AgentCommand.Create("acct_1", PlayedEntity.personal("Ann"), "ann", terms))
        .after(new AgentCommand.FileLicence(licence("TX", LocalDate.of(2027, 12, 31))))
        .after(new AgentCommand.GoOnline());
    return scene;
  }

  static AgentTerms terms(
      int concurrency, @Nullable Integer dailyCalls, @Nullable Money dailyBudget) {
    return new AgentTerms(
        List.of(new Bid("vert_1", dollars(25), 1, 1)),
        concurrency,
        dailyCalls,
        dailyBudget,
        WeeklySchedule.always(NEW_YORK));
  }

  static Licence licence(String state, LocalDate expires) {
    return new Licence(state, "vert_1", "L-" + state, expires);
  }

  static Money dollars(long dollars) {
    return Money.ofUnits(dollars, "USD");
  }

  String call() {
    return TimedId.at("call", agent.now());
  }

  AgentReply reserve(String call) {
    return agent.ask(reservation(call));
  }

  Reserve reservation(String call) {
    return new Reserve(call, "o1", "vert_1", "TX", dollars(25));
  }

  AgentReply end(String call, OfferOutcome outcome) {
    return agent.ask(new EndOffer(call, "o1", outcome));
  }

  /** A whole call: reserved now, ended a minute later. */
  void call(OfferOutcome outcome) {
    String call = call();
    reserve(call);
    agent.advance(Duration.ofMinutes(1));
    end(call, outcome);
  }

  void calls(int number, OfferOutcome outcome) {
    for (int i = 0; i < number; i++) {
      call(outcome);
    }
  }

  /** The agent hung up before the timer. */
  static OfferOutcome shortCall() {
    return new OfferOutcome(Kind.ENDED_BY_AGENT, 10_000, false, null);
  }

  /** The timer was passed and the call charged. */
  static OfferOutcome goodCall() {
    return new OfferOutcome(Kind.ENDED_BY_CALLER, 200_000, true, dollars(25));
  }

  static OfferOutcome not(Kind kind) {
    return OfferOutcome.notConnected(kind);
  }
}
