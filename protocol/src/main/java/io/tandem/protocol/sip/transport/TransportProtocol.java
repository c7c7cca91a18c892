package io.tandem.protocol.sip.transport;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The transports spoken here; names as in Via, lower case as in URIs. */
public enum TransportProtocol {
  UDP,
  TCP,
  TLS,
  WS,
  WSS;

  private final String uriName = name().toLowerCase(Locale.ROOT);

  /** Whether the transport itself repeats lost bytes, so that no timer has to. */
  public boolean isReliable() {
    return this != UDP;
  }

  /** Whether what it carries is encrypted. */
  public boolean isSecure() {
    return this == TLS || this == WSS;
  }

  /** Whether only the peer can open a connection: a browser listens on nothing (RFC 7118). */
  public boolean isWebSocket() {
    return this == WS || this == WSS;
  }

  /** As the transport parameter of a URI has it. */
  public String uriName() {
    return uriName;
  }

  /** The transport a URI parameter or a Via names, in any case; null means UDP (RFC 3263 4.1). */
  public static Optional<TransportProtocol> named(@Nullable String name) {
    if (name == null) {
      return Optional.of(UDP);
    }
    for (TransportProtocol protocol : values()) {
      if (protocol.uriName.equalsIgnoreCase(name)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }
}
