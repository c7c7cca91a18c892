package io.tandem.ops.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.money.Money;

/**
 * A small market, set up over HTTP as an operator would: a vertical, a campaign behind a number,
 * agents with phones, licences and money.
 */
public final class Market {
  private static final String ZONE = "America/New_York";
  private static final String STATE = "NY";
  private static final String LICENCE_ENDS = "2099-12-31";

  private final Api api;
  private final Money price;
  private final String vertical;

  private Market(Api api, Money price, String vertical) {
    this.api = api;
    this.price = price;
    this.vertical = vertical;
  }

  /**
   * An agent as it was set up.
   *
   * @param password of its phone
   */
  public record Agent(String accountId, String agentId, String phone, String password) {
    /** Masked: it holds a password. */
    @Override
    public String toString() {
      return "Agent[" + agentId + "]";
    }
  }

  /** Defines the vertical all this is about. */
  public static Market open(Api api, String vertical, Money price, long timerMillis) {
    ObjectNode body =
        api.object().put("id", vertical).put("name", "Health").put("timerMillis", timerMillis);
    body.set("price", amount(api, price));
    JsonNode unused = api.post("/v1/verticals", body);
    return new Market(api, price, vertical);
  }

  /** A company account. */
  public String account(String name) {
    ObjectNode body =
        api.object().put("name", name).put("currency", price.currency()).put("timeZone", ZONE);
    return api.post("/v1/accounts", body).path("id").asText();
  }

  /** An operator's deposit into an account's wallet. */
  public void deposit(String accountId, Money money) {
    ObjectNode body = api.object().put("reason", "opening balance");
    body.set("amount", amount(api, money));
    JsonNode unused = api.post("/v1/accounts/" + accountId + "/wallet/deposits", body);
  }

  /** An agent of an account with a phone and a licence for callers of New York, online. */
  public Agent agent(
      String accountId, String name, String phone, String password, int concurrency) {
    ObjectNode endpoint =
        api.object().put("accountId", accountId).put("username", phone).put("password", password);
    endpoint.putArray("algorithms").add("MD5").add("SHA-256");
    JsonNode unused = api.post("/v1/endpoints", endpoint);
    ObjectNode body =
        api.object().put("accountId", accountId).put("name", name).put("endpoint", phone);
    ObjectNode terms = body.putObject("terms");
    ObjectNode bid =
        terms
            .putArray("bids")
            .addObject()
            .put("verticalId", vertical)
            .put("tier", 1)
            .put("weight", 1);
    bid.set("price", amount(api, price));
    terms.put("concurrency", concurrency);
    terms.set("schedule", always());
    String agentId = api.post("/v1/agents", body).path("id").asText();
    ObjectNode licence =
        api.object()
            .put("state", STATE)
            .put("verticalId", vertical)
            .put("number", "NY-100")
            .put("expires", LICENCE_ENDS);
    JsonNode _ = api.post("/v1/agents/" + agentId + "/licences", licence);
    JsonNode _ = api.post("/v1/agents/" + agentId + "/online");
    return new Agent(accountId, agentId, phone, password);
  }

  /** A campaign of an account behind a number. */
  public String campaign(String accountId, String name, String number) {
    ObjectNode body = api.object().put("accountId", accountId).put("name", name);
    ObjectNode terms = body.putObject("terms");
    terms.put("verticalId", vertical).put("ringing", "SEQUENTIAL");
    terms.set("schedule", always());
    String campaignId = api.post("/v1/campaigns", body).path("id").asText();
    JsonNode unused =
        api.post("/v1/numbers/" + number + "/assign", api.object().put("campaignId", campaignId));
    return campaignId;
  }

  /** A wallet as it is now. */
  public JsonNode wallet(String accountId) {
    return api.get("/v1/accounts/" + accountId + "/wallet");
  }

  /** A call as it is now, with its events and routing trace. */
  public JsonNode call(String callId) {
    return api.get("/v1/calls/" + callId);
  }

  /** No hours at all means always open. */
  private ObjectNode always() {
    ObjectNode schedule = api.object().put("zone", ZONE);
    schedule.putArray("open");
    return schedule;
  }

  private static ObjectNode amount(Api api, Money money) {
    String text = money.toString();
    return api.money(text.substring(0, text.indexOf(' ')), money.currency());
  }
}
