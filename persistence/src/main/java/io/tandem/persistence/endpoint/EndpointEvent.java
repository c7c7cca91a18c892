package io.tandem.persistence.endpoint;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.List;

/**
 * What happened to a SIP endpoint, a phone's credentials (its user name is the entity's id)
 * (TEL-1).
 */
public sealed interface EndpointEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /**
   * The endpoint may register.
   *
   * @param ha1Md5 H(user:realm:password) by MD5, a secret as good as the password and sealed like
   *     one
   * @param ha1Sha256 the same by SHA-256
   * @param algorithms what it is challenged with: {@code MD5}, {@code SHA-256} or both
   */
  @Wire("endpoint.created/1")
  record Created(
      String accountId,
      String realm,
      Personal<String> ha1Md5,
      Personal<String> ha1Sha256,
      List<String> algorithms,
      Instant at)
      implements EndpointEvent {}

  /** A new password; the old one is no longer good. */
  @Wire("endpoint.password-changed/1")
  record PasswordChanged(
      Personal<String> ha1Md5, Personal<String> ha1Sha256, List<String> algorithms, Instant at)
      implements EndpointEvent {}
}
