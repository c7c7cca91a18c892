package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.ReadModels;
import io.tandem.node.http.ApiClient;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.ShortCallRatio;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.protocol.sip.ua.UaCall;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Charges of real calls asked back over HTTP. */
class DisputesOverHttpTest {
  @TempDir Path directory;

  private final LeapingClock clock = new LeapingClock();
  private final Receiver receiver = new Receiver();
  private VirtualEdge edge;
  private HttpMarket market;
  private ApiClient operator;
  private HttpMarket.Tenant publisher;
  private HttpMarket.Tenant buyer;
  private String agent;
  private String campaign;
  private Telephones phones;

  @BeforeEach
  void start() {
    edge = new VirtualEdge();
    market =
        HttpMarket.start(
            directory,
            NodeParts.REAL.withEdgeClock(edge::on).withHostClock(clock, (system, wall) -> clock));
    operator = market.operator();
    publisher = market.tenant("Publisher");
    buyer = market.tenant("Buyer");
    market.vertical();
    campaign = market.campaign(publisher);
    agent = market.agent(buyer, "anna");
    market.deposit(buyer, "100.00");
    market.awaitCallable(agent, buyer);
    phones = new Telephones(market.node().edge().orElseThrow().sipAddress());
    phones.phone("anna");
  }

  @AfterEach
  void stop() {
    phones.close();
    receiver.close();
    market.close();
    clock.close();
  }

  @Test
  @Tag("rule:DSP-1")
  @Tag("rule:DSP-2")
  @Tag("rule:DSP-3")
  @Tag("rule:DSP-4")
  @Tag("rule:DSP-5")
  @Tag("rule:DSP-6")
  @Tag("rule:WAL-5")
  @Tag("rule:WAL-12")
  @Tag("rule:AUD-1")
  @Tag("rule:ACC-5")
  @Tag("rule:ACC-7")
  @Tag("rule:COOL-7")
  @Tag("rule:PRV-2")
  void a_charge_is_given_back_once_and_on_record_with_who_and_why() throws Exception {
    told();
    String callId = billedCall(1);
    Instant calledAt =
        Instant.parse(operator.call("readCall", call(callId)).ok().path("offeredAt").asText());

    refusedUnlessWhoPaidFilesForAReasonThatCanWin(callId);
    JsonNode filed = file(buyer, callId, "TECHNICAL_FAILURE").ok();
    assertThat(filed.path("state").asText()).isEqualTo("FILED");
    assertThat(Instant.parse(filed.path("deadline").asText()))
        .isAfter(calledAt.plus(Duration.ofDays(5)));
    assertThat(filed.path("charge").path("amount").asText()).isEqualTo("25.00");

    // one a call
    String id = filed.path("id").asText();
    Map<String, String> one = Map.of("disputeId", id);
    assertThat(file(buyer, callId, "TECHNICAL_FAILURE").ok()).isEqualTo(filed);
    assertThat(file(buyer, callId, "FRAUD").status()).isEqualTo(409);
    JsonNode whole = buyer.client().call("readDispute", one).ok();
    assertThat(whole.path("statement").asText()).isEqualTo("No word for half a minute, Sue said");
    assertThat(whole.at("/evidence/recordings/0/offsetMillis").asInt()).isEqualTo(30_000);
    assertThat(whole.at("/evidence/logLines/0").asText()).isEqualTo("12:00 no audio");
    assertThat(publisher.client().call("readDispute", one).status()).isEqualTo(404);

    theEvidenceIsPutTogether(callId, one);
    itIsLookedAtThenDecidedForGood(one);
    theMoneyIsBackOnce(one);
    theCallNoLongerCounts(callId, id);
    whoAndWhy(one);
    theWebhookWasTold(id);
    theWordsGoWithTheCaller(one);
  }

  @Test
  @Tag("rule:DSP-1")
  @Tag("rule:DSP-4")
  @Tag("rule:DSP-6")
  @Tag("rule:DSP-7")
  void a_part_is_given_back_nothing_is_and_a_filing_that_comes_late_learns_the_deadline()
      throws Exception {
    String part = billedCall(1);
    String rejected = billedCall(2);
    String late = billedCall(3);
    Map<String, String> first = underReview(part);
    Map<String, String> second = underReview(rejected);

    assertThat(decide(first, "PARTLY_APPROVED", "FRAUD", "25.01").status()).isEqualTo(400);
    assertThat(decide(first, "PARTLY_APPROVED", "FRAUD", "10.25").ok().path("state").asText())
        .isEqualTo("PARTLY_APPROVED");
    assertThat(decide(second, "REJECTED", "CONTRADICTED").ok().at("/credit/amount").asText())
        .isEqualTo("0.00");
    awaitBalance("35.25"); // 100.00 - 3 * 25.00 + 10.25

    theyAreListedToWhoTheyConcern();
    theRatesOfApprovalAreReported();

    clock.leap(Duration.ofDays(20));
    var tooLate = file(buyer, late, "FRAUD");
    assertThat(tooLate.status()).isEqualTo(409);
    assertThat(tooLate.body().path("type").asText()).endsWith("/too-late");
    Instant deadline =
        Instant.parse(tooLate.body().path("allowed").asText().replaceFirst("filed before ", ""));
    assertThat(deadline)
        .isBefore(clock.instant())
        .isAfter(clock.instant().minusSeconds(86_400 * 16));
    assertThat(file(buyer, part, "FRAUD").ok().path("state").asText())
        .as("what was filed in time is met")
        .isEqualTo("PARTLY_APPROVED");
  }

