package io.tandem.protocol.sip.sdp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The o= line of one leg's own descriptions, as a storable value: the session id stays for the
 * dialog's life, the version grows by one when the description changes and stays when it is sent
 * again (RFC 3264 5, 8).
 *
 * @param version of the last description issued; one below the first before any was
 * @param issuedSha256 hex hash of the last description issued, its o= line aside; empty before any
 *     was
 */
public record OwnOrigin(
    String username, long sessionId, long version, String address, String issuedSha256) {

  /** A description with this leg's o= line, and what to remember. */
  public record Issued(Sdp sdp, OwnOrigin origin) {}

  /**
   * The origin of a new leg.
   *
   * @param sessionId unique for this username and address: a clock reading or a random number, not
   *     negative
   */
  public static OwnOrigin fresh(String username, long sessionId, String address) {
    if (sessionId < 0) {
      throw new IllegalArgumentException("a session id is not negative");
    }
    return new OwnOrigin(username, sessionId, sessionId - 1, address, "");
  }

  /** Puts this leg's o= line into a description that is about to be sent. */
  public Issued issue(Sdp sdp) {
    String sha256 = sha256(sdp.withOrigin(new Origin("-", "0", "0", "IP4", "0.0.0.0")).text());
    long next = sha256.equals(issuedSha256) ? version : version + 1;
    OwnOrigin issued = new OwnOrigin(username, sessionId, next, address, sha256);
    return new Issued(sdp.withOrigin(issued.line()), issued);
  }

  private Origin line() {
    Connection own = Connection.of(address);
    return new Origin(
        username,
        Long.toString(sessionId),
        Long.toString(version),
        own.addressType(),
        own.address());
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("the JDK has no SHA-256", absent);
    }
  }
}
