package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.NodeSecrets;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.OfferOutcome;
import io.tandem.persistence.agent.OfferOutcome.Kind;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that runs on a month whose older half is in an archive, asked over HTTP. */
class RunningNodeTest {
  private static final String TOKEN = "operator-token-of-the-tests";
  private static final Money PRICE = Money.ofUnits(25, "USD");

  @TempDir private Path directory;
  @TempDir private Path files;

  @Test
  @Tag("rule:AUD-7")
  @Tag("rule:COOL-1")
  void a_call_in_an_archive_is_told_and_the_ratio_of_short_calls_is_as_counted_by_hand()
      throws Exception {
    AuditorsDesk desk =
        AuditorsDesk.in(
            directory,
            Map.of(
                "tandem.archive.directory",
                files.toString(),
                "tandem.sip.port",
                0,
                "tandem.rtp.ports",
                "30200-30299",
                "tandem.http.port",
                0,
                "tandem.http.operator-token",
                TOKEN));
    List<Envelope> events = desk.fill(40, 2);
    desk.sign();
    desk.ask(0, "rebuild");
    assertThat(desk.change("delete from due_index")).isPositive();
    String middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(15)).toString();
    desk.ask(0, "archive", "--before", middle, "--to", files.toString());
    String call =
        events.stream()
            .filter(e -> e.header().event().name().equals("call.ended"))
            .map(Envelope::entityId)
            .findFirst()
            .orElseThrow();
    List<String> types =
        events.stream()
            .filter(e -> e.entityId().equals(call))
            .map(e -> e.header().event().name())
            .toList();
    String elsewhere = directory.toString();
    desk.ask(1, "show", "call/" + call, "--archive", elsewhere); // the journal has it no more
    desk.ask(0, "show", "call/" + call); // and where its node's archives are is configured

    try (Node node = Node.start(desk.settings(), NodeParts.REAL)) {
      JsonNode told = get(node, "/v1/calls/" + call);
      assertThat(told.path("id").asText()).isEqualTo(call);
      assertThat(told.path("state").asText()).isEqualTo("ENDED");
      assertThat(told.path("events").findValuesAsText("type")).isEqualTo(types);
      assertThat(told.path("endedAt").asText()).isLessThan(middle);
      assertThat(get(node, "/v1/calls?limit=200").path("items").findValuesAsText("id"))
          .contains(call);
      theRatioIsAsCounted(node);
    }
  }

  @Test
  @Tag("rule:PRV-2")
  void a_callers_calls_are_found_by_the_number_until_the_caller_is_erased() {
    AuditorsDesk desk = AuditorsDesk.in(directory);
    assertThat(desk.fill(4, 1)).isNotEmpty();
    desk.ask(0, "rebuild");
    String number = "+12125550147";
    String blind = NodeSecrets.of(desk.settings()).blinder().person(number);
    List<String> all = desk.ask(0, "list", "call", "--json");
    String id = all.getLast().replaceFirst(".*call/(call_[0-9A-Z]+).*", "$1");
    assertThat(
            desk.change(
                "update call_index set caller_blind = '%s' where call_id = '%s'"
                    .formatted(blind, id)))
        .isEqualTo(1);

    assertThat(desk.ask(0, "list", "call", "--caller", number, "--json"))
        .containsExactly(all.getLast());
    assertThat(desk.ask(0, "list", "call", "--caller", "12125550147", "--json")).hasSize(1);
    assertThat(desk.ask(0, "list", "call", "--caller", "+12125550148", "--json")).isEmpty();
    desk.ask(2, "list", "wallet", "--caller", number);
    assertThat(desk.privacy("erase", "--phone", number, "--by", "me", "--reason", "case 1"))
        .isZero();
    assertThat(desk.ask(0, "list", "call", "--caller", number, "--json")).isEmpty();
    assertThat(desk.ask(0, "list", "call", "--json")).isEqualTo(all);
  }

  /**
   * Ten offers, eight of them connected: two the agent ended early, and neither what the platform
   * ended nor what the caller ended is held against it. 2 of 8 is a quarter; a third one makes 3 of
   * 9, more than 30 of 100, and a new sheet.
   */
  private static void theRatioIsAsCounted(Node node) throws Exception {
    ask(
        node,
        new AgentCommand.Create(
            "acct_ann",
            Personal.of("person:ann", DataClass.CONTACT, "Ann"),
            "ann",
            new AgentTerms(
                List.of(new AgentTerms.Bid("health", PRICE, 1, 1)),
                1,
                null,
                null,
                WeeklySchedule.always(ZoneId.of("America/New_York")))));
    ask(
        node,
        new AgentCommand.FileLicence(new Licence("NY", "health", "L-1", LocalDate.of(2099, 1, 1))));
    ask(node, new AgentCommand.GoOnline());
    OfferOutcome good = new OfferOutcome(Kind.ENDED_BY_CALLER, 200_000, true, PRICE);
    OfferOutcome early = new OfferOutcome(Kind.ENDED_BY_AGENT, 10_000, false, null);
    OfferOutcome callers = new OfferOutcome(Kind.ENDED_BY_CALLER, 5_000, false, null);
    OfferOutcome platforms = new OfferOutcome(Kind.ENDED_BY_PLATFORM, 5_000, false, null);
    OfferOutcome missed = OfferOutcome.notConnected(Kind.NO_ANSWER);
    OfferOutcome declined = OfferOutcome.notConnected(Kind.DECLINED);
    for (OfferOutcome each :
        List.of(good, early, good, good, platforms, missed, callers, early, good, declined)) {
      call(node, each);
    }
    JsonNode agent = get(node, "/v1/agents/agent_ann");
    assertThat(agent.at("/shortCalls/shortCalls").asInt()).isEqualTo(2);
    assertThat(agent.at("/shortCalls/connectedCalls").asInt()).isEqualTo(8);
    assertThat(agent.path("cooldown").isNull()).isTrue();

    call(node, early);
    JsonNode cooling = get(node, "/v1/agents/agent_ann");
    assertThat(cooling.at("/cooldown/signal").asText()).isEqualTo("SHORT_CALLS");
    assertThat(cooling.at("/shortCalls/connectedCalls").asInt()).as("a new sheet").isZero();
  }

  private static void call(Node node, OfferOutcome outcome) {
    String call = TimedId.next("call");
    ask(node, new AgentCommand.Reserve(call, "o1", "health", "NY", PRICE));
    ask(node, new AgentCommand.EndOffer(call, "o1", outcome));
  }

  private static void ask(Node node, AgentCommand command) {
    Object answer =
        node.gateway()
            .attest(
                new EntityKey("agent", "agent_ann"),
                command,
                new Origin(TimedId.next("cmd"), "test", "operator"))
            .toCompletableFuture()
            .join();
    assertThat(answer.toString()).doesNotContain("NotAvailable", "Invalid", "Unknown");
  }

  private static JsonNode get(Node node, String path) throws Exception {
    InetSocketAddress at = node.http().orElseThrow().address();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(
                      URI.create("http://" + at.getHostString() + ":" + at.getPort() + path))
                  .header("Authorization", "Bearer " + TOKEN)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return new ObjectMapper().readTree(answer.body());
    }
  }
}
