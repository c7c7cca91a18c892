package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.node.boot.Nouns;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an auditor asks of a journal whose node is gone, and in which forms it is answered. */
class AuditCommandsTest {
  private static final int CALLS = 600;
  private static final int AGENTS = 2;

  @TempDir static Path directory;
  private static AuditorsDesk desk;
  private static List<Envelope> events;
  private static List<String> followed = List.of();

  @BeforeAll
  static void make() {
    desk = AuditorsDesk.in(directory);
    events = desk.fill(CALLS, AGENTS);
  }

  private static List<String> ask(int exitCode, String... arguments) {
    return desk.ask(exitCode, arguments);
  }

  /** The whole journal, asked for once. */
  private List<String> everything() {
    if (followed.isEmpty()) {
      followed = ask(0, "follow", "--from-start", "--until-end", "--json");
    }
    return followed;
  }

  private static Map<String, Map<String, String>> byFirst(List<String> csv) {
    String[] names = csv.getFirst().split(",");
    Map<String, Map<String, String>> rows = new TreeMap<>();
    for (String line : csv.subList(1, csv.size())) {
      String[] values = line.split(",", -1);
      Map<String, String> row = new TreeMap<>();
      for (int i = 0; i < names.length; i++) {
        row.put(names[i], values[i]);
      }
      rows.put(values[0], row);
    }
    return rows;
  }

  private static long count(String event) {
    return events.stream().filter(e -> e.header().event().name().equals(event)).count();
  }

  private static long sum(Map<String, Map<String, String>> rows, String column) {
    return rows.values().stream().mapToLong(row -> Long.parseLong(row.get(column))).sum();
  }

