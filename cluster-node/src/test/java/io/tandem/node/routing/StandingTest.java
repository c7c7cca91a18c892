package io.tandem.node.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.Availability;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is laid out beside an agent says what the agent would say, or nothing. */
class StandingTest {

  private static final long SEED = 20_261_124;
  private static final Instant NOW = Instant.parse("2026-11-20T23:30:00Z");
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 20);
  private static final List<String> STATES = List.of("TX", "CA", "PR", "tx", "ZZ", "");
  private static final List<String> VERTICALS = List.of("medicare", "auto");
  private static final List<ZoneId> ZONES =
      List.of(ZoneOffset.UTC, ZoneOffset.ofHours(14), ZoneOffset.ofHours(-12));
  private static final Money PRICE = Money.ofUnits(25, "USD");

  private final Random random = new Random(SEED);

  @Test
  @Tag("rule:MKT-2")
  void whoever_is_taken_without_being_asked_would_have_said_yes() {
    int sure = 0;
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      AgentState agent = AgentState.NEW;
      Standing standing = null;
      for (AgentEvent event : life()) {
        agent = agent.apply(event);
        standing = Standing.of("agent-" + i, agent, "medicare", new Purse(), standing);
        for (String state : STATES) {
          boolean isSure = isSure(standing, state);
          Standing afresh = Standing.of("agent-" + i, agent, "medicare", new Purse(), null);
          assertThat(isSure(afresh, state)).as("seed %d, agent %d", SEED, i).isEqualTo(isSure);
          boolean takesIt = takes(agent, state);
          if (isSure) {
            assertThat(takesIt).as("seed %d, agent %d, in %s: %s", SEED, i, state, agent).isTrue();
          }
          sure += isSure ? 1 : 0;
          refused += takesIt ? 0 : 1;
        }
      }
    }
    assertThat(sure).isGreaterThan(1_000);
    assertThat(refused).isGreaterThan(1_000);
  }

  private static boolean isSure(Standing standing, String state) {
    return standing.isPlain()
        && standing.isLicensed(UsStates.bit(state), Math.floorDiv(NOW.getEpochSecond(), 86_400));
  }

  private static boolean takes(AgentState agent, String state) {
    AgentState.Profile profile = agent.profile();
    return profile != null
        && Availability.of(agent, profile.terms(), NOW)
                .unable(
                    new Reserve(TimedId.at("call", NOW), "o0", "medicare", state, PRICE),
                    AgentState.licenceKey(state, "medicare"))
            == null;
  }

  /** Events as an agent may have them; most are made so that it often takes a call. */
  private List<AgentEvent> life() {
    List<AgentEvent> events = new ArrayList<>();
    Personal<String> name = Personal.of("person:a", DataClass.CONTACT, "A. Gent");
    events.add(new AgentEvent.Created("acct", name, "phone", terms(), before()));
    int licences = random.nextInt(4);
    for (int i = 0; i < licences; i++) {
      events.add(new AgentEvent.LicenceFiled(licence(), before()));
    }
    events.add(new AgentEvent.WentOnline(before()));
    for (int i = random.nextInt(4); i > 0; i--) {
      events.add(
          switch (random.nextInt(6)) {
            case 0 -> new AgentEvent.WentOffline("x", before());
            case 1 -> new AgentEvent.TermsChanged(terms(), before());
            case 2 -> new AgentEvent.LicenceWithdrawn(any(STATES), any(VERTICALS), "x", before());
            case 3 ->
                new AgentEvent.CooldownStarted(
                    1, NOW.plusSeconds(random.nextInt(-9, 9)), "RATIO", List.of(), before());
            case 4 -> new AgentEvent.LicenceFiled(licence(), before());
            default ->
                new AgentEvent.Reserved(
                    TimedId.at("call", before()),
                    "o1",
                    "medicare",
                    PRICE,
                    TODAY,
                    before(),
                    NOW.plusSeconds(9));
          });
    }
    return events;
  }

  private Instant before() {
    return NOW.minus(Duration.ofSeconds(1 + random.nextInt(900)));
  }

  private Licence licence() {
    LocalDate expires = TODAY.plusDays(random.nextInt(4) == 0 ? random.nextInt(-2, 3) : 99);
    return new Licence(any(STATES), any(VERTICALS), "L1", expires);
  }

  private AgentTerms terms() {
    AgentTerms.Bid bid = new AgentTerms.Bid(any(VERTICALS), PRICE, 1, 1);
    WeeklySchedule.Span span =
        new WeeklySchedule.Span(
            DayOfWeek.FRIDAY, LocalTime.of(9, 0), LocalTime.of(random.nextInt(10, 24), 0));
    return new AgentTerms(
        random.nextInt(9) == 0 ? List.of() : List.of(bid),
        1 + random.nextInt(2),
        random.nextInt(9) == 0 ? Integer.valueOf(random.nextInt(2)) : null,
        random.nextInt(9) == 0 ? Money.ofUnits(random.nextInt(50), "USD") : null,
        new WeeklySchedule(any(ZONES), random.nextInt(5) == 0 ? List.of(span) : List.of()));
  }

  private <T> T any(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
