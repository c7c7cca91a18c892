package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.http.ApiClient;
import io.tandem.persistence.readmodel.SipBan;
import io.tandem.persistence.readmodel.SipBans;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of a real node is asked, and every answer held against the node's own document.
 */
class OpenApiTest {
  @TempDir Path directory;

  private VirtualEdge edge;
  private HttpMarket market;
  private ApiClient operator;

  private final Receiver receiver = new Receiver();

  @BeforeEach
  void start() {
    edge = new VirtualEdge();
    market = HttpMarket.start(directory, NodeParts.REAL.withEdgeClock(edge::on));
    operator = market.operator();
  }

  @AfterEach
  void stop() {
    receiver.close();
    market.close();
  }

  @Test
  void the_document_has_what_the_node_serves_and_nothing_else() {
    Map<String, String> served =
        market.node().http().orElseThrow().operations().stream()
            .collect(
                Collectors.toMap(
                    o -> o.id(),
                    o -> o.method() + " " + o.path() + " " + o.access() + " " + o.body()));
    Map<String, String> described =
        operator.document().operations().entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e ->
                        e.getValue().method()
                            + " "
                            + e.getValue().path()
                            + " "
                            + e.getValue().access()
                            + " "
                            + e.getValue().node().has("requestBody")));
    assertThat(served).isEqualTo(described);
  }

  @Test
  @Tag("rule:ACC-6")
  @Tag("rule:PRV-2")
  @Tag("rule:ACC-7")
  @Tag("rule:WAL-12")
  @Tag("rule:MKT-5")
  @Tag("rule:PRV-3")
  void every_operation_answers_as_it_is_documented() throws Exception {
    HttpMarket.Tenant publisher = market.tenant("Publisher");
    HttpMarket.Tenant buyer = market.tenant("Buyer");
    market.vertical();
    String campaign = market.campaign(publisher);
    publisher
        .client()
        .call(
            "changeCampaignTerms",
            Map.of("campaignId", campaign),
            HttpMarket.campaignTerms("{\"recording\":\"AFTER_NOTICE\",\"notice\":\"Recorded.\"}"))
        .ok();
    String agent = market.agent(buyer, "anna");
    String hook = webhook(buyer);
    market.deposit(buyer, "100.00");
    market.awaitCallable(agent, buyer);
    Market.await("the notice is known", () -> market.records(campaign));
    HttpMarket.Tenant poor = market.tenant("Poor");
    String outOfMoney = market.agent(poor, "carl");
    Market.await("the other agent is known", () -> market.online(outOfMoney));

    String callId = billedCall(buyer);
    aCallIsReadByThoseItConcerns(callId, publisher, buyer, campaign, agent);
    whoWasNotChosenReadsWhyAndNoMore(callId, poor, outOfMoney);
    theWalletTellsEveryMovement(buyer, callId);
    AccountsOwn own = new AccountsOwn(market);
    own.theDaysCallsAreReported(publisher, buyer, campaign, agent);
    own.aChargeIsDisputed(callId, buyer);
    String link = own.anAccountTakesItsData(callId, buyer);
    theWebhookIsTold(buyer, hook);
    own.everyoneSeesWhatBefellItsOwnDoors(publisher, buyer);
    whatElseIsReadAndChanged(publisher, buyer, campaign, agent);
    aBanIsSeenAndLifted();
    theSignallingOfACallIsRead();
    aTrunkIsMadeReadAndSwitched();

    aPersonIsErased(callId, buyer);
    assertThat(operator.as(null).send("GET", link, null, null, "application/json").status())
        .as("what holds a person's number goes with the person")
        .isEqualTo(404);

    assertThat(operator.document().succeeded())
        .isEqualTo(operator.document().operations().keySet());
  }

  private void aPersonIsErased(String callId, HttpMarket.Tenant buyer) {
    Map<String, String> one = Map.of("callId", callId);
    JsonNode erased =
        operator
            .call(
                "erasePerson",
                Map.of(),
                "{\"phone\":\"+%s\",\"reason\":\"request 2026-117\"}"
                    .formatted(Market.CALLER.replaceFirst("^\\+", "")))
            .ok();
    assertThat(erased.path("outcomes").findValuesAsText("verdict")).containsOnly("ERASED");
    assertThat(erased.path("outcomes").findValuesAsText("keys")).anyMatch(n -> !n.equals("0"));
    JsonNode listed = operator.call("listErasures").ok();
    assertThat(listed.at("/items/0/by").asText()).isEqualTo("operator");
    assertThat(listed.toString()).doesNotContain(Market.CALLER.substring(2));
    Market.await(
        "the erasure is in the journal",
        () ->
            operator
                .call("listSecurityEvents", Map.of("type", "security.person-erased"))
                .ok()
                .toString()
                .contains(listed.at("/items/0/subject").asText()));
    assertThat(found(operator, Market.CALLER)).as("who was erased is not found").isEmpty();
    assertThat(operator.call("listCalls").ok().toString()).contains(callId);
    assertThat(operator.call("readCall", one).ok().path("caller").asText())
        .doesNotContain(Market.CALLER.substring(Market.CALLER.length() - 4));
  }

  private String webhook(HttpMarket.Tenant buyer) {
    JsonNode hook =
        buyer
            .client()
            .call(
                "createWebhook",
                Map.of(),
                "{\"url\":\"%s\",\"events\":[\"wallet.*\"]}".formatted(receiver.url()))
            .ok();
    assertThat(hook.path("secret").asText()).startsWith("whsec_");
    return hook.path("id").asText();
  }

  private void theWebhookIsTold(HttpMarket.Tenant buyer, String hook) {
    ApiClient client = buyer.client();
    Map<String, String> one = Map.of("webhookId", hook);
    Market.await("the webhook was told of every movement", () -> receiver.told().size() >= 3);
    assertThat(receiver.told().subList(0, 3))
        .extracting(told -> told.body().path("type").asText())
        .containsExactly("wallet.deposited", "wallet.held", "wallet.captured");
    Market.await(
        "the log says so",
        () ->
            client
                .call("listDeliveries", one)
                .ok()
                .at("/items/2/state")
                .asText()
                .equals("DELIVERED"));
    String first = client.call("listDeliveries", one).ok().at("/items/0/eventId").asText();
    int before = receiver.told().size();
    client.call("replayDeliveries", one, "{\"eventId\":\"%s\"}".formatted(first)).ok();
    Market.await("it is told again", () -> receiver.told().size() > before);
    assertThat(receiver.told().getLast().body().path("id").asText()).isEqualTo(first);
    assertThat(client.call("listWebhooks").ok().path("items")).hasSize(1);
    assertThat(client.call("changeWebhookSecret", one).ok().path("secret").asText()).isNotEmpty();
    client
        .call(
            "changeWebhook",
            one,
            "{\"url\":\"%s\",\"events\":[\"call.*\"],\"state\":\"DISABLED\"}"
                .formatted(receiver.url()))
        .ok();
    assertThat(client.call("readWebhook", one).ok().path("state").asText()).isEqualTo("DISABLED");
    assertThat(client.call("readWebhook", one).ok().has("secret")).isFalse();
  }

  private String billedCall(HttpMarket.Tenant buyer) throws Exception {
    try (Telephones phones = new Telephones(market.node().edge().orElseThrow().sipAddress())) {
      phones.phone("anna");
      UaCall call = phones.call();
      assertThat(call.answered().get(10, TimeUnit.SECONDS)).isTrue();
      String callId = phones.rung().getFirst().invite().header("X-Tandem-Call");
      Market.await(
          "the bridge is stored",
          () ->
              operator
                  .call("readCall", Map.of("callId", callId))
                  .body()
                  .path("state")
                  .asText()
                  .equals("CONNECTED"));
      theRecordingIsPausedAndHeard(callId, buyer);
      edge.advance(90_000);
      Market.await(
          "the charge is booked", () -> wallet(buyer).at("/held/amount").asText().equals("0.00"));
      call.hangUp();
      call.ended().get(10, TimeUnit.SECONDS);
      Market.await(
          "the end is stored",
          () ->
              operator
                  .call("readCall", Map.of("callId", callId))
                  .body()
                  .path("state")
                  .asText()
                  .equals("ENDED"));
      return callId;
    }
  }

  private void theRecordingIsPausedAndHeard(String callId, HttpMarket.Tenant agents) {
    Map<String, String> one = Map.of("callId", callId);
    Market.await(
        "it is recorded", () -> recording(callId).path("state").asText().equals("RUNNING"));
    assertThat(agents.client().call("pauseRecording", one).ok().path("state").asText())
        .isEqualTo("PAUSED");
    assertThat(agents.client().call("resumeRecording", one).ok().path("state").asText())
        .isEqualTo("RUNNING");
    assertThat(agents.client().call("readRecording", one).ok().asText()).startsWith("RIFF");
  }

  private JsonNode recording(String callId) {
    return operator.call("readCall", Map.of("callId", callId)).ok().path("recording");
  }

  private static JsonNode wallet(HttpMarket.Tenant tenant) {
    return tenant.client().call("readWallet", Map.of("accountId", tenant.accountId())).ok();
  }

  private void aCallIsReadByThoseItConcerns(
      String callId,
      HttpMarket.Tenant publisher,
      HttpMarket.Tenant buyer,
      String campaign,
      String agent) {
    Market.await(
        "the recording is whole", () -> recording(callId).path("state").asText().equals("DONE"));
    JsonNode whole = publisher.client().call("readCall", Map.of("callId", callId)).ok();
    assertThat(whole.at("/charge/amount").asText()).isEqualTo("25.00");
    assertThat(whole.at("/agentId").asText()).isEqualTo(agent);
    assertThat(whole.at("/caller").asText()).endsWith("0123").startsWith("***");
    assertThat(whole.at("/trace/0/verdict").asText()).isEqualTo("CHOSEN");
    assertThat(whole.at("/events").findValuesAsText("type"))
        .containsExactly(
            "call.offered",
            "call.connected",
            "call.recording-decided",
            "call.recording-paused",
            "call.recording-paused",
            "call.qualified",
            "call.ended",
            "call.recording-done");
    assertThat(whole.at("/recording/ground").asText()).isEqualTo("NOTICE_PLAYED");
    assertThat(whole.at("/recording/sha256").asText()).hasSize(64);
    assertThat(publisher.client().call("readRecording", Map.of("callId", callId)).status())
        .isEqualTo(200);
    assertThat(publisher.client().call("pauseRecording", Map.of("callId", callId)).problem())
        .isEqualTo("409 conflict");
    JsonNode own = buyer.client().call("readCall", Map.of("callId", callId)).ok();
    assertThat(own.at("/caller").asText()).contains(Market.CALLER);
    assertThat(own.at("/campaignId").isNull()).isTrue();

    Market.await(
        "the record is listed",
        () -> buyer.client().call("listCalls").ok().path("items").size() == 1);
    assertThat(
            publisher
                .client()
                .call("listCalls", Map.of("campaignId", campaign))
                .ok()
                .at("/items/0/id")
                .asText())
        .isEqualTo(callId);
    assertThat(buyer.client().call("listCalls", Map.of("campaignId", campaign)).ok().path("items"))
        .isEmpty();
    assertThat(
            operator.call("listCalls", Map.of("from", "2099-01-01T00:00:00Z")).ok().path("items"))
        .isEmpty();
    assertThat(found(buyer.client(), Market.CALLER)).containsExactly(callId);
    assertThat(found(operator, Market.CALLER)).containsExactly(callId);
    assertThat(found(operator, "12125550999")).isEmpty();
    assertThat(found(publisher.client(), Market.CALLER)).as("the agent's account has it").isEmpty();
    assertThat(operator.call("listCalls", Map.of("caller", "anna")).problem())
        .isEqualTo("400 invalid-field");
  }

  /** Calls of a number. */
  private static List<String> found(ApiClient client, String number) {
    return client
        .call("listCalls", Map.of("caller", number))
        .ok()
        .path("items")
        .findValuesAsText("id");
  }

  private static void whoWasNotChosenReadsWhyAndNoMore(
      String callId, HttpMarket.Tenant poor, String agent) {
    JsonNode call = poor.client().call("readCall", Map.of("callId", callId)).ok();
    assertThat(call.at("/trace").findValuesAsText("agentId")).containsExactly(agent);
    assertThat(call.at("/trace/0/verdict").asText()).isEqualTo("INSUFFICIENT_FUNDS");
    assertThat(call.at("/offers")).isEmpty();
    assertThat(call.at("/agentId").isNull()).isTrue();
    assertThat(call.at("/charge").isNull()).isTrue();
    assertThat(call.at("/caller").asText()).startsWith("***");
    assertThat(call.at("/recording").isNull()).isTrue();
    assertThat(poor.client().call("readRecording", Map.of("callId", callId)).problem())
        .isEqualTo("404 not-found");
    assertThat(poor.client().call("listCalls").ok().path("items")).isEmpty();
  }

  private void theWalletTellsEveryMovement(HttpMarket.Tenant buyer, String callId) {
    Map<String, String> of = Map.of("accountId", buyer.accountId());
    assertThat(wallet(buyer).at("/balance/amount").asText()).isEqualTo("75.00");
    JsonNode first =
        buyer
            .client()
            .call("listMovements", Map.of("accountId", buyer.accountId(), "limit", "2"))
            .ok();
    assertThat(first.at("/items").findValuesAsText("kind")).containsExactly("deposit", "hold");
    JsonNode rest =
        buyer
            .client()
            .call(
                "listMovements",
                Map.of("accountId", buyer.accountId(), "cursor", first.path("next").asText()))
            .ok();
    assertThat(rest.at("/items").findValuesAsText("kind")).containsExactly("capture");
    assertThat(rest.at("/items/0/cause/id").asText()).isEqualTo(callId);
    // and as of any instant: when the money had come in, when it was held, and before all that
    for (int i = 0; i < 2; i++) {
      String then = first.at("/items/" + i + "/at").asText();
      Map<String, String> asOf = Map.of("accountId", buyer.accountId(), "asOf", then);
      JsonNode wallet = buyer.client().call("readWallet", asOf).ok();
      assertThat(wallet.at("/balance/amount").asText()).isEqualTo("100.00");
      assertThat(wallet.path("liveHolds").asInt()).isEqualTo(i);
      assertThat(buyer.client().call("listMovements", asOf).ok().path("items")).hasSize(i + 1);
    }
    Map<String, String> longAgo =
        Map.of("accountId", buyer.accountId(), "asOf", "2020-01-01T00:00:00Z");
    assertThat(buyer.client().call("readWallet", longAgo).ok().at("/balance/amount").asText())
        .isEqualTo("0.00");
    assertThat(operator.call("listMovements", of).ok().path("next").isNull()).isTrue();
  }

  private void aTrunkIsMadeReadAndSwitched() {
    Map<String, String> one = Map.of("trunkId", "carrier-a");
    JsonNode made =
        operator
            .call(
                "defineTrunk",
                one,
                """
                {"targets": ["sip:192.0.2.1:5060"],
                 "login": {"username": "tandem", "password": "carrier-secret", "registerSeconds": 0},
                 "addresses": ["192.0.2.0/24"], "concurrentCalls": 10,
                 "numbers": {"style": "NATIONAL", "country": "1", "internationalPrefix": "011"},
                 "routes": [{"prefix": "1", "rank": 0}]}
                """)
            .ok();
    assertThat(made.toString()).doesNotContain("carrier-secret");
    assertThat(operator.call("readTrunk", one).ok()).isEqualTo(made);
    Market.await(
        "the trunk is listed",
        () -> operator.call("listTrunks").ok().path("items").findValuesAsText("id").size() == 1);
    JsonNode off =
        operator.call("switchTrunk", one, "{\"state\":\"OFF\",\"reason\":\"upgrade\"}").ok();
    assertThat(off.path("on").asBoolean()).isFalse();
  }

  private void theSignallingOfACallIsRead() {
    new SipTraces(market.node().stores().journal())
        .store(
            List.of(
                new SipTraces.Trace(
                    "call_1",
                    "n1",
                    Instant.now(),
                    "2026-11-22T12:00:00Z\t<\tcaller\tUDP 192.0.2.*:5060\tINVITE sip:***0100@h"
                        + " 1")));
    JsonNode items = operator.call("listMessages", Map.of("callId", "call_1")).ok().path("items");
    assertThat(items.findValuesAsText("direction")).containsExactly("received");
  }

  private void aBanIsSeenAndLifted() {
    Instant now = Instant.now();
    new SipBans(market.node().stores().journal())
        .add(
            List.of(
                new SipBan(
                    "ban_1",
                    "address 192.0.2.1",
                    "WRONG_PASSWORD",
                    "n1",
                    now,
                    now.plusSeconds(600),
                    null)));
    JsonNode seen = operator.call("listBans").ok().path("items");
    assertThat(seen.findValuesAsText("subject")).containsExactly("192.0.2.1");
    JsonNode lifted = operator.call("liftBan", Map.of("banId", "ban_1")).ok();
    assertThat(lifted.path("liftedAt").isNull()).isFalse();
  }

  private void whatElseIsReadAndChanged(
      HttpMarket.Tenant publisher, HttpMarket.Tenant buyer, String campaign, String agent) {
    for (String each :
        new String[] {"healthLive", "healthReady", "metrics", "openApi", "listAccounts"}) {
      operator.call(each).ok();
    }
    ApiClient client = buyer.client();
    Map<String, String> account = Map.of("accountId", buyer.accountId());
    assertThat(client.call("readAccount", account).ok().path("name").asText()).isEqualTo("Buyer");
    assertThat(client.call("listTokens", account).ok().path("items")).hasSize(1);
    client.call("listVerticals").ok();
    client.call("readVertical", Map.of("verticalId", "health")).ok();
    operator
        .call(
            "changeVerticalTerms",
            Map.of("verticalId", "health"),
            "{\"price\":%s,\"timerMillis\":60000}".formatted(HttpMarket.usd("30.00")))
        .ok();
    Map<String, String> one = Map.of("agentId", agent);
    assertThat(client.call("readAgent", one).ok().path("state").asText()).isEqualTo("READY");
    client.call("listAgents").ok();
    assertThat(client.call("listCooldowns", one).ok().path("items")).isEmpty();
    client.call("changeAgentTerms", one, HttpMarket.agentTerms()).ok();
    client
        .call(
            "withdrawLicence",
            one,
            "{\"state\":\"NY\",\"verticalId\":\"health\",\"reason\":\"lapsed\"}")
        .ok();
    assertThat(
            client.call("goOffline", one, "{\"reason\":\"lunch\"}").ok().path("online").asBoolean())
        .isFalse();
    client.call("listEndpoints").ok();
    client.call("readEndpoint", Map.of("username", "anna")).ok();
    assertThat(
            client
                .call("changePassword", Map.of("username", "anna"), "{}")
                .ok()
                .path("password")
                .asText())
        .hasSize(24);
    ApiClient owner = publisher.client();
    owner.call("listCampaigns").ok();
    owner.call("readCampaign", Map.of("campaignId", campaign)).ok();
    owner
        .call("changeCampaignTerms", Map.of("campaignId", campaign), HttpMarket.campaignTerms())
        .ok();
    Map<String, String> number = Map.of("number", Market.NUMBER);
    owner.call("listNumbers").ok();
    owner.call("readNumber", number).ok();
    owner.call("unassignNumber", number, "{\"reason\":\"over\"}").ok();
    operator
        .call(
            "revokeToken",
            Map.of("accountId", buyer.accountId(), "tokenId", buyer.tokenId()),
            "{\"reason\":\"lost\"}")
        .ok();
  }
}