  private static BigDecimal money(Map<String, Map<String, String>> rows, String column) {
    return rows.values().stream()
        .map(row -> row.get(column))
        .filter(text -> !text.isEmpty())
        .map(text -> new BigDecimal(text.substring(0, text.indexOf(' '))))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  @Tag("rule:AUD-4")
  @Tag("rule:COOL-7")
  void under_the_same_terms_every_charge_comes_back_to_the_micro() {
    Map<String, Map<String, String>> rows = byFirst(ask(0, "what-if", "--format", "csv"));
    assertThat(rows).hasSize(AGENTS);
    rows.values()
        .forEach(
            row ->
                assertThat(row)
                    .containsEntry("would", row.get("was"))
                    .containsEntry("booked", row.get("was"))
                    .containsEntry("difference", "0.00 USD")
                    .containsEntry("wouldBeCharged", row.get("charged"))
                    .containsEntry("wouldBeCooldowns", row.get("cooldowns"))
                    .containsEntry("offersInCooldown", "0"));
    assertThat(sum(rows, "wouldBeCharged")).isEqualTo(count("wallet.captured"));
    assertThat(sum(rows, "wouldBeCooldowns")).isEqualTo(count("agent.cooldown-started"));
    assertThat(desk.told()).contains(CALLS + " calls run again, 0 come out otherwise");
    // and the ledger says the same
    Map<String, Map<String, String>> ledger = byFirst(ask(0, "trial-balance", "--format", "csv"));
    assertThat(money(rows, "would")).isEqualByComparingTo(ledger.get("REVENUE").get("sum"));
    assertThat(ask(0, "what-if", "--calls", "--format", "csv")).isEmpty();
  }

  @Test
  @Tag("rule:AUD-4")
  void another_price_is_paid_for_the_same_calls() {
    Map<String, Map<String, String>> rows =
        byFirst(ask(0, "what-if", "--price", "health=19.999999USD", "--format", "csv"));
    long charged = count("wallet.captured");
    assertThat(sum(rows, "wouldBeCharged")).isEqualTo(charged);
    assertThat(money(rows, "would"))
        .isEqualByComparingTo(new BigDecimal("19.999999").multiply(BigDecimal.valueOf(charged)));
    assertThat(ask(0, "what-if", "--price", "19.999999USD", "--calls", "--json"))
        .hasSize((int) charged)
        .allMatch(line -> line.contains("\"would\":\"19.999999 USD\""));
    // of another vertical, or in another currency: nothing changes
    assertThat(ask(0, "what-if", "--price", "home=1USD", "--calls")).isEmpty();
    assertThat(ask(0, "what-if", "--price", "1.00EUR", "--calls")).isEmpty();
  }

  @Test
  @Tag("rule:AUD-4")
  void a_rate_deck_charges_every_answered_call_by_the_minute(@TempDir Path folder)
      throws IOException {
    Path deck = folder.resolve("deck.csv");
    String heading = "prefix,from,fee,perMinute,minimumSeconds,incrementSeconds,currency\n";
    Path unused = Files.writeString(deck, heading + ",2020-01-01T00:00:00Z,0.05,0.60,30,6,USD\n");
    BigDecimal expected = BigDecimal.ZERO;
    long answered = 0;
    for (String line : everything()) {
      JsonNode event = new ObjectMapper().readTree(line);
      long millis = event.path("content").path("connectedMillis").asLong();
      if (event.path("event").asText().startsWith("call.ended") && millis > 0) {
        long steps = Math.max(5, Math.ceilDiv(Math.ceilDiv(millis, 1000L), 6L));
        expected = expected.add(new BigDecimal("0.05")).add(BigDecimal.valueOf(steps * 6, 2));
        answered++;
      }
    }
    Map<String, Map<String, String>> rows =
        byFirst(ask(0, "what-if", "--deck", deck.toString(), "--format", "csv"));
    assertThat(sum(rows, "wouldBeCharged")).isEqualTo(answered);
    assertThat(money(rows, "would")).isEqualByComparingTo(expected);
    // of numbers it has no rate for, and in other currencies: as it was
    unused = Files.writeString(deck, heading + "99,2020-01-01T00:00:00Z,1,1,0,1,USD\n");
    assertThat(ask(0, "what-if", "--deck", deck.toString(), "--calls")).isEmpty();
    unused = Files.writeString(deck, heading + ",2020-01-01T00:00:00Z,1,1,0,1,EUR\n");
    assertThat(ask(0, "what-if", "--deck", deck.toString(), "--calls")).isEmpty();
    unused = Files.writeString(deck, heading + "x\n");
    assertThat(ask(2, "what-if", "--deck", deck.toString())).isEmpty();
    assertThat(desk.told()).contains("--deck", "line 2").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({"30", "60", "90", "120", "300"})
  @Tag("rule:AUD-4")
  void another_timer_charges_the_calls_that_lasted_as_long(int seconds) throws IOException {
    long lasted = 0;
    for (String line : everything()) {
      JsonNode event = new ObjectMapper().readTree(line);
      if (event.path("event").asText().startsWith("call.ended")) {
        lasted += event.path("content").path("connectedMillis").asLong() >= seconds * 1000L ? 1 : 0;
      }
    }
    Map<String, Map<String, String>> rows =
        byFirst(ask(0, "what-if", "--timer", seconds + "s", "--format", "csv"));
    assertThat(sum(rows, "wouldBeCharged")).isEqualTo(lasted);
    assertThat(money(rows, "would"))
        .isEqualByComparingTo(BigDecimal.valueOf(25).multiply(BigDecimal.valueOf(lasted)));
  }

  @Test
  @Tag("rule:AUD-4")
  @Tag("rule:COOL-7")
  void another_threshold_starts_other_cooldowns_and_moves_no_money() {
    long then = count("agent.cooldown-started");
    Map<String, Map<String, String>> strict =
        byFirst(ask(0, "what-if", "--threshold", "5", "--format", "csv"));
    assertThat(sum(strict, "cooldowns")).isEqualTo(then);
    assertThat(sum(strict, "wouldBeCooldowns")).isPositive();
    assertThat(sum(strict, "offersInCooldown")).isPositive();
    assertThat(money(strict, "difference")).isEqualByComparingTo("0");
    Map<String, Map<String, String>> lenient =
        byFirst(ask(0, "what-if", "--threshold", "100", "--format", "csv"));
    assertThat(sum(lenient, "wouldBeCooldowns")).isZero();
  }

  @Test
  @Tag("rule:AUD-4")
  void a_span_of_time_counts_the_calls_offered_in_it() {
    Instant middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(10));
    Map<String, Map<String, String>> before =
        byFirst(ask(0, "what-if", "--to", middle.toString(), "--format", "csv"));
    Map<String, Map<String, String>> after =
        byFirst(ask(0, "what-if", "--from", middle.toString(), "--format", "csv"));
    long answered = count("call.connected");
    assertThat(sum(before, "calls")).isBetween(answered / 4, answered / 2);
    assertThat(sum(before, "calls") + sum(after, "calls")).isEqualTo(answered);
    assertThat(money(before, "booked").add(money(after, "booked")))
        .isEqualByComparingTo(BigDecimal.valueOf(25 * count("wallet.captured")));
  }

  @ParameterizedTest
  @CsvSource({
    "--timer, 60, 60s",
    "--timer, health=, 60s",
    "--price, 30, 30.00USD",
    "--price, 1.0000001USD, 30.00USD",
    "--threshold, 101, 0 to 100",
    "--from, yesterday, 2026-11-22T17:00:00Z",
    "--format, xml, CSV"
  })
  void a_wrong_option_is_named_with_what_was_found_and_what_is_allowed(
      String option, String value, String allowed) {
    assertThat(ask(2, "what-if", option, value)).isEmpty();
    assertThat(desk.told()).contains(option, value, allowed).doesNotContain("\tat ");
  }

  @Test
  @Tag("rule:AUD-3")
  void an_entity_is_shown_as_of_any_instant_and_the_books_too() throws IOException {
    String wallet = ask(0, "list", "wallet", "--format", "csv").get(1).replaceFirst(",.*", "");
    List<String> replayed = ask(0, "replay", wallet, "--json");
    for (String line : List.of(replayed.get(0), replayed.get(7), replayed.getLast())) {
      JsonNode step = new ObjectMapper().readTree(line);
      JsonNode shown =
          new ObjectMapper()
              .readTree(
                  ask(0, "show", wallet, "--as-of", step.get("at").asText(), "--json").getFirst());
      assertThat(shown.get("state").get("balances")).isEqualTo(step.get("content").get("after"));
      assertThat(ask(0, "trial-balance", "--as-of", step.get("at").asText(), "--json"))
          .isNotEmpty();
      assertThat(desk.told()).contains("the trial balance is zero");
    }
    assertThat(ask(1, "show", wallet, "--as-of", "2020-01-01T00:00:00Z")).isEmpty();
    assertThat(ask(1, "show", "wallet/nobody:USD")).isEmpty();
  }

  @Test
  @Tag("rule:AUD-3")
  void the_journal_is_followed_in_one_order_and_none_is_missed() throws IOException {
    List<String> all = everything();
    assertThat(all).hasSize(events.size());
    Map<String, Long> last = new TreeMap<>();
    for (String line : all) {
      JsonNode event = new ObjectMapper().readTree(line);
      long sequence = event.get("sequence").asLong();
      assertThat(sequence).isEqualTo(last.getOrDefault(event.get("entity").asText(), 0L) + 1);
      last.put(event.get("entity").asText(), sequence);
    }
    assertThat(
            ask(0, "follow", "--from-start", "--until-end", "--type", "agent", "--format", "csv"))
        .hasSize(1 + (int) events.stream().filter(e -> e.entityType().equals("agent")).count());
  }

  @Test
  @Tag("rule:AUD-3")
  void who_stopped_following_goes_on_from_the_position_that_was_shown_last() throws IOException {
    String third = new ObjectMapper().readTree(everything().get(2)).get("position").asText();
    assertThat(ask(0, "follow", "--after", third, "--until-end", "--json"))
        .isEqualTo(everything().subList(3, events.size()));
    assertThat(ask(0, "follow", "--until-end", "--json")).as("from now on").isEmpty();
    assertThat(ask(2, "follow", "--after", "yesterday", "--until-end")).isEmpty();
    assertThat(desk.told()).contains("a position such as");
  }

  @Test
  void every_type_of_entity_there_is_can_be_asked_for() {
    for (var type : Nouns.of(desk.settings())) {
      desk.ask(0, "list", type.name());
    }
    desk.ask(1, "show", "dispute/dsp_1");
    assertThat(desk.told()).contains("no event of dispute/dsp_1");
    desk.ask(2, "show", "unicorn/1");
    assertThat(desk.told()).contains("allowed: account, agent");
  }

  @Test
  void every_question_teaches_how_it_is_asked() {
    for (String question :
        List.of(
            "list", "show", "replay", "follow", "verify", "trial-balance", "ladder", "what-if")) {
      assertThat(desk.text(0, question, "--help"))
          .contains("Usage: tandem audit " + question, "--directory");
    }
  }

  @Test
  @Tag("rule:AUD-4")
  void a_charge_that_no_wallet_booked_is_told_by_the_exit_code(@TempDir Path other) {
    AuditorsDesk lone = AuditorsDesk.in(other);
    List<Envelope> made = lone.fill(40, 2);
    Envelope last =
        made.stream()
            .filter(e -> e.header().event().name().equals("wallet.captured"))
            .reduce((a, b) -> b)
            .orElseThrow();
    assertThat(
            lone.change(
                "delete from \"event_journal\" where \"persistence_id\" = '"
                    + last.persistenceId()
                    + "' and \"sequence_number\" >= "
                    + last.sequence()))
        .isPositive();
    List<String> unused = lone.ask(1, "what-if");
    assertThat(lone.told()).contains("THE WALLETS DO NOT HOLD WHAT THE CALLS COST");
  }
}
