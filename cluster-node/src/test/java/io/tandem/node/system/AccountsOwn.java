package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.node.http.ApiClient;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What an account reads of its calls day by day, and takes with it as a whole. */
final class AccountsOwn {
  private final HttpMarket market;
  private final ApiClient operator;

  AccountsOwn(HttpMarket market) {
    this.market = market;
    this.operator = market.operator();
  }

  void theDaysCallsAreReported(
      HttpMarket.Tenant publisher, HttpMarket.Tenant buyer, String campaign, String agent) {
    Market.await(
        "the charge is in the day's report",
        () -> operator.call("reportCalls").ok().at("/items/0/charges/0/amount").isTextual());
    for (JsonNode report :
        List.of(
            publisher.client().call("reportCalls", Map.of("campaignId", campaign)).ok(),
            buyer.client().call("reportCalls", Map.of("agentId", agent)).ok(),
            operator.call("reportCalls").ok())) {
      assertThat(report.path("items")).hasSize(1);
      assertThat(report.at("/items/0/answered").asInt()).isEqualTo(1);
      assertThat(report.at("/items/0/qualified").asInt()).isEqualTo(1);
      assertThat(report.at("/items/0/charges/0/amount").asText()).isEqualTo("25.00");
      assertThat(report.path("next").isNull()).isTrue();
    }
    assertThat(
            buyer.client().call("reportCalls", Map.of("campaignId", campaign)).ok().path("items"))
        .isEmpty();
    JsonNode past =
        operator.call("reportCalls", Map.of("from", "2026-01-01T12:00:00Z", "limit", "7")).ok();
    assertThat(past.path("items")).isEmpty();
    assertThat(past.path("next").asText()).isEqualTo("2026-01-08T00:00:00Z");
  }

  /** Five tries with a wrong secret of the buyer's token: the buyer is told, nobody else is. */
  void everyoneSeesWhatBefellItsOwnDoors(HttpMarket.Tenant publisher, HttpMarket.Tenant buyer) {
    ApiClient guessing =
        operator.as("tdm_" + buyer.accountId() + "_" + buyer.tokenId() + "_" + "0".repeat(64));
    for (int i = 0; i < 5; i++) {
      assertThat(guessing.call("listCalls").status()).isEqualTo(401);
    }
    Map<String, String> failed = Map.of("type", "security.logins-failed");
    Market.await("the buyer is told", () -> events(buyer.client(), failed).size() == 1);
    JsonNode told = events(buyer.client(), failed).get(0);
    assertThat(told.at("/data/door").asText()).isEqualTo("HTTP");
    assertThat(told.at("/data/login").asText()).isEqualTo(buyer.tokenId());
    assertThat(told.at("/data/source").asText()).isEqualTo("127.0.0.1");
    assertThat(told.at("/data/count").asInt()).isEqualTo(5);
    assertThat(events(operator, failed).findValuesAsText("accountId"))
        .containsExactly(buyer.accountId());

    for (HttpMarket.Tenant tenant : List.of(publisher, buyer)) {
      JsonNode own = events(tenant.client(), Map.of());
      assertThat(own.findValuesAsText("accountId")).containsOnly(tenant.accountId());
      assertThat(own.findValuesAsText("tokenId")).containsExactly(tenant.tokenId());
      assertThat(events(tenant.client(), Map.of("accountId", publisher.accountId())).isEmpty())
          .isEqualTo(tenant == buyer);
    }
    JsonNode first = operator.call("listSecurityEvents", Map.of("limit", "1")).ok();
    JsonNode second =
        operator
            .call("listSecurityEvents", Map.of("limit", "1", "cursor", first.path("next").asText()))
            .ok();
    assertThat(second.at("/items/0/id")).isNotEqualTo(first.at("/items/0/id"));
    assertThat(Instant.parse(second.at("/items/0/at").asText()))
        .isBeforeOrEqualTo(Instant.parse(first.at("/items/0/at").asText()));
  }

