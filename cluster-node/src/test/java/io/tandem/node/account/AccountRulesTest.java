package io.tandem.node.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.account.AccountCommand.Create;
import io.tandem.node.account.AccountCommand.IssueToken;
import io.tandem.node.account.AccountCommand.RevokeToken;
import io.tandem.node.entity.PlayedEntity;
import io.tandem.persistence.account.AccountEvent;
import io.tandem.persistence.account.AccountState;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.TreePSet;

class AccountRulesTest {

  private static final String HASH = "ab".repeat(32);

  private final PlayedEntity<AccountCommand, AccountReply, AccountEvent, AccountState> account =
      new PlayedEntity<>(AccountRules.type(), "acct_1");

  @Test
  void an_account_is_made_once() {
    account.ask(create("USD"));

    assertThat(account.ask(create("USD"))).isEqualTo(new AccountReply.Done(account.state(), true));
    assertThat(account.ask(create("EUR"))).isEqualTo(new AccountReply.Conflict("currency"));
  }

  @Test
  void a_currency_is_three_capital_letters() {
    assertThat(account.ask(create("usd"))).isInstanceOf(AccountReply.Invalid.class);
    assertThat(account.events()).isEmpty();
  }

  @Test
  void a_token_is_good_until_it_expires() {
    account.ask(create("USD"));
    Instant expires = account.now().plus(Duration.ofDays(1));
    account.ask(token(expires));

    assertThat(account.state().tokens().get("tok_1").good(expires.minusMillis(1))).isTrue();
    assertThat(account.state().tokens().get("tok_1").good(expires)).isFalse();
  }

  @Test
  void a_revoked_token_is_never_good_again() {
    account.ask(create("USD"));
    account.ask(token(null));
    account.ask(new RevokeToken("tok_1", "leaked"));

    assertThat(account.state().tokens().get("tok_1").good(account.now())).isFalse();
    assertThat(account.ask(new RevokeToken("tok_1", "leaked")))
        .isEqualTo(new AccountReply.Done(account.state(), true));
    assertThat(account.ask(token(null))).isEqualTo(new AccountReply.Done(account.state(), true));
    assertThat(account.state().tokens().get("tok_1").good(account.now())).isFalse();
    assertThat(account.replay("acct_1")).isEqualTo(account.state());
  }

  @Test
  void a_token_id_with_another_secret_is_a_conflict() {
    account.ask(create("USD"));
    account.ask(token(null));

    assertThat(
            account.ask(
                new IssueToken(
                    "tok_1", "ci", "cd".repeat(32), TreePSet.singleton("calls:read"), null)))
        .isEqualTo(new AccountReply.Conflict("secretHash"));
  }

  @Test
  void a_token_that_makes_no_sense_is_refused() {
    assertThat(account.ask(token(null))).isEqualTo(new AccountReply.Unknown());
    account.ask(create("USD"));

    assertThat(account.ask(token(account.now()))).isInstanceOf(AccountReply.Invalid.class);
    assertThat(account.ask(new IssueToken("tok_1", "ci", "secret", TreePSet.singleton("a"), null)))
        .isInstanceOf(AccountReply.Invalid.class);
    assertThat(account.ask(new IssueToken("tok_1", "ci", HASH, TreePSet.empty(), null)))
        .isInstanceOf(AccountReply.Invalid.class);
    assertThat(account.ask(new RevokeToken("tok_9", "x"))).isEqualTo(new AccountReply.Unknown());
  }

  private static Create create(String currency) {
    return new Create(PlayedEntity.personal("Acme"), currency, ZoneId.of("America/New_York"));
  }

  private static IssueToken token(@Nullable Instant expires) {
    return new IssueToken("tok_1", "ci", HASH, TreePSet.singleton("calls:read"), expires);
  }
}