  // ----

  private void refusedUnlessWhoPaidFilesForAReasonThatCanWin(String callId) {
    assertThat(file(market.tenant("Stranger"), callId, "FRAUD").status()).isEqualTo(404);
    assertThat(file(publisher, callId, "FRAUD").status()).isEqualTo(400);
    assertThat(file(buyer, callId.replaceFirst("..$", "00"), "FRAUD").status()).isEqualTo(404);
    var cannotWin = file(buyer, callId, "NO_SALE");
    assertThat(cannotWin.status()).isEqualTo(400);
    assertThat(cannotWin.body().path("detail").asText()).contains("cannot win", "ends in a sale");
    assertThat(cannotWin.body().path("allowed").asText()).contains("TECHNICAL_FAILURE");
  }

  private void itIsLookedAtThenDecidedForGood(Map<String, String> one) {
    assertThat(decide(one, "APPROVED", "TECHNICAL_FAILURE").status()).isEqualTo(409);
    assertThat(buyer.client().call("reviewDispute", one, "{}").status()).isEqualTo(403);
    assertThat(operator.call("reviewDispute", one, "{}").ok().path("state").asText())
        .isEqualTo("UNDER_REVIEW");
    assertThat(decide(one, "APPROVED", "NOT_PROVEN").status()).isEqualTo(400);
    JsonNode decided = decide(one, "APPROVED", "TECHNICAL_FAILURE").ok();
    assertThat(decided.path("state").asText()).isEqualTo("APPROVED");
    assertThat(decided.at("/credit/amount").asText()).isEqualTo("25.00");
    decide(one, "APPROVED", "TECHNICAL_FAILURE").ok();
    assertThat(decide(one, "REJECTED", "NOT_PROVEN").status()).isEqualTo(409);
  }

  private void theyAreListedToWhoTheyConcern() {
    Market.await(
        "both decisions are listed",
        () ->
            operator
                .call("listDisputes")
                .ok()
                .path("items")
                .findValuesAsText("state")
                .equals(List.of("REJECTED", "PARTLY_APPROVED")));
    JsonNode all = buyer.client().call("listDisputes").ok();
    assertThat(all.path("items").findValuesAsText("state"))
        .containsExactly("REJECTED", "PARTLY_APPROVED"); // the latest filed first
    assertThat(all.at("/items/0/campaignId").isNull()).isTrue();
    JsonNode first = buyer.client().call("listDisputes", Map.of("limit", "1")).ok();
    JsonNode second =
        buyer
            .client()
            .call("listDisputes", Map.of("limit", "1", "cursor", first.path("next").asText()))
            .ok();
    assertThat(List.of(first.at("/items/0"), second.at("/items/0")))
        .containsExactly(all.at("/items/0"), all.at("/items/1"));
    assertThat(second.path("next").isNull()).isTrue();
    String later = clock.instant().plusSeconds(60).toString();
    for (Map<String, String> none :
        List.of(
            Map.of("state", "FILED"),
            Map.of("agentId", "nobody"),
            Map.of("from", later),
            Map.of("accountId", publisher.accountId()),
            Map.of("campaignId", campaign))) {
      assertThat(buyer.client().call("listDisputes", none).ok().path("items"))
          .as("%s", none)
          .isEmpty();
    }
    Map<String, String> both = Map.of("agentId", agent, "campaignId", campaign, "to", later);
    assertThat(operator.call("listDisputes", both).ok().path("items")).hasSize(2);
    assertThat(publisher.client().call("listDisputes").ok().path("items")).isEmpty();
    assertThat(operator.call("listDisputes", Map.of("state", "LOST")).status()).isEqualTo(400);
  }

