package io.tandem.protocol.sip.identity;

import java.util.Optional;

/** How much the signer knows of the caller (RFC 8588 section 4, ATIS-1000074). */
public enum Attestation {
  /** Full: its customer, and the number is the customer's. */
  A,
  /** Partial: its customer; the number may be another's. */
  B,
  /** Gateway: it came in from elsewhere. */
  C;

  /** By its letter. */
  public static Optional<Attestation> of(String letter) {
    for (Attestation each : values()) {
      if (each.name().equals(letter)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
