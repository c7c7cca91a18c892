package io.tandem.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.NodeParts;
import io.tandem.node.system.HttpMarket;
import io.tandem.node.system.Market;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Who may ask what over HTTP, and whose objects are seen. */
@TestInstance(Lifecycle.PER_CLASS)
class HttpAccessTest {
  private static final String REASON = "{\"reason\":\"test\"}";

  private HttpMarket market;
  private ApiClient operator;
  private HttpMarket.Tenant anna;
  private HttpMarket.Tenant bert;
  private String agent;
  private String campaign;

  @BeforeAll
  void start(@TempDir Path directory) {
    market = HttpMarket.start(directory, NodeParts.REAL);
    operator = market.operator();
    market.vertical();
    anna = market.tenant("Anna");
    bert = market.tenant("Bert");
    campaign = market.campaign(anna);
    agent = market.agent(anna, "anna");
  }

  @AfterAll
  void stop() {
    market.close();
  }

  @Test
  void without_a_good_token_only_the_public_is_served() {
    ApiClient nobody = operator.as(null);
    Set<String> open = Set.of("healthLive", "healthReady", "openApi", "metrics");
    operator
        .document()
        .operations()
        .forEach(
            (id, described) -> {
              String path = described.path().replaceAll("\\{[a-zA-Z]+}", "x");
              ApiClient.Got got =
                  nobody.send(described.method(), path, null, "key-" + id, "application/json");
              if (id.equals("fetchExport")) { // by a link that nobody can guess
                assertThat(got.problem()).as(id).startsWith("404");
              } else if (open.contains(id)) {
                assertThat(got.status()).as(id).isEqualTo(200);
              } else {
                assertThat(got.problem()).as(id).isEqualTo("401 unauthenticated");
              }
            });
    for (String token : new String[] {"guess", "tdm_x_y_z", HttpMarket.OPERATOR + "x"}) {
      assertThat(operator.as(token).call("listCalls").problem()).isEqualTo("401 unauthenticated");
    }
  }

  @Test
  @Tag("rule:ACC-4")
  void a_token_is_shown_once_has_scopes_and_can_be_revoked_at_once() {
    Map<String, String> of = Map.of("accountId", anna.accountId());
    String body = "{\"label\":\"reader\",\"scopes\":[\"read\"]}";
    ApiClient.Got issued = operator.call("issueToken", of, body, "issue-once");
    String token = issued.ok().path("token").asText();
    ApiClient reader = operator.as(token);
    reader.call("readAccount", of).ok();
    assertThat(reader.call("goOnline", Map.of("agentId", agent)).problem())
        .isEqualTo("403 forbidden");
    assertThat(reader.call("createAccount", Map.of(), "{}").problem()).isEqualTo("403 forbidden");

    ApiClient.Got again = operator.call("issueToken", of, body, "issue-once");
    assertThat(again.ok().path("id")).isEqualTo(issued.body().path("id"));
    assertThat(again.body().has("token")).isFalse();
    assertThat(operator.call("listTokens", of).body().toString())
        .doesNotContain(token.substring(token.length() - 64));

    operator
        .call(
            "revokeToken",
            Map.of("accountId", anna.accountId(), "tokenId", issued.body().path("id").asText()),
            REASON)
        .ok();
    assertThat(reader.call("readAccount", of).problem()).isEqualTo("401 unauthenticated");
  }

  @Test
  @Tag("rule:ACC-5")
  void what_belongs_to_another_account_is_answered_as_what_is_not_there() {
    ApiClient stranger = bert.client();
    same(stranger, "readAccount", "accountId", anna.accountId());
    same(stranger, "listTokens", "accountId", anna.accountId());
    same(stranger, "readWallet", "accountId", anna.accountId());
    same(stranger, "listMovements", "accountId", anna.accountId());
    same(stranger, "readAgent", "agentId", agent);
    same(stranger, "goOnline", "agentId", agent);
    same(stranger, "listCooldowns", "agentId", agent);
    same(stranger, "readCampaign", "campaignId", campaign);
    same(stranger, "readNumber", "number", Market.NUMBER);
    same(stranger, "readEndpoint", "username", "anna");
    for (String list :
        new String[] {"listAgents", "listCampaigns", "listNumbers", "listEndpoints", "listCalls"}) {
      assertThat(stranger.call(list, Map.of("accountId", anna.accountId())).ok())
          .as(list)
          .isEqualTo(stranger.call(list, Map.of("accountId", "acct_nobody")).ok());
      assertThat(stranger.call(list).ok().path("items")).as(list).isEmpty();
    }
  }

  private static void same(ApiClient stranger, String operation, String parameter, String others) {
    ApiClient.Got unknown = stranger.call(operation, Map.of(parameter, "nobody"));
    ApiClient.Got foreign = stranger.call(operation, Map.of(parameter, others));
    assertThat(foreign.problem()).as(operation).isEqualTo("404 not-found");
    assertThat(foreign.body()).as(operation).isEqualTo(unknown.body());
  }

  @Test
  @Tag("rule:ACC-5")
  void nothing_of_another_account_can_be_named_in_a_change() {
    ApiClient stranger = bert.client();
    String agentOfAnna =
        "{\"accountId\":\"%s\",\"name\":\"x\",\"endpoint\":\"anna\",\"terms\":%s}"
            .formatted(anna.accountId(), HttpMarket.agentTerms());
    assertThat(stranger.call("createAgent", Map.of(), agentOfAnna).body().path("field").asText())
        .isEqualTo("accountId");
    String withHerPhone =
        "{\"name\":\"x\",\"endpoint\":\"anna\",\"terms\":%s}".formatted(HttpMarket.agentTerms());
    assertThat(stranger.call("createAgent", Map.of(), withHerPhone).body().path("field").asText())
        .isEqualTo("endpoint");
    String toHers = "{\"campaignId\":\"%s\"}".formatted(campaign);
    assertThat(stranger.call("assignNumber", Map.of("number", Market.NUMBER), toHers).problem())
        .isEqualTo("404 not-found");
    assertThat(stranger.call("unassignNumber", Map.of("number", Market.NUMBER), REASON).problem())
        .isEqualTo("404 not-found");
    assertThat(stranger.call("createEndpoint", Map.of(), "{\"username\":\"anna\"}").problem())
        .isEqualTo("409 name-taken");
  }

  @Test
  @Tag("rule:TEL-1")
  void a_realm_is_a_host_name_that_no_other_accounts_phones_log_in_at() {
    String in = "{\"username\":\"%s\",\"realm\":\"%s\"}";
    ApiClient stranger = bert.client();
    var made =
        anna.client().call("createEndpoint", Map.of(), in.formatted("a1", "acme.example")).ok();
    assertThat(made.path("realm").asText()).isEqualTo("acme.example");
    Market.await(
        "the realm is known",
        () -> market.node().directory().realmOwner("acme.example").isPresent());
    assertThat(
            anna.client()
                .call("createEndpoint", Map.of(), in.formatted("a2", "acme.example"))
                .status())
        .isEqualTo(201);
    assertThat(
            stranger.call("createEndpoint", Map.of(), in.formatted("s1", "acme.example")).problem())
        .isEqualTo("409 name-taken");
    assertThat(
            stranger.call("createEndpoint", Map.of(), in.formatted("s1", "Not a host")).problem())
        .isEqualTo("400 invalid-field");
  }
}
