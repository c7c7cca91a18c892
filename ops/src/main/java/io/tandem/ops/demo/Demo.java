package io.tandem.ops.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.Settings;
import io.tandem.ops.api.Api;
import io.tandem.ops.api.Market;
import io.tandem.ops.api.Market.Agent;
import io.tandem.ops.audit.OpenJournal;
import io.tandem.ops.ladder.CallStory;
import io.tandem.ops.ladder.Entry;
import io.tandem.ops.ladder.Ladder;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.money.Money;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The play: provision, call, look at it from every side, judge. */
final class Demo {
  private static final Money PRICE = Money.ofUnits(25, "USD");
  private static final Money OPENING = Money.ofUnits(100, "USD");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Node node;
  private final Settings settings;
  private final PrintWriter out;
  private final URI http;
  private final InetSocketAddress sip;

  Demo(Node node, Settings settings, PrintWriter out) {
    this.node = node;
    this.settings = settings;
    this.out = out;
    this.http = URI.create("http://127.0.0.1:" + node.http().orElseThrow().address().getPort());
    this.sip = node.edge().orElseThrow().sipAddress();
  }

  /** What came of it. */
  record Outcome(
      String callId,
      String agentAccount,
      Verdicts verdicts,
      List<String> ladder,
      long events,
      JsonNode trace) {
    boolean holds() {
      return verdicts.allHold();
    }

    String json() {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.put("holds", holds()).put("callId", callId).put("events", events);
      ArrayNode promises = json.putArray("promises");
      for (Verdicts.Verdict verdict : verdicts.all()) {
        promises
            .addObject()
            .put("promise", verdict.promise())
            .put("holds", verdict.holds())
            .put("found", verdict.found());
      }
      ArrayNode lines = json.putArray("ladder");
      ladder.forEach(lines::add);
      json.set("trace", trace);
      return json.toString();
    }
  }

  Outcome play(long timerMillis) throws IOException {
    out.println(
        "Ready after "
            + Node.sinceJvmStartMillis()
            + " ms: SIP "
            + sip.getAddress().getHostAddress()
            + ":"
            + sip.getPort()
            + ", HTTP "
            + http);
    Verdicts verdicts = new Verdicts();
    try (Api api = new Api(http, node.operatorToken())) {
      Market market = Market.open(api, "health", PRICE, timerMillis);
      String publisher = market.account("Demo campaigns");
      String agency = market.account("Demo agency");
      market.deposit(agency, OPENING);
      Agent agent = market.agent(agency, "Anna Agent", "anna", "demo-secret-of-anna", 1);
      String campaign = market.campaign(publisher, "Health NY", DemoCall.NUMBER);
      out.println(
          "Set up over HTTP: vertical health ("
              + PRICE
              + " after "
              + timerMillis / 1000
              + " s), agent anna (licensed NY, "
              + OPENING
              + "), campaign "
              + campaign
              + " behind a number.");
      awaitDirectory(agent);
      return call(market, agent, timerMillis, verdicts);
    }
  }

  private Outcome call(Market market, Agent agent, long timerMillis, Verdicts verdicts)
      throws IOException {
    String callId = "";
    try (DemoCall call = new DemoCall(out, market, agent, sip)) {
      Money before = call.available();
      try {
        callId = call.place(timerMillis, PRICE, verdicts);
      } catch (DemoCall.Stopped e) {
        verdicts.add("a call is placed, answered and ended", false, String.valueOf(e.getMessage()));
      }
      String id = callId;
      boolean ended =
          !id.isEmpty()
              && Patience.until(SOON, () -> market.call(id).path("state").asText().equals("ENDED"));
      Money after = call.available();
      verdicts.add("the call's record is complete", ended, ended ? "ended" : "not ended");
      verdicts.add(
          "the BYE changes nothing: the price was taken once",
          after.equals(before.minus(PRICE)),
          before + " before, " + after + " after");
      JsonNode trace =
          id.isEmpty() ? new ObjectMapper().createArrayNode() : market.call(id).path("trace");
      return audited(id, agent, call, trace, verdicts);
    }
  }

