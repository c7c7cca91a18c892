package io.tandem.node.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.CannotStart;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.system.HttpMarket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What bad input gets over HTTP. */
@TestInstance(Lifecycle.PER_CLASS)
class HttpRefusalsTest {
  private static final String JSON = "application/json";
  private static final String ACCOUNT =
      "{\"name\":\"A\",\"currency\":\"USD\",\"timeZone\":\"America/New_York\"}";

  private HttpMarket market;
  private ApiClient operator;
  private HttpMarket.Tenant anna;

  @BeforeAll
  void start(@TempDir Path directory) {
    market = HttpMarket.start(directory, NodeParts.REAL);
    operator = market.operator();
    market.vertical();
    anna = market.tenant("Anna");
  }

  @AfterAll
  void stop() {
    market.close();
  }

  @Test
  @Tag("rule:ACC-6")
  void a_body_that_is_no_json_object_is_malformed() {
    for (String body : new String[] {"{", "[]", "\"text\"", "{\"a\":1,\"a\":2}", "{} {}", ""}) {
      assertThat(operator.call("createAccount", Map.of(), body).problem())
          .as(body)
          .isEqualTo("400 malformed-body");
    }
  }

  @Test
  @Tag("rule:ACC-6")
  void a_field_that_is_missing_unknown_or_wrong_is_named() {
    assertField("createAccount", "{\"currency\":\"USD\",\"timeZone\":\"UTC\"}", "name", "nothing");
    assertField(
        "createAccount",
        "{\"name\":\"A\",\"currency\":\"USD\",\"timeZone\":\"Nowhere\"}",
        "timeZone",
        "\"Nowhere\"");
    assertField(
        "createAccount",
        "{\"name\":\"A\",\"currency\":\"usd\",\"timeZone\":\"UTC\"}",
        "currency",
        "'usd'");
    assertField(
        "createAccount", ACCOUNT.replace("}", ",\"vip\":true}"), "vip", "a member nobody knows");
    assertField(
        "defineVertical",
        "{\"id\":\"v\",\"name\":\"V\",\"price\":{\"amount\":25.0,\"currency\":\"USD\"},\"timerMillis\":90000}",
        "price.amount",
        "25.0");
    assertField(
        "defineVertical",
        "{\"id\":\"v\",\"name\":\"V\",\"price\":%s,\"timerMillis\":10000}"
            .formatted(HttpMarket.usd("25.00")),
        "timerMillis",
        "10000");
  }

  private void assertField(String operation, String body, String field, String found) {
    ApiClient.Got got = operator.call(operation, Map.of(), body);
    assertThat(got.problem()).isEqualTo("400 invalid-field");
    assertThat(got.body().path("field").asText()).isEqualTo(field);
    assertThat(got.body().path("found").asText()).isEqualTo(found);
    assertThat(got.body().path("allowed").asText()).isNotEmpty();
  }

  @Test
  void a_field_deep_inside_is_named_with_its_path() {
    ApiClient.Got got =
        anna.client()
            .call(
                "createAgent",
                Map.of(),
                "{\"name\":\"A\",\"endpoint\":\"a\",\"terms\":%s}"
                    .formatted(HttpMarket.agentTerms().replace("\"25.00\"", "\"lots\"")));
    assertThat(got.body().path("field").asText()).isEqualTo("terms.bids[0].price.amount");
  }

  @Test
  void what_a_change_names_must_be_there() {
    String agent = "{\"name\":\"A\",\"endpoint\":\"nobody\",\"terms\":%s}";
    assertThat(
            anna.client()
                .call("createAgent", Map.of(), agent.formatted(HttpMarket.agentTerms()))
                .body()
                .path("field")
                .asText())
        .isEqualTo("endpoint");
    assertThat(
            anna.client()
                .call(
                    "createCampaign",
                    Map.of(),
                    "{\"name\":\"C\",\"terms\":%s}"
                        .formatted(HttpMarket.campaignTerms().replace("health", "wealth")))
                .body()
                .path("field")
                .asText())
        .isEqualTo("terms.verticalId");
  }

