package io.tandem.protocol.media.srtp;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * HMAC-SHA1 (RFC 2104) over the JDK's SHA-1: its Mac makes two arrays a packet, this makes none.
 * Not thread-safe.
 */
final class HmacSha1 {
  static final int OCTETS = 20;
  private static final int BLOCK_OCTETS = 64;

  private final MessageDigest sha1;
  private final byte[] inner = new byte[BLOCK_OCTETS];
  private final byte[] outer = new byte[BLOCK_OCTETS];
  private final byte[] digest = new byte[OCTETS];

  /**
   * @param key 64 octets at most
   */
  HmacSha1(byte[] key) {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("the JDK has no SHA-1", absent);
    }
    for (int i = 0; i < BLOCK_OCTETS; i++) {
      byte octet = i < key.length ? key[i] : 0;
      inner[i] = (byte) (octet ^ 0x36);
      outer[i] = (byte) (octet ^ 0x5c);
    }
  }

  /**
   * The code of a packet and the word behind it; 20 octets, good until the next call.
   *
   * @param packet begins at octet 0
   * @param word big-endian, what RFC 3711 4.2 appends: the rollover counter
   */
  byte[] of(byte[] packet, int octets, int word) {
    sha1.update(inner);
    sha1.update(packet, 0, octets);
    sha1.update((byte) (word >>> 24));
    sha1.update((byte) (word >>> 16));
    sha1.update((byte) (word >>> 8));
    sha1.update((byte) word);
    return finish();
  }

  /** The code of a packet alone. */
  byte[] of(byte[] packet, int octets) {
    sha1.update(inner);
    sha1.update(packet, 0, octets);
    return finish();
  }

  private byte[] finish() {
    try {
      int unused = sha1.digest(digest, 0, OCTETS);
      sha1.update(outer);
      sha1.update(digest, 0, OCTETS);
      unused = sha1.digest(digest, 0, OCTETS);
      return digest;
    } catch (DigestException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Compares the first octets with a tag, in the same time whatever they are. */
  boolean matches(byte[] packet, int tagOffset, int tagOctets) {
    int different = 0;
    for (int i = 0; i < tagOctets; i++) {
      different |= digest[i] ^ packet[tagOffset + i];
    }
    return different == 0;
  }
}
