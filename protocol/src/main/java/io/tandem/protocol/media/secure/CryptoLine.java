package io.tandem.protocol.media.secure;

import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpOpener;
import io.tandem.protocol.media.srtp.SrtpProfile;

/**
 * The value of an {@code a=crypto} attribute (RFC 4568 9): {@code 1 AES_CM_128_HMAC_SHA1_80
 * inline:…}. Never logged as text.
 *
 * @param tag names the line in the answer
 * @param keys what its describer sends with
 * @param lifetimePackets packets these keys may protect
 */
record CryptoLine(int tag, SrtpKeys keys, long lifetimePackets) {
  private static final String INLINE = "inline:";

  /** What reading a line comes to. */
  sealed interface Reading {
    /** It is one we can follow. */
    record Good(CryptoLine line) implements Reading {}

    /**
     * It is not.
     *
     * @param reason may be sent in a Warning; never quotes the line
     */
    record Refused(String reason) implements Reading {}
  }

  static Reading read(String value) {
    String[] words = value.strip().split(" +");
    if (words.length < 3 || !words[0].matches("[0-9]{1,9}")) {
      return new Reading.Refused("a=crypto is malformed");
    }
    SrtpProfile profile = SrtpProfile.ofSdesName(words[1]).orElse(null);
    if (profile == null) {
      return new Reading.Refused("this crypto suite is not spoken");
    }
    for (int i = 3; i < words.length; i++) {
      // RFC 4568 6.3: a window size is a hint, and ours is larger than any; the rest changes how
      // packets are protected, and must be followed or refused
      if (!words[i].startsWith("WSH=") && !words[i].startsWith("-")) {
        return new Reading.Refused("this crypto session parameter is not spoken");
      }
    }
    if (!words[2].startsWith(INLINE) || words[2].indexOf(';') >= 0) {
      return new Reading.Refused("one inline key is expected");
    }
    return keyed(Integer.parseInt(words[0]), profile, words[2].substring(INLINE.length()));
  }

  private static Reading keyed(int tag, SrtpProfile profile, String text) {
    String[] parts = text.split("\\|", -1);
    long lifetime = SrtpOpener.UNLIMITED;
    for (int i = 1; i < parts.length; i++) {
      if (parts[i].indexOf(':') >= 0) {
        return new Reading.Refused("a master key identifier (MKI) is not spoken");
      }
      lifetime = lifetime(parts[i]);
      if (lifetime <= 0 || i > 1) {
        return new Reading.Refused("the key lifetime is malformed");
      }
    }
    long packets = lifetime;
    return SrtpKeys.ofBase64(profile, parts[0])
        .<Reading>map(keys -> new Reading.Good(new CryptoLine(tag, keys, packets)))
        .orElse(new Reading.Refused("the key is not of the suite's length"));
  }

  /** {@code 2^31} or a plain number; 0 for anything else, and never more than a key can do. */
  private static long lifetime(String text) {
    if (text.matches("2\\^[0-9]{1,2}")) {
      int exponent = Integer.parseInt(text.substring(2));
      return exponent >= 48 ? SrtpOpener.UNLIMITED : 1L << exponent;
    }
    return text.matches("[0-9]{1,15}") ? Long.parseLong(text) : 0;
  }

  /** As it stands in the attribute. */
  String value() {
    return tag + " " + keys.profile().sdesName() + ' ' + INLINE + keys.base64();
  }

  @Override
  public String toString() {
    return "CryptoLine[" + tag + ' ' + keys.profile() + ']';
  }
}
