package io.tandem.persistence.account;

import io.tandem.persistence.account.AccountEvent.Created;
import io.tandem.persistence.account.AccountEvent.TokenIssued;
import io.tandem.persistence.account.AccountEvent.TokenRevoked;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedSet;

/**
 * An account after its events so far.
 *
 * @param profile null before it was created
 * @param tokens all it was ever issued, by id; revoked ones stay, so that their ids are never good
 *     again
 */
@Wire("account.state/1")
public record AccountState(@Nullable Profile profile, PMap<String, Token> tokens)
    implements DomainState<AccountState, AccountEvent> {

  /** An account without events. */
  public static final AccountState NEW = new AccountState(null, HashTreePMap.empty());

  /** The company: its wallet is in {@code currency}, its days are counted in {@code timeZone}. */
  public record Profile(Personal<String> name, String currency, ZoneId timeZone) {}

  /**
   * An API token (ACC-4).
   *
   * @param secretHash SHA-256 of the secret, hexadecimal
   * @param expires null for never
   */
  public record Token(
      String tokenId,
      String label,
      String secretHash,
      PSortedSet<String> scopes,
      @Nullable Instant expires,
      boolean revoked) {

    /** Whether it is good at {@code now}. */
    public boolean good(Instant now) {
      return !revoked && (expires == null || now.isBefore(expires));
    }
  }

  @Override
  public AccountState apply(AccountEvent event) {
    return switch (event) {
      case Created e -> new AccountState(new Profile(e.name(), e.currency(), e.timeZone()), tokens);
      case TokenIssued e ->
          withToken(
              new Token(e.tokenId(), e.label(), e.secretHash(), e.scopes(), e.expires(), false));
      case TokenRevoked e -> {
        Token token = tokens.get(e.tokenId());
        yield token == null
            ? this
            : withToken(
                new Token(
                    token.tokenId,
                    token.label,
                    token.secretHash,
                    token.scopes,
                    token.expires,
                    true));
      }
    };
  }

  private AccountState withToken(Token token) {
    return new AccountState(profile, tokens.plus(token.tokenId, token));
  }
}
