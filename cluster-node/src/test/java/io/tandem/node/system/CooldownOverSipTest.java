package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.TraceLine;
import io.tandem.protocol.sip.ua.CallEnd;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that ends its calls before the timer, as the journal and the callers see it. */
class CooldownOverSipTest {
  @TempDir Path directory;

  private final LeapingClock clock = new LeapingClock();
  private Exchange exchange;
  private Market market;
  private Telephones phones;

  @BeforeEach
  void start() {
    exchange =
        Exchange.open(
            Exchange.settings(directory),
            parts -> parts.withHostClock(clock, (system, wall) -> clock),
            Market.oneByOne());
    market = exchange.market();
    phones = exchange.phones();
  }

  @AfterEach
  void stop() {
    exchange.close();
    clock.close();
  }

  private void shortCall(String agent) {
    var waitsSince = exchange.node().directory().agent(agent).orElseThrow().idleSince();
    Exchange.Connected call = exchange.connect();
    exchange.edge().advance(10_000);
    var unused = exchange.hangUp(call.agent(), call.callId());
    Market.await(
        "the agent has it on its sheet",
        () ->
            market.events("agent", agent, AgentEvent.OfferEnded.class).stream()
                .anyMatch(e -> e.callId().equals(call.callId())));
    Market.await(
        "and waits anew as far as is known",
        () ->
            !java.util.Objects.equals(
                waitsSince, exchange.node().directory().agent(agent).orElseThrow().idleSince()));
  }

  private List<AgentEvent.CooldownStarted> cooldowns() {
    return market.events("agent", "anna", AgentEvent.CooldownStarted.class);
  }

  private void awaitCooldown(boolean running) {
    Market.await(
        "the cooldown " + (running ? "holds" : "is over"),
        () ->
            (exchange.node().directory().agent("anna").orElseThrow().conduct().cooldown() != null)
                == running);
  }

  @Test
  @Tag("rule:COOL-1")
  @Tag("rule:COOL-3")
  @Tag("rule:COOL-4")
  @Tag("rule:MKT-2")
  @Tag("rule:MKT-5")
  void six_short_calls_are_a_cooldown_of_a_quarter_of_an_hour_and_six_more_one_of_an_hour() {
    market.agent("anna", 500);
    phones.phone("anna");
    for (int i = 0; i < 5; i++) {
      shortCall("anna");
    }
    assertThat(cooldowns()).isEmpty();
    shortCall("anna");
    awaitCooldown(true);
    assertThat(cooldowns()).hasSize(1);
    AgentEvent.CooldownStarted first = cooldowns().getFirst();
    assertThat(first.rung()).isEqualTo(1);
    assertThat(Duration.between(first.at(), first.until())).isEqualTo(Duration.ofMinutes(15));

    assertThat(Telephones.within(phones.call().ended()).status()).isEqualTo(503);
    assertThat(
            market
                .events("call", market.callIds().getLast(), CallEvent.Offered.class)
                .getFirst()
                .trace()
                .lines())
        .extracting(TraceLine::verdict)
        .containsExactly("IN_COOLDOWN");
    assertThat(phones.rung()).hasSize(6);

    clock.leap(Duration.ofMinutes(15));
    awaitCooldown(false);
    for (int i = 0; i < 6; i++) {
      shortCall("anna");
    }
    awaitCooldown(true);
    assertThat(cooldowns()).hasSize(2);
    AgentEvent.CooldownStarted second = cooldowns().getLast();
    assertThat(second.rung()).isEqualTo(2);
    assertThat(Duration.between(second.at(), second.until())).isEqualTo(Duration.ofHours(1));
    clock.leap(Duration.ofMinutes(59));
    assertThat(Telephones.within(phones.call().ended()).status()).isEqualTo(503);
    clock.leap(Duration.ofMinutes(1));
    awaitCooldown(false);
    var unused = exchange.connect();
  }

  @Test
  @Tag("rule:COOL-3")
  void a_cooldown_takes_the_agent_out_of_a_call_that_rings_it_already() {
    market.agent("anna", 500, 2);
    phones.phone("anna");
    for (int i = 0; i < 5; i++) {
      shortCall("anna");
    }
    Exchange.Connected sixth = exchange.connect();
    phones.phone("anna", phones.ringing());
    UaCall seventh = phones.callFrom("12125550177");
    UaCall ringing = phones.awaitRung(7);
    exchange.edge().advance(10_000);
    sixth.agent().hangUp();

    assertThat(Telephones.within(ringing.ended()).cause()).isEqualTo(CallEnd.Cause.CANCELLED);
    assertThat(Telephones.within(seventh.ended()).status()).isEqualTo(480);
    assertThat(market.events("call", Telephones.callId(ringing), CallEvent.OfferWithdrawn.class))
        .extracting(CallEvent.OfferWithdrawn::reason)
        .containsExactly("IN_COOLDOWN");
    market.awaitNothingHeld("anna");
    assertThat(market.unitsLeft("anna")).isEqualTo(500);
  }
}
