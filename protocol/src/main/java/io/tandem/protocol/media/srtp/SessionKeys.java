package io.tandem.protocol.media.srtp;

import java.util.Arrays;

/**
 * What one direction encrypts and authenticates with, derived once (RFC 3711 4.3 with a key
 * derivation rate of zero; RFC 6188 3; RFC 7714 11).
 *
 * @param cipherKey for AES
 * @param salt 14 octets for counter mode, 12 for GCM
 * @param authenticationKey for HMAC-SHA1; empty for GCM
 */
record SessionKeys(byte[] cipherKey, byte[] salt, byte[] authenticationKey) {
  private static final int AUTHENTICATION_KEY_OCTETS = 20;

  static final int LABEL_RTP = 0;
  static final int LABEL_RTCP = 3;

  /** The keys for RTP. */
  static SessionKeys forRtp(SrtpKeys master) {
    return derive(master, LABEL_RTP);
  }

  /** The keys for RTCP. */
  static SessionKeys forRtcp(SrtpKeys master) {
    return derive(master, LABEL_RTCP);
  }

  private static SessionKeys derive(SrtpKeys master, int firstLabel) {
    SrtpProfile profile = master.profile();
    AesCounter prf = new AesCounter(master.key());
    return new SessionKeys(
        octets(prf, master.salt(), firstLabel, profile.keyOctets()),
        octets(prf, master.salt(), firstLabel + 2, profile.saltOctets()),
        profile.isAead()
            ? new byte[0]
            : octets(prf, master.salt(), firstLabel + 1, AUTHENTICATION_KEY_OCTETS));
  }

  /** PRF_n(k_master, x): the keystream that begins at x * 2^16, x = label at octet 7 XOR salt. */
  static byte[] octets(AesCounter prf, byte[] masterSalt, int label, int count) {
    byte[] counter = Arrays.copyOf(masterSalt, AesCounter.BLOCK_OCTETS);
    counter[7] ^= (byte) label;
    byte[] octets = new byte[count];
    prf.apply(counter, octets, 0, count);
    return octets;
  }

  @Override
  public String toString() {
    return "SessionKeys";
  }
}
