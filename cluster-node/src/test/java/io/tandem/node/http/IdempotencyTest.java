package io.tandem.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.NodeParts;
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

/** A change under an Idempotency-Key is done once (ACC-6). */
@TestInstance(Lifecycle.PER_CLASS)
class IdempotencyTest {
  private HttpMarket market;
  private ApiClient operator;

  @BeforeAll
  void start(@TempDir Path directory) {
    market = HttpMarket.start(directory, NodeParts.REAL);
    operator = market.operator();
  }

  @AfterAll
  void stop() {
    market.close();
  }

  private String balance(HttpMarket.Tenant tenant) {
    return operator
        .call("readWallet", Map.of("accountId", tenant.accountId()))
        .ok()
        .at("/balance/amount")
        .asText();
  }

  @Test
  @Tag("rule:ACC-6")
  void a_change_without_a_key_is_refused() {
    assertThat(operator.call("createAccount", Map.of(), "{}", null).problem())
        .isEqualTo("400 idempotency-key-missing");
  }

  @Test
  @Tag("rule:ACC-6")
  void the_same_key_and_body_give_the_same_answer_and_are_done_once() {
    HttpMarket.Tenant anna = market.tenant("Anna");
    Map<String, String> of = Map.of("accountId", anna.accountId());
    ApiClient.Got first = operator.call("deposit", of, HttpMarket.depositOf("10.00"), "once");
    ApiClient.Got second = operator.call("deposit", of, HttpMarket.depositOf("10.00"), "once");
    assertThat(second.ok()).isEqualTo(first.ok());
    assertThat(second.status()).isEqualTo(first.status());
    assertThat(balance(anna)).isEqualTo("10.00");
    operator.call("deposit", of, HttpMarket.depositOf("10.00"), "twice").ok();
    assertThat(balance(anna)).isEqualTo("20.00");
  }

  @Test
  @Tag("rule:ACC-6")
  void the_same_key_with_another_body_is_refused() {
    HttpMarket.Tenant anna = market.tenant("Anna");
    Map<String, String> of = Map.of("accountId", anna.accountId());
    operator.call("deposit", of, HttpMarket.depositOf("10.00"), "reused").ok();
    assertThat(operator.call("deposit", of, HttpMarket.depositOf("11.00"), "reused").problem())
        .isEqualTo("422 idempotency-key-reused");
    assertThat(balance(anna)).isEqualTo("10.00");
  }

  @Test
  @Tag("rule:ACC-6")
  void keys_of_different_accounts_do_not_meet() {
    String body = "{\"username\":\"%s\"}";
    market
        .tenant("Anna")
        .client()
        .call("createEndpoint", Map.of(), body.formatted("a1"), "mine")
        .ok();
    market
        .tenant("Bert")
        .client()
        .call("createEndpoint", Map.of(), body.formatted("b1"), "mine")
        .ok();
  }

  @Test
  @Tag("rule:ACC-6")
  void a_retry_after_a_death_between_the_change_and_its_answer_books_nothing_twice() {
    HttpMarket.Tenant anna = market.tenant("Anna");
    Map<String, String> of = Map.of("accountId", anna.accountId());
    ApiClient.Got first = operator.call("deposit", of, HttpMarket.depositOf("10.00"), "died");
    theAnswerWasNeverNoted("died");
    ApiClient.Got second = operator.call("deposit", of, HttpMarket.depositOf("10.00"), "died");
    assertThat(second.ok().path("id")).isEqualTo(first.ok().path("id"));
    assertThat(balance(anna)).isEqualTo("10.00");
  }

  @Test
  @Tag("rule:ACC-4")
  void a_secret_whose_first_answer_was_lost_is_never_shown_wrong() {
    HttpMarket.Tenant anna = market.tenant("Anna");
    Map<String, String> of = Map.of("accountId", anna.accountId());
    String token = "{\"label\":\"t\",\"scopes\":[\"read\"]}";
    operator.call("issueToken", of, token, "lost-token").ok();
    anna.client().call("createEndpoint", Map.of(), "{\"username\":\"lost\"}", "lost-phone").ok();
    theAnswerWasNeverNoted("lost-token");
    theAnswerWasNeverNoted("lost-phone");
    assertThat(operator.call("issueToken", of, token, "lost-token").ok().has("token")).isFalse();
    assertThat(
            anna.client()
                .call("createEndpoint", Map.of(), "{\"username\":\"lost\"}", "lost-phone")
                .ok()
                .has("password"))
        .isFalse();
  }

  /**
   * As a node leaves it that dies after the entity's answer; the minute after which others take
   * over is over.
   */
  private void theAnswerWasNeverNoted(String key) {
    int changed =
        market
            .node()
            .stores()
            .journal()
            .update(
                "update http_idempotency set status = null, body = null, begun_at = 0 where request_key = ?",
                key);
    assertThat(changed).isEqualTo(1);
  }
}
