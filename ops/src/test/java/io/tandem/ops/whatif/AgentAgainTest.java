package io.tandem.ops.whatif;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent that is judged again under the same terms comes out as it was. */
class AgentAgainTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final AgentRules rules = new AgentRules(AgentSettings.DEFAULT);
  private final List<AgentEvent> history = new ArrayList<>();
  private AgentState state = AgentState.NEW;
  private Instant now = NOON;

  @Test
  void a_call_that_was_excused_counts_no_more_when_history_runs_again() {
    add(
        new AgentEvent.Created(
            "acct_1",
            Personal.of("person:1", DataClass.CONTACT, "Anna"),
            "anna",
            new AgentTerms(List.of(), 1, null, null, WeeklySchedule.always(ZoneOffset.UTC)),
            now));
    String good = call(false);
    for (int i = 0; i < 6; i++) {
      call(false);
    }
    call(true);
    call(true);
    decide(new AgentCommand.ExcuseCall(good, "o1", "dispute_1"));
    call(true); // 3 of 9 is over 30 of 100; with the excused call it were 3 of 10, which is not

    assertThat(history.getLast()).isInstanceOf(AgentEvent.CooldownStarted.class);
    AgentAgain again = new AgentAgain(rules, OtherTerms.SAME, TimeSpan.ALL);
    history.forEach(again::take);
    Difference difference = new Difference("acct_1", "USD");
    again.addTo(difference);
    assertThat(difference.cooldownsThen()).isEqualTo(1);
    assertThat(difference.cooldownsNow()).isEqualTo(1);
    assertThat(difference.callsInCooldown()).isZero();
  }

  private String call(boolean isShort) {
    now = now.plus(Duration.ofMinutes(2));
    String call = TimedId.at("call", now);
    add(
        new AgentEvent.Reserved(
            call,
            "o1",
            "health",
            Money.ofUnits(25, "USD"),
            LocalDate.of(2026, 11, 23),
            now,
            now.plus(Duration.ofHours(2))));
    now = now.plus(Duration.ofMinutes(1));
    decide(
        new AgentCommand.EndOffer(
            call,
            "o1",
            new OfferOutcome(
                isShort ? Kind.ENDED_BY_AGENT : Kind.ENDED_BY_CALLER,
                isShort ? 5_000 : 95_000,
                !isShort,
                null)));
    return call;
  }

  private void decide(AgentCommand command) {
    rules.decide(state, command, now).events().forEach(this::add);
  }

  private void add(AgentEvent event) {
    history.add(event);
    state = state.apply(event);
  }
}
