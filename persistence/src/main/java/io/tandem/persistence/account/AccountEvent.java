package io.tandem.persistence.account;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What happened to an account: a company with its own agents, numbers, phones and money. */
public sealed interface AccountEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /** The account exists; its wallet is in {@code currency}, its days are counted in {@code timeZone}. */
  record Created(Personal<String> name, String currency, ZoneId timeZone, Instant at) implements AccountEvent {}

  /**
   * An API token was issued; the secret itself was shown once and is not here (ACC-4).
   *
   * @param secretHash SHA-256 of the random secret, hexadecimal
   * @param scopes what it may do
   * @param expires null for never
   */
  record TokenIssued(
      String tokenId, String label, String secretHash, Set<String> scopes, @Nullable Instant expires, Instant at)
      implements AccountEvent {}

  /** A token is no longer good. */
  record TokenRevoked(String tokenId, String reason, Instant at) implements AccountEvent {}
}
