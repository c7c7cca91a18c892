package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.MediaFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that answers and sends nothing, with a patience of two seconds in place of twelve. */
class DeadAirTest {
  private static final int PACKETS_A_SECOND = 50;

  @TempDir Path directory;

  private Exchange exchange;
  private Market market;

  @BeforeEach
  void start() {
    exchange =
        Exchange.open(
            Exchange.settings(directory, "tandem.market.cooldown.dead-air = 2 s"),
            UnaryOperator.identity(),
            Market.oneByOne());
    market = exchange.market();
    market.agent("anna", 100);
    exchange.phones().phone("anna");
  }

  @AfterEach
  void stop() {
    exchange.close();
  }

  @Test
  @Tag("rule:COOL-2")
  @Tag("rule:COOL-3")
  void an_agent_who_is_not_heard_before_the_timer_is_in_cooldown_with_what_was_measured() {
    try (Voice voice = new Voice()) {
      Exchange.Connected call = exchange.connect(voice);
      Market.await("the caller waits", () -> voice.packets() > 2.5 * PACKETS_A_SECOND);
      CallState.Ended ended = exchange.hangUp(call.caller(), call.callId());

      MediaFacts media = ended.end().media();
      assertThat(media).isNotNull();
      assertThat(media.agent().packets()).isZero();
      assertThat(media.caller().packets()).isGreaterThan(2 * PACKETS_A_SECOND);
      assertThat(media.deadAirMillis()).isGreaterThanOrEqualTo(2_000);
      assertThat(media.oneWayMillis()).isGreaterThanOrEqualTo(2_000);
      Market.await("the agent is in cooldown", () -> !cooldowns().isEmpty());
      assertThat(cooldowns().getFirst().signal()).isEqualTo("DEAD_AIR");
      assertThat(cooldowns().getFirst().evidence()).last().asString().startsWith(call.callId());
    }
  }

  private List<AgentEvent.CooldownStarted> cooldowns() {
    return market.events("agent", "anna", AgentEvent.CooldownStarted.class);
  }
}
