package io.tandem.persistence.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** The view is the agent without what is over, however many calls it has taken. */
class AgentViewTest {
  private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
  private static final Money PRICE = Money.ofUnits(10, "USD");

  private AgentState agent = AgentState.NEW;
  private AgentView view = AgentView.NEW;

  @Test
  void it_shows_what_runs_as_the_agent_has_it_and_keeps_nothing_of_what_is_over() {
    happened(new AgentEvent.WentOnline(AT));
    for (int i = 0; i < 500; i++) {
      takes("call-" + i);
      ends("call-" + i, new ShortCallRatio(i / 2, i + 1));
    }
    takes("call-running");

    assertThat(view.agent().reservations()).isEqualTo(agent.reservations()).hasSize(1);
    assertThat(view.agent().today()).isEqualTo(agent.today());
    assertThat(view.agent().idleSince()).isEqualTo(agent.idleSince());
    assertThat(view.agent().online()).isTrue();
    assertThat(view.agent().conduct().sheet()).isEmpty();
    assertThat(view.agent().ended().of("call-1/o1")).isEmpty();
    assertThat(view.ratio()).isEqualTo(new ShortCallRatio(249, 500));
  }

  @Test
  void a_cooldown_is_shown_and_begins_a_new_sheet() {
    takes("call-1");
    ends("call-1", new ShortCallRatio(1, 1));
    happened(
        new AgentEvent.CooldownStarted(
            1, AT.plusSeconds(60), "SHORT_CALLS", java.util.List.of(), AT));

    assertThat(view.agent().conduct().cooldown()).isEqualTo(agent.conduct().cooldown());
    assertThat(view.agent().conduct().rung()).isEqualTo(1);
    assertThat(view.ratio()).isEqualTo(new ShortCallRatio(0, 0));
  }

  private void takes(String callId) {
    happened(
        new AgentEvent.Reserved(
            callId, "o1", "medicare", PRICE, LocalDate.EPOCH, AT, AT.plusSeconds(600)));
  }

  private void ends(String callId, ShortCallRatio ratio) {
    OfferOutcome outcome = new OfferOutcome(OfferOutcome.Kind.ENDED_BY_CALLER, 30_500, true, PRICE);
    happened(new AgentEvent.OfferEnded(callId, "o1", outcome, ratio, AT));
  }

  private void happened(AgentEvent event) {
    agent = agent.apply(event);
    view = view.apply(event);
  }
}
