package io.tandem.node.agent;

import static io.tandem.node.agent.AgentScene.dollars;
import static io.tandem.node.agent.AgentScene.goodCall;
import static io.tandem.node.agent.AgentScene.licence;
import static io.tandem.node.agent.AgentScene.not;
import static io.tandem.node.agent.AgentScene.shortCall;
import static io.tandem.node.agent.AgentScene.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand.ChangeTerms;
import io.tandem.node.agent.AgentCommand.FileLicence;
import io.tandem.node.agent.AgentCommand.GoOffline;
import io.tandem.node.agent.AgentCommand.GoOnline;
import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.AgentReply.NotAvailable;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentTerms.Bid;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.WeeklySchedule;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentRulesTest {

  // ---- who can take a call

  @Test
  void an_agent_that_fits_is_reserved_and_the_same_again_is_already_done() {
    AgentScene scene = AgentScene.ready();
    String call = scene.call();

    assertThat(scene.reserve(call)).isEqualTo(new AgentReply.Reserved(call, "o1", false));
    assertThat(scene.reserve(call)).isEqualTo(new AgentReply.Reserved(call, "o1", true));
    assertThat(scene.agent.ask(new Reserve(call, "o1", "vert_1", "TX", dollars(26))))
        .isEqualTo(new AgentReply.Conflict("price"));
    assertThat(scene.agent.state().reservations()).hasSize(1);
  }

  @Test
  void an_agent_that_was_never_made_is_unknown() {
    AgentScene scene = new AgentScene();

    assertThat(scene.reserve(scene.call())).isEqualTo(new AgentReply.Unknown());
    assertThat(scene.agent.ask(new GoOnline())).isEqualTo(new AgentReply.Unknown());
    assertThat(scene.agent.events()).isEmpty();
  }

  @Test
  void an_agent_that_is_offline_takes_no_call() {
    AgentScene scene = AgentScene.ready();
    scene.agent.ask(new GoOffline("lunch"));

    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("OFFLINE");
    scene.agent.ask(new GoOnline());
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
  }

  @Test
  void an_agent_takes_no_more_calls_at_once_than_its_concurrency() {
    AgentScene scene = AgentScene.ready(terms(2, null, null));
    String first = scene.call();
    scene.reserve(first);
    scene.reserve(scene.call());

    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("AT_CONCURRENCY");
    scene.end(first, not(Kind.NO_ANSWER));
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
  }

  @Test
  void an_agent_takes_calls_only_of_states_and_verticals_it_is_licensed_for() {
    AgentScene scene = AgentScene.ready();

    assertThat(
            reason(scene.agent.ask(new Reserve(scene.call(), "o1", "vert_1", "CA", dollars(25)))))
        .isEqualTo("NOT_LICENSED");
    assertThat(reason(scene.agent.ask(new Reserve(scene.call(), "o1", "vert_1", "", dollars(25)))))
        .isEqualTo("NOT_LICENSED");
    assertThat(
            reason(scene.agent.ask(new Reserve(scene.call(), "o1", "vert_2", "TX", dollars(25)))))
        .isEqualTo("NO_BID");
    scene.agent.ask(new AgentCommand.WithdrawLicence("TX", "vert_1", "revoked"));
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("NOT_LICENSED");
  }

  @Test
  void a_licence_is_good_to_the_end_of_its_last_day_in_the_agents_zone() {
    AgentScene scene = AgentScene.ready();
    scene.agent.ask(new FileLicence(licence("TX", LocalDate.of(2026, 11, 24))));
    Instant midnight = LocalDate.of(2026, 11, 25).atStartOfDay(AgentScene.NEW_YORK).toInstant();

    scene.agent.clock(midnight.minusMillis(1));
    String call = scene.call();
    assertThat(scene.reserve(call)).isInstanceOf(AgentReply.Reserved.class);
    scene.end(call, not(Kind.NO_ANSWER));
    scene.agent.clock(midnight);
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("NOT_LICENSED");
  }

  @Test
  void an_agent_takes_calls_in_its_opening_hours_by_its_own_wall_clock() {
    WeeklySchedule office =
        new WeeklySchedule(
            AgentScene.NEW_YORK,
            List.of(
                new WeeklySchedule.Span(
                    DayOfWeek.MONDAY, LocalTime.of(9, 0), LocalTime.of(17, 0))));
    AgentScene scene =
        AgentScene.ready(
            new AgentTerms(List.of(new Bid("vert_1", dollars(25), 1, 1)), 9, null, null, office));
    Instant nine = Instant.parse("2026-11-23T14:00:00Z");

    scene.agent.clock(nine.minusMillis(1));
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("SCHEDULE_CLOSED");
    scene.agent.clock(nine);
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
    scene.agent.clock(nine.plus(Duration.ofHours(8)));
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("SCHEDULE_CLOSED");
  }

  // ---- caps

  @Test
  void the_daily_calls_count_connected_and_running_calls_and_begin_again_at_midnight() {
    AgentScene scene = AgentScene.ready(terms(5, 2, null));
    scene.call(not(Kind.NO_ANSWER)); // never connected: does not count
    scene.call(goodCall());
    String running = scene.call();
    scene.reserve(running);
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("DAILY_CALLS_REACHED");

    scene.agent.clock(LocalDate.of(2026, 11, 24).atStartOfDay(AgentScene.NEW_YORK).toInstant());
    scene.end(running, goodCall()); // belongs to the day it began on
    scene.reserve(scene.call());
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("DAILY_CALLS_REACHED");
  }

  @Test
  void the_daily_budget_counts_charges_and_what_is_reserved() {
    AgentScene scene = AgentScene.ready(terms(5, null, dollars(60)));
    scene.call(goodCall());
    String running = scene.call();
    scene.reserve(running);

    assertThat(scene.reserve(scene.call()))
        .isEqualTo(
            new NotAvailable(
                "BUDGET_REACHED", "spends 60.00 USD a day, has 50.00 USD, needs 25.00 USD"));
    scene.end(running, shortCall());
    assertThat(scene.reserve(scene.call())).isInstanceOf(AgentReply.Reserved.class);
  }

  @Test
  void a_clock_that_steps_back_over_midnight_gives_no_cap_a_second_time() {
    AgentScene scene = AgentScene.ready(terms(5, 1, null));
    scene.agent.clock(Instant.parse("2026-11-24T06:00:00Z"));
    scene.call(goodCall());
    scene.agent.clock(Instant.parse("2026-11-24T04:00:00Z"));

    assertThat(reason(scene.reserve(scene.call()))).isEqualTo("DAILY_CALLS_REACHED");
  }

  // ---- how offers end

  @Test
  void an_offer_ends_once_and_with_another_outcome_it_is_a_conflict() {
    AgentScene scene = AgentScene.ready();
    String call = scene.call();
    scene.reserve(call);

    assertThat(scene.end(call, goodCall()))
        .isEqualTo(new AgentReply.OfferClosed(call, "o1", false));
    assertThat(scene.end(call, goodCall())).isEqualTo(new AgentReply.OfferClosed(call, "o1", true));
    assertThat(scene.end(call, shortCall())).isEqualTo(new AgentReply.Conflict("outcome"));
    assertThat(reason(scene.reserve(call))).isEqualTo("OFFER_ENDED");
    assertThat(scene.agent.state().today().calls()).isEqualTo(1);
  }

  @Test
  void an_end_that_overtakes_its_reservation_forestalls_it_and_counts_nothing() {
    AgentScene scene = AgentScene.ready();
    String call = scene.call();

    assertThat(scene.end(call, not(Kind.WITHDRAWN)))
        .isEqualTo(new AgentReply.OfferClosed(call, "o1", false));
    assertThat(reason(scene.reserve(call))).isEqualTo("OFFER_ENDED");
    assertThat(scene.agent.state().today().calls()).isZero();
  }

  @Test
  void what_is_older_than_the_memory_changes_nothing() {
    AgentScene scene = AgentScene.ready();
    String old = scene.call();
    scene.agent.advance(Duration.ofDays(2));
    scene.call(goodCall());
    int events = scene.agent.events().size();

    assertThat(reason(scene.reserve(old))).isEqualTo("OFFER_ENDED");
    assertThat(scene.end(old, shortCall())).isEqualTo(new AgentReply.OfferClosed(old, "o1", true));
    assertThat(scene.agent.events()).hasSize(events);
  }

  @Test
  void who_had_its_call_or_let_it_ring_goes_to_the_end_of_the_line_and_who_lost_a_race_does_not() {
    AgentScene scene = AgentScene.ready();
    Instant online = scene.agent.now();
    scene.agent.advance(Duration.ofMinutes(5));

    scene.call(not(Kind.LOST));
    assertThat(scene.agent.state().idleSince()).isEqualTo(online);
    scene.call(not(Kind.WITHDRAWN));
    assertThat(scene.agent.state().idleSince()).isEqualTo(online);
    scene.call(not(Kind.NO_ANSWER));
    assertThat(scene.agent.state().idleSince()).isEqualTo(scene.agent.now());
    scene.call(goodCall());
    assertThat(scene.agent.state().idleSince()).isEqualTo(scene.agent.now());
  }

  // ---- nothing leaks

  @Test
  void a_reservation_of_six_hours_asks_its_call_and_stays_while_it_is_needed() {
    AgentScene scene = AgentScene.ready();
    String call = scene.call();
    scene.reserve(call);
    assertThat(scene.agent.deadline()).isEqualTo(scene.agent.now().plus(Duration.ofHours(6)));
    scene.agent.advance(Duration.ofHours(6));

    Effect.Ask inquiry = (Effect.Ask) scene.agent.effects().getFirst();
    assertThat(inquiry.command()).isEqualTo(new CallCommand.ReservationInquiry("o1"));
    scene.agent.answered(inquiry, new CallReply.StillNeeded());
    assertThat(scene.agent.effects()).isEmpty();
    assertThat(scene.agent.deadline()).isEqualTo(scene.agent.now().plus(Duration.ofHours(6)));

    scene.agent.advance(Duration.ofHours(6));
    scene.agent.answered(
        scene.agent.effects().getFirst(), new CallReply.NotNeeded("NO_SUCH_OFFER"));
    assertThat(scene.agent.state().reservations()).isEmpty();
    assertThat(scene.agent.deadline()).isNull();
  }

  // ---- bad terms

  @Test
  void terms_that_cannot_be_are_refused_with_the_field() {
    AgentScene scene = AgentScene.ready();

    assertThat(field(scene, terms(0, null, null))).isEqualTo("terms.concurrency");
    assertThat(field(scene, terms(1, -1, null))).isEqualTo("terms.dailyCalls");
    assertThat(field(scene, terms(1, null, dollars(-1)))).isEqualTo("terms.dailyBudget");
    assertThat(field(scene, bids(new Bid("vert_1", dollars(0), 1, 1))))
        .isEqualTo("terms.bids.price");
    assertThat(field(scene, bids(new Bid("vert_1", dollars(1), 0, 1))))
        .isEqualTo("terms.bids.tier");
    assertThat(field(scene, bids(new Bid("vert_1", dollars(1), 1, 0))))
        .isEqualTo("terms.bids.weight");
    assertThat(field(scene, bids(new Bid("v", dollars(1), 1, 1), new Bid("v", dollars(2), 1, 1))))
        .isEqualTo("terms.bids.verticalId");
    assertThat(
            ((AgentReply.Invalid) scene.agent.ask(new FileLicence(licence("Texas", LocalDate.MAX))))
                .field())
        .isEqualTo("licence.state");
  }

  @Test
  void an_agent_is_made_once() {
    AgentScene scene = AgentScene.ready();
    var name = PlayedEntity.personal("Ann");

    assertThat(
            scene.agent.ask(new AgentCommand.Create("acct_1", name, "ann", terms(1, null, null))))
        .isEqualTo(new AgentReply.Done(scene.agent.state(), true));
    assertThat(
            scene.agent.ask(new AgentCommand.Create("acct_2", name, "ann", terms(1, null, null))))
        .isEqualTo(new AgentReply.Conflict("accountId"));
  }

  private static AgentTerms bids(Bid... bids) {
    return new AgentTerms(List.of(bids), 1, null, null, WeeklySchedule.always(AgentScene.NEW_YORK));
  }

  private static String field(AgentScene scene, AgentTerms terms) {
    return ((AgentReply.Invalid) scene.agent.ask(new ChangeTerms(terms))).field();
  }

  private static String reason(AgentReply reply) {
    assertThat(reply).isInstanceOf(NotAvailable.class);
    return ((NotAvailable) reply).reason();
  }
}
