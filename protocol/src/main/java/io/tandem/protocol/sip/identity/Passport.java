package io.tandem.protocol.sip.identity;

import java.time.Instant;
import java.util.List;

/**
 * The claims of a SHAKEN PASSporT (RFC 8225, RFC 8588).
 *
 * @param from E.164 digits without plus
 * @param to E.164 digits without plus, at least one
 * @param originId a UUID that means something to the signer alone
 */
public record Passport(
    Attestation attestation, String from, List<String> to, Instant issuedAt, String originId) {

  public Passport {
    to = List.copyOf(to);
  }

  /** Without the numbers. */
  @Override
  public String toString() {
    return "Passport[" + attestation + "]";
  }
}
