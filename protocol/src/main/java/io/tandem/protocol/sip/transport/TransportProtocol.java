package io.tandem.protocol.sip.transport;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transports spoken here; names as in Via, lower case as in URIs. */
public enum TransportProtocol {
  UDP,
  TCP;

  private final String uriName = name().toLowerCase(Locale.ROOT);

  /** Whether the transport itself repeats lost bytes, so that no timer has to. */
  public boolean isReliable() {
    return this != UDP;
  }

  /** As the transport parameter of a URI has it. */
  public String uriName() {
    return uriName;
  }

  /** The transport a URI parameter or a Via names, in any case; null means UDP (RFC 3263 4.1). */
  public static Optional<TransportProtocol> named(@Nullable String name) {
    if (name == null || name.equalsIgnoreCase("udp")) {
      return Optional.of(UDP);
    }
    return name.equalsIgnoreCase("tcp") ? Optional.of(TCP) : Optional.empty();
  }
}
