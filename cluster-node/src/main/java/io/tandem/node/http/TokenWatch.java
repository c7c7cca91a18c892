package io.tandem.node.http;

import io.tandem.node.security.SecurityCommand;
import io.tandem.node.security.SecurityDesk;
import io.tandem.node.security.Sighting;
import io.tandem.persistence.account.AccountState;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.keys.Blinder;
import io.tandem.persistence.security.SecurityState;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells the security log of tokens that are not good (ACC-8): to the account whose token's id was
 * shown with another secret, or after its end; all else is the platform's to know.
 */
public final class TokenWatch {
  private static final String HTTP = "HTTP";

  private final SecurityDesk desk;
  private final Blinder blinder;
  private final Function<String, Optional<AccountState>> accounts;

  /**
   * @param accounts as the directory has them
   */
  public TokenWatch(
      SecurityDesk desk, Blinder blinder, Function<String, Optional<AccountState>> accounts) {
    this.desk = desk;
    this.blinder = blinder;
    this.accounts = accounts;
  }

  /**
   * A token was refused.
   *
   * @param token where it has the form of one
   * @param from the address, empty where it is not known
   */
  void refused(Optional<Token> token, String from) {
    Optional<Token> known =
        token.filter(
            shown ->
                accounts
                    .apply(shown.accountId())
                    .filter(account -> account.tokens().containsKey(shown.tokenId()))
                    .isPresent());
    String login = known.map(Token::tokenId).orElse(null);
    Personal<String> source =
        Personal.of("person:" + blinder.blind("address", from), DataClass.CALL_NUMBER, from);
    desk.saw(
        new Sighting(
            "security.logins-failed",
            known.map(Token::accountId).orElse(SecurityState.PLATFORM),
            HTTP + ' ' + source.subject() + ' ' + login,
            desk.loginFailures(),
            null,
            null,
            (count, since, to) ->
                new SecurityCommand.NoteLogins(HTTP, login, source, count, since, to)));
  }
}
