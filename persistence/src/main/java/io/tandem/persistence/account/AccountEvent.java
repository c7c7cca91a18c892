package io.tandem.persistence.account;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.pcollections.PSortedSet;

/** What happened to an account: a company with its own agents, numbers, phones and money. */
public sealed interface AccountEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /**
   * The account exists; its wallet is in {@code currency}, its days are counted in {@code
   * timeZone}.
   */
  @Wire("account.created/1")
  record Created(Personal<String> name, String currency, ZoneId timeZone, Instant at)
      implements AccountEvent {}

  /**
   * An API token was issued; the secret itself was shown once and is not here (ACC-4).
   *
   * @param secretHash SHA-256 of the random secret, hexadecimal
   * @param scopes what it may do
   * @param expires null for never
   */
  @Wire("account.token-issued/1")
  record TokenIssued(
      String tokenId,
      String label,
      String secretHash,
      PSortedSet<String> scopes,
      @Nullable Instant expires,
      Instant at)
      implements AccountEvent {}

  /** A token is no longer good. */
  @Wire("account.token-revoked/1")
  record TokenRevoked(String tokenId, String reason, Instant at) implements AccountEvent {}
}
