package io.tandem.node.system;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.http.ApiClient;
import java.nio.file.Path;
import java.util.Map;

/**
 * A node with HTTP, and a market provisioned through it: one vertical, one campaign behind a
 * number, agents.
 */
public final class HttpMarket implements AutoCloseable {
  /** The operator's token. */
  public static final String OPERATOR = "operator-token-of-the-tests";

  private static final String ALWAYS = "{\"zone\":\"America/New_York\",\"open\":[]}";

  private final Node node;
  private final ApiClient operator;

  /** An account with a token of both scopes. */
  public record Tenant(String accountId, String tokenId, ApiClient client) {}

  private HttpMarket(Node node) {
    this.node = node;
    this.operator = ApiClient.of(node.http().orElseThrow().address(), OPERATOR);
  }

  /** Starts a node that does everything. */
  public static HttpMarket start(Path directory, NodeParts parts) {
    return new HttpMarket(Node.start(settings(directory, 0), parts));
  }

  /** A market on a node that runs; it is stopped with this. */
  public static HttpMarket on(Node node) {
    return new HttpMarket(node);
  }

  static Settings settings(Path directory, int httpPort) {
    return Settings.of(
        ConfigFactory.parseString(
            """
            tandem.node.directory = "%s"
            tandem.sip.port = 0
            tandem.rtp.ports = "30000-30099"
            tandem.http.port = %d
            tandem.webhooks.allowed-addresses = ["127.0.0.1"]
            tandem.http.operator-token = "%s"
            """
                .formatted(directory, httpPort, OPERATOR)));
  }

  /** The node. */
  public Node node() {
    return node;
  }

  /** The operator. */
  public ApiClient operator() {
    return operator;
  }

  /** A new account and someone who speaks for it. */
  public Tenant tenant(String name) {
    String id =
        operator
            .call(
                "createAccount",
                Map.of(),
                "{\"name\":\"%s\",\"currency\":\"USD\",\"timeZone\":\"America/New_York\"}"
                    .formatted(name))
            .ok()
            .path("id")
            .asText();
    var token =
        operator
            .call(
                "issueToken",
                Map.of("accountId", id),
                "{\"label\":\"test\",\"scopes\":[\"read\",\"write\"]}")
            .ok();
    return new Tenant(id, token.path("id").asText(), operator.as(token.path("token").asText()));
  }

  /** A vertical at 25.00 USD after 90 s. */
  public void vertical() {
    operator
        .call(
            "defineVertical",
            Map.of(),
            "{\"id\":\"health\",\"name\":\"Health\",\"price\":%s,\"timerMillis\":90000}"
                .formatted(usd("25.00")))
        .ok();
  }

  /** A campaign of an account, behind the market's number. */
  public String campaign(Tenant owner) {
    String id =
        owner
            .client()
            .call(
                "createCampaign",
                Map.of(),
                "{\"name\":\"Health NY\",\"terms\":%s}".formatted(campaignTerms()))
            .ok()
            .path("id")
            .asText();
    operator
        .call(
            "assignNumber",
            Map.of("number", Market.NUMBER),
            "{\"campaignId\":\"%s\"}".formatted(id))
        .ok();
    return id;
  }

  /** The phone and the agent of an account, licensed and online. */
  public String agent(Tenant owner, String name) {
    return agent(owner, name, name);
  }

  /** The same of a person with a name of its own, as it stands in JSON. */
  public String agent(Tenant owner, String phone, String name) {
    owner
        .client()
        .call(
            "createEndpoint",
            Map.of(),
            "{\"username\":\"%s\",\"password\":\"%s\",\"algorithms\":[\"MD5\",\"SHA-256\"]}"
                .formatted(phone, Market.password(phone)))
        .ok();
    String id =
        owner
            .client()
            .call(
                "createAgent",
                Map.of(),
                "{\"name\":\"%s\",\"endpoint\":\"%s\",\"terms\":%s}"
                    .formatted(name, phone, agentTerms()))
            .ok()
            .path("id")
            .asText();
    owner
        .client()
        .call(
            "fileLicence",
            Map.of("agentId", id),
            "{\"state\":\"NY\",\"verticalId\":\"health\",\"number\":\"L-1\",\"expires\":\"2099-01-01\"}")
        .ok();
    owner.client().call("goOnline", Map.of("agentId", id)).ok();
    return id;
  }

  /** Money into an account's wallet. */
  public void deposit(Tenant owner, String amount) {
    operator.call("deposit", Map.of("accountId", owner.accountId()), depositOf(amount)).ok();
  }

  /** The body of a deposit. */
  public static String depositOf(String amount) {
    return "{\"amount\":%s,\"reason\":\"test\"}".formatted(usd(amount));
  }

  /** An amount in JSON. */
  public static String usd(String amount) {
    return "{\"amount\":\"%s\",\"currency\":\"USD\"}".formatted(amount);
  }

  /** What an agent of this market takes. */
  public static String agentTerms() {
    return "{\"bids\":[{\"verticalId\":\"health\",\"price\":%s}],\"concurrency\":1,\"schedule\":%s}"
        .formatted(usd("25.00"), ALWAYS);
  }

  /** How a campaign of this market rings. */
  public static String campaignTerms() {
    return "{\"verticalId\":\"health\",\"ringing\":\"SEQUENTIAL\",\"schedule\":%s}"
        .formatted(ALWAYS);
  }

  /** The same with what its callers are told. */
  public static String campaignTerms(String voice) {
    return campaignTerms().replaceFirst("\\}$", ",\"voice\":" + voice + "}");
  }

  /** Whether the node's directory knows a campaign as one that records its calls. */
  public boolean records(String campaignId) {
    return node.directory()
        .campaign(campaignId)
        .map(campaign -> campaign.profile())
        .filter(profile -> profile.terms().voice().records())
        .isPresent();
  }

  /** Waits until the node's directory knows an agent that can be called. */
  public void awaitCallable(String agentId, Tenant owner) {
    Market.await(
        "the agent can be called",
        () ->
            online(agentId)
                && node.directory().number(Market.NUMBER).isPresent()
                && node.directory().vertical("health").isPresent()
                && node.directory().balances(owner.accountId(), "USD").isPresent());
  }

  /** Whether the node's directory knows an agent as licensed and online. */
  public boolean online(String agentId) {
    return node.directory()
        .agent(agentId)
        .filter(a -> a.online() && !a.licences().isEmpty())
        .isPresent();
  }

  @Override
  public void close() {
    node.close();
  }
}