  private void theRatesOfApprovalAreReported() {
    for (Map<String, String> by :
        List.of(Map.of("by", "agent"), Map.of("by", "reason"), Map.of("by", "publisher"))) {
      JsonNode items = operator.call("reportDisputes", by).ok().path("items");
      assertThat(items).as("%s", by).hasSize(1);
      assertThat(items.at("/0/filed").asInt()).isEqualTo(2);
      assertThat(items.at("/0/decided").asInt()).isEqualTo(2);
      assertThat(items.at("/0/approved").asInt()).isEqualTo(1);
      assertThat(items.at("/0/approvedPercent").asInt()).isEqualTo(50);
    }
    JsonNode flagged =
        operator.call("reportDisputes", Map.of("by", "publisher")).ok().at("/items/0");
    assertThat(flagged.path("key").asText()).isEqualTo(publisher.accountId());
    assertThat(flagged.path("weekCharged").asInt()).isEqualTo(3);
    assertThat(flagged.path("weekApproved").asInt()).isEqualTo(1);
    assertThat(flagged.path("flagged").asBoolean()).isTrue(); // 1 of 3 is over 15 of 100
    Map<String, String> none = Map.of("from", clock.instant().toString());
    assertThat(operator.call("reportDisputes", none).ok().path("items")).isEmpty();
    assertThat(buyer.client().call("reportDisputes").status()).isEqualTo(403);
  }

  private void theEvidenceIsPutTogether(String callId, Map<String, String> one) {
    assertThat(publisher.client().call("readEvidence", one).status()).isEqualTo(404);
    JsonNode pack = buyer.client().call("readEvidence", one).ok();
    assertThat(pack.at("/call/id").asText()).isEqualTo(callId);
    assertThat(pack.at("/call/trace/0/verdict").asText()).isEqualTo("CHOSEN");
    assertThat(pack.at("/call/callerState/source").asText()).isEqualTo("NUMBER_AREA");
    assertThat(pack.at("/call/media/oneWayMillis").isNumber()).isTrue();
    assertThat(pack.at("/licence/state").asText()).isEqualTo("NY");
    assertThat(pack.at("/licence/number").asText()).isEqualTo("L-1");
    assertThat(pack.at("/licence/held").asBoolean()).isTrue();
    assertThat(pack.path("messages").isNull()).isTrue();
    assertThat(operator.call("readEvidence", one).ok().path("messages").asText())
        .isEqualTo("/v1/calls/" + callId + "/messages");
    assertThat(pack.path("suggestions").findValuesAsText("ground"))
        .doesNotContain("UNLICENSED_STATE");
  }

  private void theMoneyIsBackOnce(Map<String, String> one) {
    awaitBalance("100.00");
    Market.await(
        "the dispute knows",
        () -> !operator.call("readDispute", one).ok().path("creditedAt").isNull());
    Map<String, String> of = Map.of("accountId", buyer.accountId());
    JsonNode moved = buyer.client().call("listMovements", of).ok().path("items");
    assertThat(moved.findValuesAsText("kind"))
        .containsExactly("deposit", "hold", "capture", "credit");
    assertThat(moved.at("/3/cause/type").asText()).isEqualTo("dispute");
    assertThat(moved.at("/3/cause/id").asText()).isEqualTo(one.get("disputeId"));
    assertThat(moved.at("/3/postings").findValuesAsText("account"))
        .containsExactly("DISPUTE_CREDITS", "CUSTOMER_FUNDS");
    var balance = audit().trialBalance(null);
    assertThat(balance.isZero()).isTrue();
    assertThat(balance.unbalanced()).isEmpty();
    assertThat(balance.sums().get("USD").get(LedgerAccount.DISPUTE_CREDITS))
        .isEqualTo(BigInteger.valueOf(-25_000_000));
    assertThat(audit().verify().isSound()).isTrue();
  }

