package io.tandem.protocol.media.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES in counter mode as RFC 3711 4.1.1 draws it: the counter's last two octets number the blocks
 * of a packet. The counter blocks of a whole packet go through the JDK's AES in one call, because
 * its own CTR mode wants new parameters, and so garbage, for each packet. Not thread-safe.
 */
final class AesCounter {
  static final int BLOCK_OCTETS = 16;

  /** The longest datagram the relay takes, in blocks. */
  private static final int MAX_BLOCKS = 128;

  private final Cipher aes;
  private final byte[] counters = new byte[MAX_BLOCKS * BLOCK_OCTETS];
  private final byte[] keystream = new byte[MAX_BLOCKS * BLOCK_OCTETS];

  AesCounter(byte[] key) {
    try {
      aes = Cipher.getInstance("AES/ECB/NoPadding");
      aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("the JDK has no AES", absent);
    }
  }

  /**
   * XORs the keystream into an array.
   *
   * @param counter the first block's; its last two octets are where the numbering starts
   * @param count octets, 2048 at most
   */
  void apply(byte[] counter, byte[] octets, int offset, int count) {
    int blocks = (count + BLOCK_OCTETS - 1) / BLOCK_OCTETS;
    int number = (counter[14] & 0xff) << 8 | (counter[15] & 0xff);
    for (int i = 0; i < blocks; i++) {
      int at = i * BLOCK_OCTETS;
      System.arraycopy(counter, 0, counters, at, BLOCK_OCTETS - 2);
      counters[at + 14] = (byte) ((number + i) >> 8);
      counters[at + 15] = (byte) (number + i);
    }
    try {
      int unused = aes.update(counters, 0, blocks * BLOCK_OCTETS, keystream, 0);
    } catch (ShortBufferException impossible) {
      throw new IllegalStateException(impossible);
    }
    for (int i = 0; i < count; i++) {
      octets[offset + i] ^= keystream[i];
    }
  }
}
