package io.tandem.protocol.media.dtls;

import java.util.Optional;

/** Who begins the handshake, and the word for it in {@code a=setup} (RFC 4145 4, RFC 5763 5). */
public enum DtlsRole {
  /** Sends the ClientHello. */
  ACTIVE("active"),
  /** Waits for it. */
  PASSIVE("passive");

  /** What an offer says that leaves the choice to the answer. */
  public static final String EITHER = "actpass";

  private final String setup;

  DtlsRole(String setup) {
    this.setup = setup;
  }

  /** Its word in {@code a=setup}. */
  public String setup() {
    return setup;
  }

  /**
   * Our role toward an offer of that setup: passive where we may choose, for then nothing is sent
   * to an address nobody has proven. Empty for a word that is none.
   */
  public static Optional<DtlsRole> answering(String offered) {
    return switch (offered.strip()) {
      case "actpass", "active" -> Optional.of(PASSIVE);
      case "passive" -> Optional.of(ACTIVE);
      default -> Optional.empty();
    };
  }

  /** Our role when the answer to our actpass has that setup; empty for a word that is none. */
  public static Optional<DtlsRole> answered(String setup) {
    return switch (setup.strip()) {
      case "active" -> Optional.of(PASSIVE);
      case "passive" -> Optional.of(ACTIVE);
      default -> Optional.empty();
    };
  }
}