  private static JsonNode events(ApiClient client, Map<String, String> filter) {
    return client.call("listSecurityEvents", filter).ok().path("items");
  }

  void aChargeIsDisputed(String callId, HttpMarket.Tenant buyer) {
    JsonNode filed =
        buyer
            .client()
            .call(
                "fileDispute",
                Map.of(),
                "{\"callId\":\"%s\",\"reason\":\"FRAUD\",\"statement\":\"odd\"}".formatted(callId))
            .ok();
    Map<String, String> one = Map.of("disputeId", filed.path("id").asText());
    JsonNode pack = operator.call("readEvidence", one).ok();
    assertThat(pack.at("/call/id").asText()).isEqualTo(callId);
    assertThat(pack.path("recording").asText()).isEqualTo("/v1/calls/" + callId + "/recording");
    operator.call("reportDisputes").ok();
    operator.call("reviewDispute", one, "{}").ok();
    operator
        .call(
            "decideDispute",
            one,
            "{\"verdict\":\"REJECTED\",\"ground\":\"NOT_PROVEN\",\"note\":\"nothing odd\"}")
        .ok();
    assertThat(buyer.client().call("readDispute", one).ok().path("state").asText())
        .isEqualTo("REJECTED");
    Market.await(
        "it is listed",
        () ->
            buyer
                    .client()
                    .call("listDisputes", Map.of("state", "REJECTED"))
                    .ok()
                    .path("items")
                    .size()
                == 1);
  }

  String anAccountTakesItsData(String callId, HttpMarket.Tenant buyer) throws Exception {
    Map<String, String> of = Map.of("accountId", buyer.accountId());
    String id = buyer.client().call("beginExport", of).ok().path("id").asText();
    Map<String, String> one = Map.of("accountId", buyer.accountId(), "exportId", id);
    Market.await(
        "the export is ready",
        () -> buyer.client().call("readExport", one).ok().path("state").asText().equals("READY"));
    JsonNode ready = buyer.client().call("readExport", one).ok();
    String link = ready.path("link").asText();
    assertThat(Instant.parse(ready.path("expiresAt").asText())).isAfter(Instant.now());
    Map<String, String> files = unzipped(link);

    assertThat(files.keySet())
        .contains("about.json", "account.json", "wallet.json", "movements.jsonl", "agents.jsonl")
        .contains("calls.jsonl", "calls/" + callId + ".json");
    assertThat(files.get("disputes.jsonl").lines()).hasSize(1);
    assertThat(files)
        .hasEntrySatisfying(
            "disputes/" + callId.replace("call_", "dispute_") + ".json",
            dispute -> assertThat(dispute).contains("odd"));
    assertThat(files.get("movements.jsonl").lines()).hasSize(3);
    assertThat(files.get("calls/" + callId + ".json")).contains(callId);
    assertThat(files.get("about.json")).contains("\"calls\" : 1", buyer.accountId());
    // by the link alone, and by no other; and of nobody else's account
    operator.as(null).call("fetchExport", Map.of("link", link.replaceFirst(".*/", ""))).ok();
    assertThat(operator.as(null).call("fetchExport", Map.of("link", id + ".x")).status())
        .isEqualTo(404);
    assertThat(market.tenant("Stranger").client().call("readExport", one).status()).isEqualTo(404);
    return link;
  }

  private Map<String, String> unzipped(String link) throws Exception {
    var address = market.node().http().orElseThrow().address();
    try (HttpClient http = HttpClient.newHttpClient()) {
      byte[] zip =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create(
                              "http://" + address.getHostString() + ":" + address.getPort() + link))
                      .build(),
                  HttpResponse.BodyHandlers.ofByteArray())
              .body();
      Map<String, String> files = new TreeMap<>();
      try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
          files.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
      }
      return files;
    }
  }
}