  private void theCallNoLongerCounts(String callId, String disputeId) {
    Market.await("the agent is told", () -> !excused().isEmpty());
    assertThat(excused())
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.callId()).isEqualTo(callId);
              assertThat(event.disputeId()).isEqualTo(disputeId);
              assertThat(event.ratio()).isEqualTo(new ShortCallRatio(0, 0));
            });
  }

  private List<AgentEvent.CallExcused> excused() {
    var events = new java.util.ArrayList<AgentEvent.CallExcused>();
    audit()
        .replay(
            "agent",
            agent,
            step -> {
              if (step.event() instanceof AgentEvent.CallExcused excused) {
                events.add(excused);
              }
            });
    return events;
  }

  private void whoAndWhy(Map<String, String> one) {
    Market.await(
        "all is on record",
        () -> buyer.client().call("readDispute", one).ok().path("events").size() == 5);
    JsonNode events = buyer.client().call("readDispute", one).ok().path("events");
    assertThat(events.findValuesAsText("type").subList(0, 3))
        .containsExactly("dispute.filed", "dispute.under-review", "dispute.decided");
    assertThat(events.at("/0/by").asText()).contains(buyer.accountId());
    assertThat(events.at("/2/by").asText()).isEqualTo("operator");
    assertThat(events.at("/2/note").asText()).isEqualTo("Sue is right");
    assertThat(events.findValuesAsText("type"))
        .contains("dispute.credited", "dispute.call-excused");
  }

  private void told() {
    buyer
        .client()
        .call(
            "createWebhook",
            Map.of(),
            "{\"url\":\"%s\",\"events\":[\"dispute.*\"]}".formatted(receiver.url()))
        .ok();
  }

  private void theWebhookWasTold(String id) {
    Market.await("the webhook was told", () -> receiver.told().size() >= 5);
    assertThat(receiver.told().subList(0, 3))
        .extracting(told -> told.body().path("type").asText())
        .containsExactly("dispute.filed", "dispute.under-review", "dispute.decided");
    assertThat(receiver.told())
        .extracting(told -> told.body().path("sequence").asInt())
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(receiver.told()).allMatch(t -> t.body().path("object").asText().endsWith(id));
    assertThat(receiver.told().get(2).body().at("/data/ground").asText())
        .isEqualTo("TECHNICAL_FAILURE");
    assertThat(receiver.told().toString()).doesNotContain("Sue");
  }

  private void theWordsGoWithTheCaller(Map<String, String> one) {
    operator
        .call(
            "erasePerson",
            Map.of(),
            "{\"phone\":\"+%s\",\"reason\":\"asked\"}"
                .formatted(Market.CALLER.replaceFirst("^\\+", "")))
        .ok();
    JsonNode whole = buyer.client().call("readDispute", one).ok();
    assertThat(whole.path("statement").isNull()).isTrue();
    assertThat(whole.at("/evidence/logLines/0").isNull()).isTrue();
    assertThat(whole.toString()).doesNotContain("Sue");
    assertThat(whole.path("state").asText()).isEqualTo("APPROVED");
    assertThat(audit().verify().isSound()).isTrue();
    assertThat(audit().trialBalance(null).isZero()).isTrue();
  }

  private Audit audit() {
    return new Audit(
        market.node().stores().journal(), market.node().codecs().sealed(), ReadModels.kinds());
  }

  private Map<String, String> underReview(String callId) {
    String id = file(buyer, callId, "FRAUD").ok().path("id").asText();
    Map<String, String> one = Map.of("disputeId", id);
    operator.call("reviewDispute", one, "{\"note\":\"heard it\"}").ok();
    return one;
  }

  private static ApiClient.Got file(HttpMarket.Tenant filer, String callId, String reason) {
    return filer
        .client()
        .call(
            "fileDispute",
            Map.of(),
            """
            {"callId": "%s", "reason": "%s", "statement": "No word for half a minute, Sue said",
             "evidence": {"recordings": [{"offsetMillis": 30000}], "logLines": ["12:00 no audio"]}}\
            """
                .formatted(callId, reason));
  }

  private ApiClient.Got decide(Map<String, String> one, String verdict, String ground) {
    return operator.call(
        "decideDispute",
        one,
        "{\"verdict\":\"%s\",\"ground\":\"%s\",\"note\":\"Sue is right\"}"
            .formatted(verdict, ground));
  }

  private ApiClient.Got decide(
      Map<String, String> one, String verdict, String ground, String amount) {
    return operator.call(
        "decideDispute",
        one,
        "{\"verdict\":\"%s\",\"ground\":\"%s\",\"note\":\"some of it\",\"amount\":%s}"
            .formatted(verdict, ground, HttpMarket.usd(amount)));
  }

  private static Map<String, String> call(String callId) {
    return Map.of("callId", callId);
  }

  /** The n-th call of the market, charged and over, and its agent free again. */
  private String billedCall(int n) throws Exception {
    UaCall call = phones.call();
    assertThat(call.answered().get(10, TimeUnit.SECONDS)).isTrue();
    String callId = phones.rung().get(n - 1).invite().header("X-Tandem-Call");
    awaitCall(callId, "CONNECTED");
    edge.advance(90_000);
    awaitBalance((100 - 25 * n) + ".00");
    call.hangUp();
    call.ended().get(10, TimeUnit.SECONDS);
    awaitCall(callId, "ENDED");
    Market.await(
        "the agent is free again",
        () -> market.node().directory().agent(agent).orElseThrow().reservations().isEmpty());
    return callId;
  }

  private void awaitCall(String callId, String state) {
    Market.await(
        "the call is " + state,
        () -> operator.call("readCall", call(callId)).body().path("state").asText().equals(state));
  }

  private void awaitBalance(String balance) {
    Map<String, String> of = Map.of("accountId", buyer.accountId());
    Market.await(
        "the balance is " + balance,
        () ->
            buyer
                .client()
                .call("readWallet", of)
                .ok()
                .at("/balance/amount")
                .asText()
                .equals(balance));
  }
}
