package io.tandem.node.agent;

import static io.tandem.node.agent.AgentScene.goodCall;
import static io.tandem.node.agent.AgentScene.not;
import static io.tandem.node.agent.AgentScene.shortCall;
import static io.tandem.node.agent.AgentScene.terms;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.node.call.CallCommand;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.ShortCallRatio;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CooldownTest {

  @Test
  void five_short_calls_are_too_few_to_judge_and_the_sixth_call_is_judged() {
    AgentScene scene = AgentScene.ready();
    scene.calls(5, shortCall());
    assertThat(scene.agent.state().conduct().cooldown()).isNull();

    scene.call(goodCall());

    CooldownStarted started = (CooldownStarted) scene.agent.lastEvent();
    assertThat(started.rung()).isEqualTo(1);
    assertThat(started.until()).isEqualTo(scene.agent.now().plus(Duration.ofMinutes(15)));
    assertThat(started.evidence())
        .hasSize(6)
        .first()
        .isEqualTo("5 of 6 calls short, allowed: 30 of 100");
  }

  @Test
  void exactly_thirty_of_a_hundred_is_not_over_and_one_more_is() {
    AgentScene scene = AgentScene.ready();
    scene.calls(14, goodCall());
    scene.calls(6, shortCall());
    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(6, 20));
    assertThat(scene.agent.state().conduct().cooldown()).isNull();

    scene.call(shortCall());

    assertThat(scene.agent.lastEvent()).isInstanceOf(CooldownStarted.class);
  }

  @Test
  void only_the_last_twenty_calls_of_the_last_day_count() {
    AgentScene scene = AgentScene.ready();
    scene.calls(1, shortCall());
    scene.calls(22, goodCall());
    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(0, 20));
    scene.agent.advance(Duration.ofHours(25));
    scene.call(shortCall());

    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(1, 1));
  }

  @Test
  void what_never_connected_and_what_the_platform_ended_is_not_held_against_the_agent() {
    AgentScene scene = AgentScene.ready();
    scene.calls(10, not(Kind.NO_ANSWER));
    scene.calls(10, new OfferOutcome(Kind.ENDED_BY_PLATFORM, 5_000, false, null));
    scene.calls(10, new OfferOutcome(Kind.ENDED_BY_CALLER, 5_000, false, null));

    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(0, 20));
    assertThat(scene.agent.state().conduct().cooldown()).isNull();
  }

  @Test
  void the_end_that_crosses_the_threshold_and_the_cooldown_are_one_decision() {
    AgentScene scene = AgentScene.ready();
    scene.calls(5, shortCall());
    String call = scene.call();
    scene.reserve(call);
    int before = scene.agent.events().size();

    scene.end(call, shortCall());

    List<AgentEvent> written = scene.agent.events().subList(before, scene.agent.events().size());
    assertThat(written).hasSize(2);
    assertThat(written.get(0)).isInstanceOf(AgentEvent.OfferEnded.class);
    assertThat(written.get(1)).isInstanceOf(CooldownStarted.class);
  }

  @Test
  void a_call_that_the_agents_phone_sent_back_starts_a_cooldown_and_a_second_one_no_other() {
    AgentScene scene = AgentScene.ready();
    String call = scene.call();
    scene.reserve(call);
    scene.agent.ask(new AgentCommand.ReportLoop(call, "o1", "18005550100", "OUR_VIA", 3));
    scene.agent.ask(new AgentCommand.ReportLoop(call, "o2", "18005550100", "OUR_VIA", 3));

    CooldownStarted started = (CooldownStarted) scene.agent.lastEvent();
    assertThat(scene.agent.events()).filteredOn(CooldownStarted.class::isInstance).hasSize(1);
    assertThat(started.signal()).isEqualTo("CALL_LOOP");
    assertThat(started.evidence())
        .containsExactly("sent back to 18005550100 after 3 hops, known by OUR_VIA", call + "/o1");
  }

  @Test
  void in_cooldown_no_call_is_taken_until_its_very_end() {
    AgentScene scene = inCooldown();
    Instant until = scene.agent.deadline();

    scene.agent.clock(until.minusMillis(1));
    assertThat(scene.reserve(scene.call()))
        .isEqualTo(new AgentReply.NotAvailable("IN_COOLDOWN", "until " + until + ", step 1"));
    scene.agent.clock(until);
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
    assertThat(scene.agent.events()).anyMatch(AgentEvent.CooldownEnded.class::isInstance);
  }

  @Test
  void time_alone_ends_a_cooldown_and_too_early_or_twice_does_nothing() {
    AgentScene scene = inCooldown();
    int before = scene.agent.events().size();
    scene.agent.ask(new AgentCommand.Wake());
    assertThat(scene.agent.events()).hasSize(before);

    scene.agent.clock(scene.agent.deadline());
    scene.agent.after(new AgentCommand.Wake()).after(new AgentCommand.Wake());

    assertThat(scene.agent.events()).hasSize(before + 1);
    assertThat(scene.agent.state().conduct().cooldown()).isNull();
  }

  @Test
  void calls_that_are_being_routed_to_the_agent_are_told_at_once() {
    AgentScene scene = AgentScene.ready(terms(2, null, null));
    scene.calls(5, shortCall());
    String ringing = scene.call();
    scene.reserve(ringing);
    assertThat(scene.agent.effects()).isEmpty();

    scene.call(shortCall());

    Effect.Ask told = (Effect.Ask) scene.agent.effects().getFirst();
    assertThat(told.target()).isEqualTo(new EntityKey("call", ringing));
    assertThat(told.command()).isEqualTo(new CallCommand.AgentWithdrawn("o1", "IN_COOLDOWN"));
    scene.end(ringing, not(Kind.WITHDRAWN));
    assertThat(scene.agent.effects()).isEmpty();
  }

  @Test
  void the_calls_that_led_to_a_cooldown_do_not_lead_to_the_next_one() {
    AgentScene scene = inCooldown();
    scene.agent.clock(scene.agent.deadline());

    scene.calls(5, shortCall());
    assertThat(scene.agent.state().conduct().cooldown()).isNull();
    scene.call(shortCall());
    assertThat(((CooldownStarted) scene.agent.lastEvent()).rung()).isEqualTo(2);
  }

  @Test
  void a_call_that_ends_during_a_cooldown_counts_on_the_new_sheet_and_starts_no_second_one() {
    AgentScene scene = AgentScene.ready(terms(10, null, null));
    scene.calls(5, shortCall());
    List<String> running =
        List.of(scene.call(), scene.call(), scene.call(), scene.call(), scene.call(), scene.call());
    running.forEach(scene::reserve);
    scene.call(shortCall());
    running.forEach(call -> scene.end(call, shortCall()));

    assertThat(scene.agent.events()).filteredOn(CooldownStarted.class::isInstance).hasSize(1);
    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(6, 6));
    scene.agent.clock(scene.agent.deadline());
    scene.call(shortCall());
    assertThat(((CooldownStarted) scene.agent.lastEvent()).rung()).isEqualTo(2);
  }

  @Test
  void cooldowns_grow_from_a_quarter_of_an_hour_to_a_week_and_then_pause_until_reviewed() {
    AgentScene scene = AgentScene.ready();
    for (Duration expected :
        List.of(
            Duration.ofMinutes(15),
            Duration.ofHours(1),
            Duration.ofHours(24),
            Duration.ofDays(7))) {
      scene.calls(6, shortCall());
      assertThat(Duration.between(scene.agent.now(), scene.agent.deadline())).isEqualTo(expected);
      scene.agent.clock(scene.agent.deadline());
    }
    scene.calls(6, shortCall());

    CooldownStarted paused = (CooldownStarted) scene.agent.lastEvent();
    assertThat(paused.rung()).isEqualTo(5);
    assertThat(paused.until()).isNull();
    assertThat(scene.agent.deadline()).isNull();
    scene.agent.advance(Duration.ofDays(400));
    assertThat(scene.reserve(scene.call()))
        .isEqualTo(new AgentReply.NotAvailable("IN_COOLDOWN", "paused until reviewed"));
  }

  @Test
  void thirty_clean_days_after_a_cooldown_go_one_step_back() {
    AgentScene scene = inCooldown();
    Instant end = scene.agent.deadline();
    scene.agent.clock(end);
    scene.agent.ask(new AgentCommand.Wake());
    assertThat(scene.agent.deadline()).isEqualTo(end.plus(Duration.ofDays(30)));

    scene.agent.clock(end.plus(Duration.ofDays(30)).minusMillis(1));
    scene.agent.ask(new AgentCommand.Wake());
    assertThat(scene.agent.state().conduct().rung()).isEqualTo(1);
    scene.agent.advance(Duration.ofMillis(1));
    scene.agent.ask(new AgentCommand.Wake());

    assertThat(scene.agent.state().conduct().rung()).isZero();
    assertThat(scene.agent.deadline()).isNull();
  }

  @Test
  void time_that_nobody_was_awake_in_counts_all_the_same() {
    AgentScene scene = inCooldown();
    scene.agent.clock(scene.agent.deadline());
    scene.calls(6, shortCall()); // on step 2 now
    Instant end = scene.agent.deadline();
    scene.agent.clock(end.plus(Duration.ofDays(61)));

    scene.call(goodCall());

    assertThat(scene.agent.state().conduct().rung()).isZero();
    assertThat(scene.agent.events())
        .filteredOn(AgentEvent.CooldownSteppedBack.class::isInstance)
        .extracting(event -> ((AgentEvent.CooldownSteppedBack) event).cleanSince())
        .containsExactly(end.plus(Duration.ofDays(30)), end.plus(Duration.ofDays(60)));
  }

  @Test
  void a_new_cooldown_breaks_the_clean_stretch() {
    AgentScene scene = inCooldown();
    scene.agent.clock(scene.agent.deadline().plus(Duration.ofDays(29)));
    scene.calls(6, shortCall());
    Instant end = scene.agent.deadline();

    scene.agent.clock(end);
    scene.agent.ask(new AgentCommand.Wake());

    assertThat(scene.agent.state().conduct().rung()).isEqualTo(2);
    assertThat(scene.agent.deadline()).isEqualTo(end.plus(Duration.ofDays(30)));
  }

  @ParameterizedTest
  @CsvSource({"11999, false", "12000, true"})
  void an_agent_who_was_not_heard_for_twelve_seconds_before_the_timer_is_in_cooldown_at_once(
      long deadAirMillis, boolean cooldown) {
    AgentScene scene = AgentScene.ready();
    scene.calls(1, new OfferOutcome(Kind.ENDED_BY_CALLER, 40_000, false, null, deadAirMillis));
    assertThat(scene.agent.lastEvent() instanceof CooldownStarted).isEqualTo(cooldown);
    if (scene.agent.lastEvent() instanceof CooldownStarted started) {
      assertThat(started.signal()).isEqualTo("DEAD_AIR");
      assertThat(started.evidence().getFirst())
          .isEqualTo("not heard for 12000 ms before the timer, allowed: less than 12000");
    }
  }

  @Test
  void an_excused_call_counts_neither_as_short_nor_as_a_call_and_once_is_enough() {
    AgentScene scene = AgentScene.ready();
    scene.calls(4, goodCall());
    String excused = scene.agent.state().conduct().sheet().getFirst().callId();
    scene.call(shortCall());
    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(1, 5));
    var excuse = new AgentCommand.ExcuseCall(excused, "o1", "dispute_1");

    assertThat(scene.agent.ask(excuse)).isEqualTo(new AgentReply.Excused(excused, true));
    assertThat(scene.agent.lastEvent())
        .isInstanceOfSatisfying(
            AgentEvent.CallExcused.class,
            event -> assertThat(event.ratio()).isEqualTo(new ShortCallRatio(1, 4)));
    int events = scene.agent.events().size();
    assertThat(scene.agent.ask(excuse)).isEqualTo(new AgentReply.Excused(excused, false));
    assertThat(scene.agent.events()).hasSize(events);

    scene.call(goodCall());
    assertThat(lastRatio(scene)).isEqualTo(new ShortCallRatio(1, 5));
  }

  @Test
  void excusing_a_call_starts_no_cooldown_and_ends_none() {
    AgentScene scene = AgentScene.ready();
    scene.calls(5, goodCall());
    scene.calls(2, shortCall());
    String good = scene.agent.state().conduct().sheet().getFirst().callId();

    scene.agent.ask(new AgentCommand.ExcuseCall(good, "o1", "dispute_1")); // 2 of 6 is over 30

    assertThat(scene.agent.state().conduct().cooldown()).isNull();
    AgentScene cooling = inCooldown();
    String answeredFor =
        cooling.agent.events().stream()
            .filter(AgentEvent.OfferEnded.class::isInstance)
            .map(event -> ((AgentEvent.OfferEnded) event).callId())
            .findFirst()
            .orElseThrow();
    assertThat(cooling.agent.ask(new AgentCommand.ExcuseCall(answeredFor, "o1", "dispute_1")))
        .isEqualTo(new AgentReply.Excused(answeredFor, false));
    assertThat(cooling.agent.state().conduct().cooldown()).isNotNull();
  }

  @Test
  void settings_that_cannot_be_are_refused_with_the_key() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CooldownSettings(
                    101,
                    Duration.ofHours(24),
                    6,
                    30,
                    List.of(Duration.ofHours(1)),
                    Duration.ofDays(30),
                    Duration.ofSeconds(12)))
        .withMessage("window-calls: found 101, allowed: 1 to 100");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new CooldownSettings(
                    20,
                    Duration.ofHours(24),
                    6,
                    30,
                    List.of(),
                    Duration.ofDays(30),
                    Duration.ofSeconds(12)))
        .withMessageStartingWith("rungs:");
  }

  private static AgentScene inCooldown() {
    AgentScene scene = AgentScene.ready();
    scene.calls(6, shortCall());
    assertThat(scene.agent.lastEvent()).isInstanceOf(CooldownStarted.class);
    return scene;
  }

  private static ShortCallRatio lastRatio(AgentScene scene) {
    return scene.agent.events().stream()
        .filter(AgentEvent.OfferEnded.class::isInstance)
        .map(event -> ((AgentEvent.OfferEnded) event).ratio())
        .reduce((first, second) -> second)
        .orElseThrow();
  }
}
