package io.tandem.node.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand.EndOffer;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.entity.SeededIds;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentEvent.CooldownEnded;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.AgentEvent.OfferEnded;
import io.tandem.persistence.agent.AgentEvent.Reserved;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of reservations and ends, many twice and out of order. A reader of the journal alone,
 * with plain lists, says whether any cap was exceeded, any cooldown ignored, and what each ratio
 * was (COOL-7). The seed is the test's parameter.
 */
class AgentModelTest {

  private static final int COMMANDS = 4_000;
  private static final int CONCURRENCY = 3;
  private static final int DAILY_CALLS = 40;
  private static final long DAILY_BUDGET_DOLLARS = 600;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_comes_in_whatever_order_the_journal_shows_no_broken_cap_and_no_wrong_ratio(
      long seed) {
    Random random = new Random(seed);
    AgentScene scene =
        AgentScene.ready(
            AgentScene.terms(CONCURRENCY, DAILY_CALLS, AgentScene.dollars(DAILY_BUDGET_DOLLARS)));
    List<String> calls = new ArrayList<>();
    Map<String, OfferOutcome> outcomes = new HashMap<>();
    List<AgentCommand> sent = new ArrayList<>();
    for (int i = 0; i < COMMANDS; i++) {
      scene.agent.advance(Duration.ofMillis(random.nextInt(180_000)));
      AgentCommand command =
          !sent.isEmpty() && random.nextInt(4) == 0
              ? sent.get(Math.max(0, sent.size() - 1 - random.nextInt(40)))
              : fresh(random, scene.agent, calls, outcomes);
      sent.add(command);
      scene.agent.ask(command);
      if (i % 500 == 0) {
        assertThat(scene.agent.snapshot()).isEqualTo(scene.agent.state());
      }
    }

    read(scene.agent.events());
    assertThat(scene.agent.replay("agent_1")).isEqualTo(scene.agent.state());
  }

  private static AgentCommand fresh(
      Random random,
      PlayedEntity<AgentCommand, AgentReply, AgentEvent, AgentState> agent,
      List<String> calls,
      Map<String, OfferOutcome> outcomes) {
    int kind = random.nextInt(20);
    if (kind == 0) {
      return new AgentCommand.Wake();
    }
    if (calls.isEmpty() || kind < 10) {
      String call = new SeededIds(random).at("call", agent.now());
      calls.add(call);
      outcomes.put(call, outcome(random));
      return new AgentCommand.Reserve(call, "o1", "vert_1", "TX", AgentScene.dollars(25));
    }
    List<String> running =
        agent.state().reservations().values().stream().map(r -> r.callId()).sorted().toList();
    String call =
        running.isEmpty() || kind == 10
            ? calls.get(Math.max(0, calls.size() - 1 - random.nextInt(8)))
            : running.get(random.nextInt(running.size()));
    return new EndOffer(call, "o1", outcomes.get(call));
  }

  private static OfferOutcome outcome(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> AgentScene.not(Kind.NO_ANSWER);
      case 1 -> AgentScene.not(Kind.LOST);
      case 2 -> new OfferOutcome(Kind.ENDED_BY_CALLER, 3_000, false, null);
      case 3, 4 -> AgentScene.shortCall();
      default -> AgentScene.goodCall();
    };
  }

  /** The auditor: knows events and the product's rules, nothing else. */
  private static void read(List<AgentEvent> journal) {
    Map<String, Reserved> running = new HashMap<>();
    Map<LocalDate, Integer> calls = new HashMap<>();
    Map<LocalDate, Long> dollars = new HashMap<>();
    List<OfferEnded> sheet = new ArrayList<>();
    Instant cooldownUntil = Instant.MIN;
    boolean inCooldown = false;
    for (AgentEvent event : journal) {
      switch (event) {
        case Reserved e -> {
          assertThat(inCooldown).as("no call in cooldown: %s", e).isFalse();
          running.put(e.callId(), e);
          LocalDate day = e.at().atZone(AgentScene.NEW_YORK).toLocalDate();
          calls.merge(day, 1, Integer::sum);
          dollars.merge(day, 25L, Long::sum);
          assertThat(running).hasSizeLessThanOrEqualTo(CONCURRENCY);
          assertThat(calls.get(day)).isLessThanOrEqualTo(DAILY_CALLS);
          assertThat(dollars.get(day)).isLessThanOrEqualTo(DAILY_BUDGET_DOLLARS);
        }
        case OfferEnded e -> {
          Reserved reserved = running.remove(e.callId());
          if (reserved == null) {
            assertThat(e.ratio()).isNull();
            continue;
          }
          LocalDate day = reserved.at().atZone(AgentScene.NEW_YORK).toLocalDate();
          calls.merge(day, e.outcome().kind().connected() ? 0 : -1, Integer::sum);
          dollars.merge(day, e.outcome().charged() == null ? -25L : 0L, Long::sum);
          if (e.outcome().kind().connected()) {
            sheet.add(e);
            assertRatio(sheet, e);
          }
        }
        case CooldownStarted e -> {
          assertThat(inCooldown).isFalse();
          inCooldown = true;
          cooldownUntil = e.until() == null ? Instant.MAX : e.until();
          sheet.clear();
        }
        case CooldownEnded e -> {
          assertThat(e.at()).isAfterOrEqualTo(cooldownUntil);
          inCooldown = false;
        }
        default -> {
          // settings and steps back move no cap
        }
      }
    }
    assertThat(journal.stream().filter(CooldownStarted.class::isInstance).count()).isGreaterThan(1);
  }

  private static void assertRatio(List<OfferEnded> sheet, OfferEnded e) {
    List<OfferEnded> window =
        sheet.stream()
            .filter(call -> !call.at().isBefore(e.at().minus(Duration.ofHours(24))))
            .toList();
    window = window.subList(Math.max(0, window.size() - 20), window.size());
    long shortCalls =
        window.stream()
            .filter(
                call -> call.outcome().kind() == Kind.ENDED_BY_AGENT && !call.outcome().qualified())
            .count();
    assertThat(e.ratio()).isNotNull();
    assertThat(e.ratio().connectedCalls()).isEqualTo(window.size());
    assertThat(e.ratio().shortCalls()).isEqualTo((int) shortCalls);
  }
}
