package io.tandem.protocol.sip.identity;

/**
 * What an Identity header is worth (RFC 8224 section 6.2.2, RFC 8588): vouched for, or why not,
 * with the SIP status that would say so.
 */
public sealed interface Verification {

  /** The signer vouches for the number, as far as it says. */
  record Vouched(Attestation attestation, String originId) implements Verification {}

  /** Nobody signed. */
  record Unsigned() implements Verification {}

  /**
   * Signed, and not believed.
   *
   * @param status 403 stale, 436 no certificate, 437 a certificate that is not trusted, 438 the
   *     signature or the numbers do not fit
   * @param why in few words, without numbers
   */
  record Doubtful(int status, String why) implements Verification {}

  /** As it may be shown to the called party (ATIS-1000074): the value of {@code verstat}. */
  default String verstat() {
    return switch (this) {
      case Vouched _ -> "TN-Validation-Passed";
      case Unsigned _ -> "No-TN-Validation";
      case Doubtful _ -> "TN-Validation-Failed";
    };
  }
}
