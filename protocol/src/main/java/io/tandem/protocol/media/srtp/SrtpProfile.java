package io.tandem.protocol.media.srtp;

import java.util.Optional;

/**
 * A protection profile: a cipher, its key lengths and the length of the tags (RFC 4568 6.2, RFC
 * 6188 4, RFC 7714 12; DTLS numbers from RFC 5764 4.1.2 and RFC 7714 14.2).
 */
public enum SrtpProfile {
  AES_CM_128_HMAC_SHA1_80("AES_CM_128_HMAC_SHA1_80", 0x0001, 16, 14, 10, 10),
  /** The short tag is for RTP only; RTCP keeps ten octets (RFC 4568 6.2). */
  AES_CM_128_HMAC_SHA1_32("AES_CM_128_HMAC_SHA1_32", 0x0002, 16, 14, 4, 10),
  /** No DTLS number was ever assigned. */
  AES_256_CM_HMAC_SHA1_80("AES_256_CM_HMAC_SHA1_80", -1, 32, 14, 10, 10),
  /** No DTLS number was ever assigned. */
  AES_256_CM_HMAC_SHA1_32("AES_256_CM_HMAC_SHA1_32", -1, 32, 14, 4, 10),
  AEAD_AES_128_GCM("AEAD_AES_128_GCM", 0x0007, 16, 12, 16, 16),
  AEAD_AES_256_GCM("AEAD_AES_256_GCM", 0x0008, 32, 12, 16, 16);

  /** What a sealed RTCP packet grows by at most: a tag and the index word. */
  public static final int MAX_GROWTH_OCTETS = 16 + 4;

  private final String sdesName;
  private final int dtlsNumber;
  private final int keyOctets;
  private final int saltOctets;
  private final int rtpTagOctets;
  private final int rtcpTagOctets;

  SrtpProfile(
      String sdesName,
      int dtlsNumber,
      int keyOctets,
      int saltOctets,
      int rtpTagOctets,
      int rtcpTagOctets) {
    this.sdesName = sdesName;
    this.dtlsNumber = dtlsNumber;
    this.keyOctets = keyOctets;
    this.saltOctets = saltOctets;
    this.rtpTagOctets = rtpTagOctets;
    this.rtcpTagOctets = rtcpTagOctets;
  }

  /** The profile of that name in {@code a=crypto}; empty for one we do not speak. */
  public static Optional<SrtpProfile> ofSdesName(String name) {
    for (SrtpProfile profile : values()) {
      if (profile.sdesName.equalsIgnoreCase(name)) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /** The profile of that number in the DTLS extension use_srtp; empty for one we do not speak. */
  public static Optional<SrtpProfile> ofDtlsNumber(int number) {
    for (SrtpProfile profile : values()) {
      if (profile.dtlsNumber == number && number >= 0) {
        return Optional.of(profile);
      }
    }
    return Optional.empty();
  }

  /** Its name in {@code a=crypto}. */
  public String sdesName() {
    return sdesName;
  }

  /** Its number in the DTLS extension use_srtp; -1 when it has none. */
  public int dtlsNumber() {
    return dtlsNumber;
  }

  /** Octets of the master key, and of the session key. */
  public int keyOctets() {
    return keyOctets;
  }

  /** Octets of the master salt, and of the session salt. */
  public int saltOctets() {
    return saltOctets;
  }

  /** Octets of an RTP packet's tag. */
  public int rtpTagOctets() {
    return rtpTagOctets;
  }

  /** Octets of an RTCP packet's tag. */
  public int rtcpTagOctets() {
    return rtcpTagOctets;
  }

  /** Whether the cipher authenticates by itself (AES-GCM). */
  public boolean isAead() {
    return saltOctets == 12;
  }
}
