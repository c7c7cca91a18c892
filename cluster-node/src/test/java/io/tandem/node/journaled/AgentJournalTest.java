package io.tandem.node.journaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.agent.AgentCommand;
import io.tandem.node.agent.AgentCommand.EndOffer;
import io.tandem.node.agent.AgentCommand.Reserve;
import io.tandem.node.agent.AgentReply;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentEvent.CooldownEnded;
import io.tandem.persistence.agent.AgentEvent.CooldownStarted;
import io.tandem.persistence.agent.AgentEvent.CooldownSteppedBack;
import io.tandem.persistence.agent.AgentEvent.OfferEnded;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.AgentTerms.Bid;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.ShortCallRatio;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the journal shows of an agent: its reservations, its short-call ratio, its cooldowns. */
class AgentJournalTest {

  private static final EntityKey AGENT = new EntityKey("agent", "agent_1");
  private static final Money PRICE = Money.ofUnits(25, "USD");
  private static final OfferOutcome SHORT =
      new OfferOutcome(Kind.ENDED_BY_AGENT, 10_000, false, null);
  private static final OfferOutcome GOOD =
      new OfferOutcome(Kind.ENDED_BY_CALLER, 100_000, true, PRICE);

  private JournaledNouns nouns;

  @BeforeEach
  void open() {
    nouns = JournaledNouns.on(Databases.H2_FILE);
  }

  @AfterEach
  void close() {
    nouns.close();
  }

  @Test
  @Tag("rule:COOL-1")
  void over_thirty_of_a_hundred_short_calls_of_the_last_twenty_within_a_day_is_a_signal() {
    ready(1);
    calls(3, SHORT);
    nouns.clock().advance(Duration.ofHours(25)); // these three no longer count
    calls(14, GOOD);
    calls(6, SHORT); // 6 of 20: exactly 0.30
    assertThat(cooldowns()).isEmpty();
    calls(1, SHORT); // the oldest good call leaves the window: 7 of 20

    List<OfferEnded> ended = nouns.events(AGENT, OfferEnded.class);
    assertThat(ended.get(ended.size() - 2).ratio()).isEqualTo(new ShortCallRatio(6, 20));
    assertThat(ended.getLast().ratio()).isEqualTo(new ShortCallRatio(7, 20));
    assertThat(cooldowns()).hasSize(1);
  }

  @Test
  @Tag("rule:COOL-1")
  void five_calls_are_too_few_whatever_they_were() {
    ready(1);
    calls(5, SHORT);

    assertThat(cooldowns()).isEmpty();
  }

  @Test
  @Tag("rule:COOL-3")
  void
      the_call_that_crosses_the_threshold_stores_the_cooldown_with_it_and_no_call_is_taken_after() {
    ready(2);
    calls(6, SHORT);
    Reply refused = nouns.ask(AGENT, reserve(nouns.id("call")));

    List<Step> history = nouns.history(AGENT);
    Step cooldown = history.getLast();
    Step end = history.get(history.size() - 2);
    assertThat(cooldown.event()).isInstanceOf(CooldownStarted.class);
    assertThat(end.event()).isInstanceOf(OfferEnded.class);
    assertThat(cooldown.envelope().header().commandId())
        .isEqualTo(end.envelope().header().commandId());
    assertThat(cooldown.envelope().sequence()).isEqualTo(end.envelope().sequence() + 1);
    assertThat(((AgentReply.NotAvailable) refused).reason()).isEqualTo("IN_COOLDOWN");
  }

  @Test
  @Tag("rule:COOL-4")
  void cooldowns_climb_the_ladder_and_clean_months_climb_down() {
    ready(1);
    List<Duration> ladder =
        List.of(
            Duration.ofMinutes(15), Duration.ofHours(1), Duration.ofHours(24), Duration.ofDays(7));
    for (Duration step : ladder) {
      calls(6, SHORT);
      CooldownStarted started = cooldowns().getLast();
      assertThat(Duration.between(started.at(), started.until())).isEqualTo(step);
      pass(step);
    }
    Instant end = cooldowns().getLast().until();
    nouns.await("all four are over", () -> nouns.events(AGENT, CooldownEnded.class).size() == 4);
    pass(Duration.ofDays(30));
    nouns.await("one step back", () -> steps().size() == 1);
    assertThat(steps().getFirst().rung()).isEqualTo(3);
    assertThat(steps().getFirst().at()).isEqualTo(end.plus(Duration.ofDays(30)));

    calls(6, SHORT);
    pass(Duration.ofDays(7));
    calls(6, SHORT);
    CooldownStarted paused = cooldowns().getLast();
    assertThat(paused.rung()).isEqualTo(5);
    assertThat(paused.until()).isNull();
  }

