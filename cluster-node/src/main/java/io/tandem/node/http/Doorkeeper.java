package io.tandem.node.http;

import io.tandem.persistence.account.AccountState;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells who asks by the header {@code Authorization} (ACC-4). The directory's copy of an account
 * turns away what is surely wrong; what it would let in is held against the account itself, so that
 * a revoked token is refused everywhere from the moment its revocation is stored.
 */
public final class Doorkeeper {
  private static final String SCHEME = "bearer ";

  private final byte[] operatorHash;
  private final Function<String, Optional<AccountState>> copy;
  private final Function<String, Optional<AccountState>> account;
  private final InstantSource clock;
  private final TokenWatch watch;

  /**
   * @param copy accounts as the directory has them
   * @param account accounts as they are
   * @param watch told of tokens that are not good
   */
  public Doorkeeper(
      String operatorToken,
      Function<String, Optional<AccountState>> copy,
      Function<String, Optional<AccountState>> account,
      InstantSource clock,
      TokenWatch watch) {
    this.watch = watch;
    this.operatorHash = Token.sha256(operatorToken);
    this.copy = copy;
    this.account = account;
    this.clock = clock;
  }

  /**
   * Who it is.
   *
   * @param authorization the header, empty where there is none
   * @param local whether the request comes from this machine
   * @param from the address that it comes from, empty where that is not known
   */
  Caller caller(Optional<String> authorization, boolean local, String from) {
    if (authorization.isEmpty()) {
      return new Caller.Anonymous(local);
    }
    String header = authorization.get();
    if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      throw unauthenticated();
    }
    String text = header.substring(SCHEME.length()).strip();
    if (MessageDigest.isEqual(Token.sha256(text), operatorHash)) {
      return new Caller.Operator();
    }
    Optional<Token> token = Token.read(text);
    return token
        .flatMap(this::tenant)
        .orElseThrow(
            () -> {
              watch.refused(token, from);
              return unauthenticated();
            });
  }

  private Optional<Caller> tenant(Token token) {
    Instant now = clock.instant();
    AccountState.Token copied =
        copy.apply(token.accountId()).map(a -> a.tokens().get(token.tokenId())).orElse(null);
    if (copied != null && !fits(copied, token, now)) {
      return Optional.empty();
    }
    return account
        .apply(token.accountId())
        .map(state -> state.tokens().get(token.tokenId()))
        .filter(issued -> fits(issued, token, now))
        .map(issued -> new Caller.Tenant(token.accountId(), token.tokenId(), issued.scopes()));
  }

  private static boolean fits(AccountState.Token issued, Token shown, Instant now) {
    boolean same =
        MessageDigest.isEqual(
            issued.secretHash().getBytes(StandardCharsets.US_ASCII),
            shown.secretHash().getBytes(StandardCharsets.US_ASCII));
    return same && issued.good(now);
  }

  /** The same for every reason, so that nobody learns which part was right. */
  static Refusal unauthenticated() {
    return Refusal.of(Problem.Type.UNAUTHENTICATED, "The request carries no token that is good.");
  }
}