  private Outcome audited(
      String callId, Agent agent, DemoCall call, JsonNode trace, Verdicts verdicts) {
    try (OpenJournal journal = OpenJournal.of(settings)) {
      CallStory story = CallStory.read(journal.audit(), callId);
      List<Entry> entries = new ArrayList<>(call.overheard().messages());
      entries.addAll(story.notes());
      List<String> ladder = Ladder.lines(entries);
      verdicts.add(
          "the journal has exactly one charge of the call",
          story.charges() == 1,
          "captures in its wallets: " + story.charges());
      Verification verification = journal.audit().verify();
      verdicts.add(
          "every chain of hashes holds and every event can be replayed",
          verification.isSound(),
          verification.events()
              + " events of "
              + verification.entities()
              + " entities, "
              + verification.problemCount()
              + " problems");
      TrialBalance balance = journal.audit().trialBalance(null);
      verdicts.add(
          "the trial balance is zero",
          balance.isZero() && balance.events() > 0,
          balance.events() + " movements");
      Outcome outcome =
          new Outcome(callId, agent.accountId(), verdicts, ladder, story.steps().size(), trace);
      show(outcome, story, balance);
      return outcome;
    }
  }

  private void show(Outcome outcome, CallStory story, TrialBalance balance) {
    heading("The call " + outcome.callId());
    outcome.ladder().forEach(out::println);
    heading("Why this agent (routing trace)");
    outcome
        .trace()
        .forEach(
            line ->
                out.println(
                    "  "
                        + line.path("agentId").asText()
                        + "  "
                        + line.path("verdict").asText()
                        + "  "
                        + line.path("reason").asText()));
    heading("Replayed from the journal");
    story
        .steps()
        .forEach(
            step ->
                out.println(
                    String.format(
                        java.util.Locale.ROOT,
                        "  %-27s  %-6s #%-3d %-20s hash %s…",
                        step.envelope().header().at(),
                        step.envelope().entityType(),
                        step.envelope().header().sequence(),
                        step.envelope().header().event(),
                        step.envelope().hash().toString().substring(0, 12))));
    heading("Trial balance");
    balance
        .sums()
        .forEach(
            (currency, accounts) ->
                accounts.forEach(
                    (account, micros) ->
                        out.println(
                            String.format(
                                java.util.Locale.ROOT,
                                "  %-20s %16s",
                                account,
                                new Money(micros.longValueExact(), currency)))));
    heading("What was promised");
    for (Verdicts.Verdict verdict : outcome.verdicts().all()) {
      out.println(
          (verdict.holds() ? "  holds   " : "  BROKEN  ")
              + verdict.promise()
              + ": "
              + verdict.found());
    }
    out.flush();
  }

  private void heading(String words) {
    out.println();
    out.println(words);
  }

  /** The market is known to the edge a moment after HTTP has answered. */
  private void awaitDirectory(Agent agent) {
    var unused =
        Patience.until(
            SOON,
            () ->
                node.directory().number(DemoCall.NUMBER).isPresent()
                    && node.directory().agent(agent.agentId()).filter(a -> a.online()).isPresent()
                    && node.directory().endpoint(agent.phone()).isPresent()
                    && node.directory().balances(agent.accountId(), PRICE.currency()).isPresent());
  }

  String whatToTry(Outcome outcome) {
    String token =
        "TOKEN=$(cat " + settings.directory().toAbsolutePath().resolve("operator.token") + ")";
    String curl = "  curl -H \"Authorization: Bearer $TOKEN\" " + http;
    return String.join(
        "\n",
        "",
        "The node stays up until Ctrl-C. Try:",
        "  " + token,
        curl + "/v1/calls/" + outcome.callId(),
        curl + "/v1/accounts/" + outcome.agentAccount() + "/wallet/movements",
        "  curl " + http + "/openapi.json",
        "  ./tandem audit verify --directory " + settings.directory().toAbsolutePath(),
        "  ./tandem audit ladder "
            + outcome.callId()
            + " --directory "
            + settings.directory().toAbsolutePath(),
        "  any SIP phone: register at "
            + sip.getAddress().getHostAddress()
            + ":"
            + sip.getPort()
            + " as anna / demo-secret-of-anna, then call sip:"
            + DemoCall.NUMBER
            + "@"
            + sip.getAddress().getHostAddress()
            + ":"
            + sip.getPort());
  }
}