  @Test
  @Tag("rule:MKT-10")
  void a_hundred_calls_race_for_an_agent_that_takes_two_and_a_count_that_nobody_ends_comes_back() {
    ready(2);
    List<Reserve> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Reserve reserve = reserve(nouns.id("call"));
      all.add(reserve);
      all.add(reserve);
    }
    nouns.askAll(AGENT, all);
    assertThat(nouns.events(AGENT, AgentEvent.Reserved.class)).hasSize(2);

    pass(Duration.ofHours(6)); // no such calls: asked, they do not know the reservations
    nouns.await("both came back", () -> nouns.events(AGENT, OfferEnded.class).size() == 2);
    assertThat(nouns.ask(AGENT, reserve(nouns.id("call")))).isInstanceOf(AgentReply.Reserved.class);
  }

  @Test
  @Tag("rule:AUD-2")
  void
      a_snapshot_that_a_host_wrote_is_what_the_events_come_to_with_its_commands_and_its_deadline() {
    ready(3);
    assertThat(nouns.ask(AGENT, reserve(nouns.id("call")))).isInstanceOf(AgentReply.Reserved.class);
    calls(130, GOOD);
    pass(Duration.ofHours(20)); // what was said in the first calls is forgotten in part
    assertThat(nouns.ask(AGENT, reserve(nouns.id("call")))).isInstanceOf(AgentReply.Reserved.class);
    calls(125, GOOD);
    nouns.await("a snapshot", () -> snapshots() == 1);

    assertThat(nouns.verification().problems()).isEmpty();

    byte[] whole = snapshot();
    requireNamed(whole, "{\"window\":[]}", "remembers other commands than the events have");
    requireNamed(whole, "{\"nextDue\":1}", "has another deadline than the events set");
  }

  private void requireNamed(byte[] whole, String change, String what) {
    assertThat(
            nouns
                .database()
                .update(
                    "update \"snapshot\" set \"snapshot_payload\" = ?",
                    nouns.codec().changed(whole, change)))
        .isEqualTo(1);
    assertThat(nouns.verification().problems())
        .singleElement()
        .asString()
        .startsWith("agent|agent_1#50")
        .endsWith(": its snapshot " + what);
  }

  private long snapshots() {
    return nouns.database().run(c -> Sql.number(c, "select count(*) from \"snapshot\""));
  }

  private byte[] snapshot() {
    return nouns
        .database()
        .run(
            c ->
                Sql.list(
                    c, "select \"snapshot_payload\" from \"snapshot\"", row -> row.getBytes(1)))
        .getFirst();
  }

  private void ready(int concurrency) {
    AgentTerms terms =
        new AgentTerms(
            List.of(new Bid("vert_1", PRICE, 1, 1)),
            concurrency,
            null,
            null,
            WeeklySchedule.always(ZoneOffset.UTC));
    Personal<String> name = Personal.of("person:5a3f", DataClass.CONTACT, "Ann");
    nouns.ask(AGENT, new AgentCommand.Create("acct_1", name, "ann", terms));
    Licence licence = new Licence("TX", "vert_1", "L-1", LocalDate.of(2030, 1, 1));
    nouns.ask(AGENT, new AgentCommand.FileLicence(licence));
    nouns.ask(AGENT, new AgentCommand.GoOnline());
  }

  private void calls(int number, OfferOutcome outcome) {
    for (int i = 0; i < number; i++) {
      String call = nouns.id("call");
      assertThat(nouns.ask(AGENT, reserve(call))).isInstanceOf(AgentReply.Reserved.class);
      nouns.clock().advance(Duration.ofSeconds(10));
      nouns.ask(AGENT, new EndOffer(call, "o1", outcome));
    }
  }

  private void pass(Duration time) {
    nouns.advance(AGENT, new AgentCommand.Read(), time);
  }

  private static Reserve reserve(String call) {
    return new Reserve(call, "o1", "vert_1", "TX", PRICE);
  }

  private List<CooldownStarted> cooldowns() {
    return nouns.events(AGENT, CooldownStarted.class);
  }

  private List<CooldownSteppedBack> steps() {
    return nouns.events(AGENT, CooldownSteppedBack.class);
  }
}
