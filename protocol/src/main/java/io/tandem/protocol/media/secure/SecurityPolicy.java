package io.tandem.protocol.media.secure;

import java.util.Locale;
import java.util.Optional;

/**
 * What we offer a leg, and what we take from one. An offer of the other side's that is secure is
 * always answered securely, never downgraded.
 */
public enum SecurityPolicy {
  /** We offer plain RTP. */
  NONE("RTP/AVP"),
  /** We offer plain RTP with keys beside it; who takes them gets SRTP, the others are plain. */
  OPTIONAL("RTP/AVP"),
  /** We offer SRTP with keys in the signalling; plain offers and answers are refused. */
  REQUIRED("RTP/SAVP"),
  /** We offer DTLS-SRTP with ICE, as browsers want it; plain offers and answers are refused. */
  DTLS("UDP/TLS/RTP/SAVPF");

  private final String offeredProtocol;

  SecurityPolicy(String offeredProtocol) {
    this.offeredProtocol = offeredProtocol;
  }

  /** The policy of that name in the configuration. */
  public static Optional<SecurityPolicy> named(String name) {
    for (SecurityPolicy policy : values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(policy);
      }
    }
    return Optional.empty();
  }

  String offeredProtocol() {
    return offeredProtocol;
  }

  boolean takesPlain() {
    return this == NONE || this == OPTIONAL;
  }

  boolean offersKeys() {
    return this == OPTIONAL || this == REQUIRED;
  }
}
