package io.tandem.protocol.media.ice;

import java.security.SecureRandom;

/**
 * A user fragment and a password of one side (RFC 8839 5.4). The password is a key: it is in no log
 * and no event.
 *
 * @param ufrag 4 to 256 ice-chars
 * @param password 22 to 256 ice-chars
 */
public record IceCredentials(String ufrag, String password) {
  private static final String ICE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final int UFRAG_CHARS = 8;
  private static final int PASSWORD_CHARS = 24;

  /**
   * @throws IllegalArgumentException on what {@link #areValid} refuses
   */
  public IceCredentials {
    if (!areValid(ufrag, password)) {
      throw new IllegalArgumentException("not ICE credentials (RFC 8839 5.4)");
    }
  }

  /** Whether both are of the length and the characters the RFC asks for. */
  public static boolean areValid(String ufrag, String password) {
    return iceChars(ufrag, 4) && iceChars(password, 22);
  }

  /** Fresh ones: 144 bits of password. */
  public static IceCredentials random(SecureRandom random) {
    return new IceCredentials(chars(random, UFRAG_CHARS), chars(random, PASSWORD_CHARS));
  }

  private static String chars(SecureRandom random, int count) {
    StringBuilder text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(ICE_CHARS.charAt(random.nextInt(ICE_CHARS.length())));
    }
    return text.toString();
  }

  private static boolean iceChars(String text, int least) {
    return text.length() >= least
        && text.length() <= 256
        && text.chars().allMatch(c -> ICE_CHARS.indexOf(c) >= 0);
  }

  @Override
  public String toString() {
    return "IceCredentials[" + ufrag + "]";
  }
}
