package io.tandem.node.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.campaign.CampaignCommand.Admit;
import io.tandem.node.campaign.CampaignCommand.ChangeTerms;
import io.tandem.node.campaign.CampaignCommand.Create;
import io.tandem.node.campaign.CampaignCommand.Discharge;
import io.tandem.node.campaign.CampaignReply.NotAdmitted;
import io.tandem.node.entity.Effect;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.node.entity.SeededIds;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.campaign.CampaignTerms.Ringing;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignRulesTest {

  private static final ZoneId CHICAGO = ZoneId.of("America/Chicago");

  private final PlayedEntity<CampaignCommand, CampaignReply, CampaignEvent, CampaignState>
      campaign = new PlayedEntity<>(CampaignRules.type(CampaignSettings.DEFAULT), "camp_1");

  @Test
  void a_campaign_that_was_never_made_is_unknown() {
    assertThat(campaign.ask(admit(call()))).isEqualTo(new CampaignReply.Unknown());
    assertThat(campaign.ask(new CampaignCommand.Read())).isEqualTo(new CampaignReply.Unknown());
  }

  @Test
  void a_campaign_is_made_once() {
    Create create = new Create("acct_1", "Medicare", terms(null, null, null));

    assertThat(campaign.ask(create)).isEqualTo(new CampaignReply.Done(campaign.state(), false));
    assertThat(campaign.ask(create)).isEqualTo(new CampaignReply.Done(campaign.state(), true));
    assertThat(campaign.ask(new Create("acct_2", "Medicare", terms(null, null, null))))
        .isEqualTo(new CampaignReply.Conflict("accountId"));
  }

  @Test
  void no_more_calls_run_at_once_than_the_cap_and_each_that_ends_makes_room() {
    create(terms(null, 1, null));
    String first = call();

    assertThat(campaign.ask(admit(first))).isEqualTo(new CampaignReply.Admitted(first, false));
    assertThat(campaign.ask(admit(first))).isEqualTo(new CampaignReply.Admitted(first, true));
    assertThat(reason(campaign.ask(admit(call())))).isEqualTo("CONCURRENCY_REACHED");
    assertThat(campaign.ask(discharge(first, 0)))
        .isEqualTo(new CampaignReply.Discharged(first, false));
    assertThat(campaign.ask(discharge(first, 0)))
        .isEqualTo(new CampaignReply.Discharged(first, true));
    assertThat(campaign.ask(admit(call()))).isInstanceOf(CampaignReply.Admitted.class);
  }

  @Test
  void the_daily_calls_begin_again_at_midnight_in_the_campaigns_zone() {
    create(terms(1, null, null));
    String first = call();
    campaign.ask(admit(first));
    campaign.ask(discharge(first, 25));
    Instant midnight = LocalDate.of(2026, 11, 24).atStartOfDay(CHICAGO).toInstant();

    campaign.clock(midnight.minusMillis(1));
    assertThat(reason(campaign.ask(admit(call())))).isEqualTo("DAILY_CALLS_REACHED");
    campaign.clock(midnight);
    assertThat(campaign.ask(admit(call()))).isInstanceOf(CampaignReply.Admitted.class);
  }

  @Test
  void the_budget_counts_the_worst_price_of_running_calls_and_gets_back_what_they_did_not_use() {
    create(terms(null, null, Money.ofUnits(50, "USD")));
    String first = call();
    String second = call();
    campaign.ask(admit(first));
    campaign.ask(admit(second));
    assertThat(reason(campaign.ask(admit(call())))).isEqualTo("BUDGET_REACHED");

    campaign.ask(discharge(first, 25));
    assertThat(reason(campaign.ask(admit(call())))).isEqualTo("BUDGET_REACHED");
    campaign.ask(discharge(second, 0));
    assertThat(campaign.ask(admit(call()))).isInstanceOf(CampaignReply.Admitted.class);
  }

  @Test
  void a_call_belongs_to_the_day_it_was_admitted_on() {
    create(terms(null, null, Money.ofUnits(25, "USD")));
    String late = call();
    campaign.ask(admit(late));
    campaign.clock(LocalDate.of(2026, 11, 24).atStartOfDay(CHICAGO).toInstant());
    campaign.ask(admit(call()));
    campaign.ask(discharge(late, 25));

    assertThat(campaign.state().today().usedMicros("USD")).isEqualTo(25_000_000);
  }

  @Test
  void a_price_in_another_currency_does_not_fit_a_budget() {
    create(terms(null, null, Money.ofUnits(50, "USD")));

    assertThat(reason(campaign.ask(new Admit(call(), Money.ofUnits(1, "EUR")))))
        .isEqualTo("BUDGET_REACHED");
  }

  @Test
  void a_campaign_takes_calls_in_its_hours_only() {
    WeeklySchedule mondays =
        new WeeklySchedule(
            CHICAGO,
            List.of(
                new WeeklySchedule.Span(
                    DayOfWeek.MONDAY, LocalTime.of(8, 0), LocalTime.of(12, 0))));
    create(new CampaignTerms("vert_1", Ringing.SEQUENTIAL, 18_000, 1, 3, null, 9, null, mondays));

    assertThat(reason(campaign.ask(admit(call())))).isEqualTo("SCHEDULE_CLOSED");
    campaign.advance(Duration.ofHours(2));
    assertThat(campaign.ask(admit(call()))).isInstanceOf(CampaignReply.Admitted.class);
  }

  @Test
  void a_discharge_that_overtakes_its_admission_forestalls_it() {
    create(terms(null, 1, null));
    String call = call();

    assertThat(campaign.ask(discharge(call, 0)))
        .isEqualTo(new CampaignReply.Discharged(call, false));
    assertThat(((CampaignEvent.Discharged) campaign.lastEvent()).forestalled()).isTrue();
    assertThat(reason(campaign.ask(admit(call)))).isEqualTo("CALL_ENDED");
    assertThat(campaign.ask(discharge(call, 25))).isEqualTo(new CampaignReply.Conflict("charged"));
  }

  @Test
  void a_very_old_admission_asks_its_call_and_comes_back_when_there_is_none() {
    create(terms(null, 1, null));
    String call = call();
    campaign.ask(admit(call));
    assertThat(campaign.deadline()).isEqualTo(campaign.now().plus(Duration.ofHours(6)));
    campaign.advance(Duration.ofHours(6));

    Effect.Ask inquiry = (Effect.Ask) campaign.effects().getFirst();
    assertThat(inquiry.target().id()).isEqualTo(call);
    assertThat(inquiry.command()).isEqualTo(new CallCommand.AdmissionInquiry());
    campaign.answered(inquiry, new CallReply.StillNeeded());
    assertThat(campaign.effects()).isEmpty();
    campaign.advance(Duration.ofHours(6));
    campaign.answered(campaign.effects().getFirst(), new CallReply.Unknown());

    assertThat(campaign.state().admissions()).isEmpty();
    assertThat(campaign.deadline()).isNull();
  }

  @Test
  void terms_that_cannot_be_are_refused_with_the_field() {
    create(terms(null, null, null));

    assertThat(
            field(
                new CampaignTerms(
                    "", Ringing.SEQUENTIAL, 18_000, 1, 3, null, null, null, always())))
        .isEqualTo("terms.verticalId");
    assertThat(
            field(
                new CampaignTerms("v", Ringing.SEQUENTIAL, 999, 1, 3, null, null, null, always())))
        .isEqualTo("terms.ringMillis");
    assertThat(
            field(
                new CampaignTerms(
                    "v", Ringing.SEQUENTIAL, 18_000, 2, 3, null, null, null, always())))
        .isEqualTo("terms.ringAtOnce");
    assertThat(
            field(
                new CampaignTerms(
                    "v", Ringing.SIMULTANEOUS, 18_000, 4, 3, null, null, null, always())))
        .isEqualTo("terms.ringAtOnce");
    assertThat(
            field(
                new CampaignTerms(
                    "v", Ringing.SEQUENTIAL, 18_000, 1, 0, null, null, null, always())))
        .isEqualTo("terms.attempts");
    assertThat(field(terms(-1, null, null))).isEqualTo("terms.dailyCalls");
    assertThat(field(terms(null, -1, null))).isEqualTo("terms.concurrentCalls");
    assertThat(field(terms(null, null, Money.ofUnits(-1, "USD")))).isEqualTo("terms.dailyBudget");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void no_cap_is_exceeded_and_no_count_leaks_whatever_comes_in_whatever_order(long seed) {
    Random random = new Random(seed);
    SeededIds ids = new SeededIds(random);
    create(terms(60, 5, Money.ofUnits(900, "USD")));
    List<String> calls = new ArrayList<>();
    Set<String> running = new HashSet<>();
    Map<LocalDate, Integer> daily = new HashMap<>();
    for (int i = 0; i < 4_000; i++) {
      campaign.advance(Duration.ofMillis(random.nextInt(120_000)));
      if (calls.isEmpty() || random.nextInt(3) == 0) {
        calls.add(ids.at("call", campaign.now()));
      }
      boolean ends = random.nextInt(3) > 0;
      List<String> open = running.stream().sorted().toList();
      String call =
          ends && !open.isEmpty() && random.nextInt(4) > 0
              ? open.get(random.nextInt(open.size()))
              : calls.get(Math.max(0, calls.size() - 1 - random.nextInt(7)));
      CampaignReply reply =
          campaign.ask(ends ? discharge(call, call.hashCode() % 2 == 0 ? 25 : 0) : admit(call));
      switch (reply) {
        case CampaignReply.Admitted yes -> {
          if (!yes.already()) {
            running.add(call);
            daily.merge(campaign.now().atZone(CHICAGO).toLocalDate(), 1, Integer::sum);
          }
        }
        case CampaignReply.Discharged over -> running.remove(call);
        default -> assertThat(reply).isInstanceOf(NotAdmitted.class);
      }
      assertThat(campaign.state().admissions().keySet()).isEqualTo(running);
      assertThat(running).hasSizeLessThanOrEqualTo(5);
      assertThat(campaign.state().today().usedMicros("USD")).isLessThanOrEqualTo(900_000_000);
    }
    assertThat(daily.values()).allMatch(calls1 -> calls1 <= 60).contains(60);
    assertThat(campaign.snapshot()).isEqualTo(campaign.state());
    assertThat(campaign.replay("camp_1")).isEqualTo(campaign.state());
  }

  private void create(CampaignTerms terms) {
    campaign.ask(new Create("acct_1", "Medicare", terms));
  }

  private static CampaignTerms terms(
      @Nullable Integer dailyCalls, @Nullable Integer concurrent, @Nullable Money budget) {
    return new CampaignTerms(
        "vert_1", Ringing.SEQUENTIAL, 18_000, 1, 3, dailyCalls, concurrent, budget, always());
  }

  private static WeeklySchedule always() {
    return WeeklySchedule.always(CHICAGO);
  }

  private static Admit admit(String call) {
    return new Admit(call, Money.ofUnits(25, "USD"));
  }

  private static Discharge discharge(String call, long dollars) {
    return new Discharge(call, Money.ofUnits(dollars, "USD"));
  }

  private String call() {
    return TimedId.at("call", campaign.now());
  }

  private String field(CampaignTerms terms) {
    return ((CampaignReply.Invalid) campaign.ask(new ChangeTerms(terms))).field();
  }

  private static String reason(CampaignReply reply) {
    assertThat(reply).isInstanceOf(NotAdmitted.class);
    return ((NotAdmitted) reply).reason();
  }
}