  @Test
  void a_deposit_in_another_currency_is_refused() {
    String euros = HttpMarket.depositOf("5.00").replace("USD", "EUR");
    ApiClient.Got got = operator.call("deposit", Map.of("accountId", anna.accountId()), euros);
    assertThat(got.body().path("field").asText()).isEqualTo("amount.currency");
    ApiClient.Got nothing =
        operator.call(
            "deposit", Map.of("accountId", anna.accountId()), HttpMarket.depositOf("0.00"));
    assertThat(nothing.problem()).isEqualTo("400 invalid-field");
    assertThat(nothing.body().path("field").asText()).isEqualTo("amount");
  }

  @Test
  void a_password_that_is_refused_is_not_shown_again() {
    ApiClient.Got got =
        anna.client()
            .call("createEndpoint", Map.of(), "{\"username\":\"p\",\"password\":\"tiny-pw\"}");
    assertThat(got.problem()).isEqualTo("400 invalid-field");
    assertThat(got.body().toString()).doesNotContain("tiny-pw");
  }

  @Test
  void an_unknown_id_is_not_found() {
    for (String operation :
        new String[] {"readAccount", "readAgent", "readCampaign", "readCall", "readNumber"}) {
      Map<String, String> nobody =
          Map.of(
              operation.equals("readNumber")
                  ? "number"
                  : operation.substring(4).toLowerCase(java.util.Locale.ROOT) + "Id",
              "19995550100");
      assertThat(operator.call(operation, nobody).problem())
          .as(operation)
          .isEqualTo("404 not-found");
    }
    assertThat(operator.call("readAgent", Map.of("agentId", "no such|id?")).problem())
        .isEqualTo("404 not-found");
    assertThat(operator.send("GET", "/v2/agents", null, null, JSON).problem())
        .isEqualTo("404 not-found");
  }

  @Test
  void a_query_that_nobody_knows_is_refused() {
    assertThat(
            operator
                .send("GET", "/v1/calls?color=red", null, null, JSON)
                .body()
                .path("field")
                .asText())
        .isEqualTo("color");
    assertThat(operator.call("listCalls", Map.of("limit", "1000")).body().path("field").asText())
        .isEqualTo("limit");
    assertThat(operator.call("listCalls", Map.of("cursor", "%%%")).body().path("field").asText())
        .isEqualTo("cursor");
    assertThat(
            operator.call("listCalls", Map.of("from", "yesterday")).body().path("field").asText())
        .isEqualTo("from");
  }

  @Test
  void the_wire_is_checked_before_the_words() {
    assertThat(operator.send("POST", "/v1/accounts", ACCOUNT, "wire-1", "text/plain").problem())
        .isEqualTo("415 unsupported-media-type");
    assertThat(operator.send("PUT", "/v1/accounts", ACCOUNT, "wire-2", JSON).problem())
        .isEqualTo("405 method-not-allowed");
    String large = "{\"name\":\"" + "x".repeat(70_000) + "\"}";
    assertThat(operator.send("POST", "/v1/accounts", large, "wire-3", JSON).problem())
        .isEqualTo("413 body-too-large");
  }

  @Test
  void a_port_in_use_keeps_the_node_from_starting(@TempDir Path other) {
    int port = market.node().http().orElseThrow().address().getPort();
    Settings settings =
        Settings.of(
            ConfigFactory.parseString(
                """
                tandem.node.roles = [api, control]
                tandem.node.directory = "%s"
                tandem.http.port = %d
                """
                    .formatted(other, port)));
    assertThatThrownBy(() -> Node.start(settings))
        .isInstanceOf(CannotStart.class)
        .hasMessageContaining("tandem.http")
        .hasMessageContaining(String.valueOf(port));
  }
}
