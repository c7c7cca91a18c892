package io.tandem.persistence.security;

import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.security.SecurityEvent.DisclosureNoted;
import io.tandem.persistence.security.SecurityEvent.PersonErased;
import java.util.Optional;

/**
 * A log of security events after those so far: small however long it is.
 *
 * @param id {@code WHOSE:PART}: an account or {@link #PLATFORM}, and a day or {@link #ERASURES},
 *     {@link #DISCLOSURES} or {@link #HOLDS}
 * @param events how many there are
 * @param erasures the newest line of the log of erasures that is in it
 * @param disclosures the newest note of the trail of disclosures that is in it
 */
@Wire("security.state/1")
public record SecurityState(String id, long events, long erasures, long disclosures)
    implements DomainState<SecurityState, SecurityEvent> {

  /** Whose what concerns no single account is. */
  public static final String PLATFORM = "platform";

  /** The part that follows the log of erasures. */
  public static final String ERASURES = "erasures";

  /** The part that follows the trail of disclosures. */
  public static final String DISCLOSURES = "disclosures";

  /** The part that follows the log of legal holds: it has an event a line, and nothing else. */
  public static final String HOLDS = "holds";

  /** A log without events. */
  public static SecurityState initial(String id) {
    return new SecurityState(id, 0, 0, 0);
  }

  /** The account that a log belongs to; empty for the platform's. */
  public static Optional<String> account(String id) {
    String whose = id.substring(0, Math.max(0, id.lastIndexOf(':')));
    return whose.isEmpty() || whose.equals(PLATFORM) ? Optional.empty() : Optional.of(whose);
  }

  @Override
  public SecurityState apply(SecurityEvent event) {
    return switch (event) {
      case PersonErased e -> new SecurityState(id, events + 1, e.line(), disclosures);
      case DisclosureNoted e -> new SecurityState(id, events + 1, erasures, e.number());
      default -> new SecurityState(id, events + 1, erasures, disclosures);
    };
  }
}
