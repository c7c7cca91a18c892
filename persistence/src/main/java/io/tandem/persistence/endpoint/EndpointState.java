package io.tandem.persistence.endpoint;

import io.tandem.persistence.endpoint.EndpointEvent.Created;
import io.tandem.persistence.endpoint.EndpointEvent.PasswordChanged;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SIP endpoint after its events so far (TEL-1).
 *
 * @param username its SIP user name: the entity's id
 * @param credentials null before it was created
 */
@Wire("endpoint.state/1")
public record EndpointState(String username, @Nullable Credentials credentials)
    implements DomainState<EndpointState, EndpointEvent> {

  /**
   * Whose phone it is and what it answers a challenge with.
   *
   * @param algorithms what it is challenged with: {@code MD5}, {@code SHA-256} or both
   */
  public record Credentials(
      String accountId,
      String realm,
      Personal<String> ha1Md5,
      Personal<String> ha1Sha256,
      List<String> algorithms) {}

  /** An endpoint without events. */
  public static EndpointState initial(String username) {
    return new EndpointState(username, null);
  }

  @Override
  public EndpointState apply(EndpointEvent event) {
    return switch (event) {
      case Created e ->
          new EndpointState(
              username,
              new Credentials(e.accountId(), e.realm(), e.ha1Md5(), e.ha1Sha256(), e.algorithms()));
      case PasswordChanged e ->
          credentials == null
              ? this
              : new EndpointState(
                  username,
                  new Credentials(
                      credentials.accountId,
                      credentials.realm,
                      e.ha1Md5(),
                      e.ha1Sha256(),
                      e.algorithms()));
    };
  }
}
