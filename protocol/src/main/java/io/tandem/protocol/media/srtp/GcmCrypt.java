package io.tandem.protocol.media.srtp;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-GCM (RFC 7714). The JDK's cipher wants to be set up for each packet, which costs about a
 * kilobyte of garbage; counter mode has none.
 */
final class GcmCrypt implements PacketCrypt {
  private static final int TAG_OCTETS = 16;
  private static final int IV_OCTETS = 12;

  private final Cipher gcm;
  private final SecretKeySpec key;
  private final byte[] salt;
  private final byte[] iv = new byte[IV_OCTETS];
  private final byte[] indexWord = new byte[4];

  GcmCrypt(SessionKeys keys) {
    try {
      gcm = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException("the JDK has no AES-GCM", absent);
    }
    key = new SecretKeySpec(keys.cipherKey(), "AES");
    salt = keys.salt();
  }

  @Override
  public int tagOctets() {
    return TAG_OCTETS;
  }

  @Override
  public int sealRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index) {
    rtpIv(ssrc, index);
    return seal(packet, headerOctets, octets, false);
  }

  @Override
  public int openRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index) {
    rtpIv(ssrc, index);
    return open(packet, headerOctets, octets, false);
  }

  @Override
  public int sealRtcp(byte[] packet, int octets, int ssrc, int index) {
    PacketCrypt.putWord(indexWord, 0, index | ENCRYPTED);
    rtcpIv(ssrc, index);
    int sealed = seal(packet, RTCP_CLEAR_OCTETS, octets, true);
    System.arraycopy(indexWord, 0, packet, sealed, 4);
    return sealed + 4;
  }

  @Override
  public int rtcpIndexWord(byte[] packet, int octets) {
    return PacketCrypt.word(packet, octets - 4);
  }

  @Override
  public int openRtcp(byte[] packet, int octets, int ssrc, int word) {
    PacketCrypt.putWord(indexWord, 0, word);
    rtcpIv(ssrc, word & ~ENCRYPTED);
    return open(packet, RTCP_CLEAR_OCTETS, octets - 4, true);
  }

  private int seal(byte[] packet, int clearOctets, int octets, boolean rtcp) {
    try {
      gcm.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_OCTETS, iv));
      associate(packet, clearOctets, rtcp);
      return clearOctets
          + gcm.doFinal(packet, clearOctets, octets - clearOctets, packet, clearOctets);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM cannot seal", impossible);
    }
  }

  private int open(byte[] packet, int clearOctets, int octets, boolean rtcp) {
    try {
      gcm.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_OCTETS, iv));
      associate(packet, clearOctets, rtcp);
      return clearOctets
          + gcm.doFinal(packet, clearOctets, octets - clearOctets, packet, clearOctets);
    } catch (AEADBadTagException forged) {
      return NOT_AUTHENTIC;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-GCM cannot open", impossible);
    }
  }

  /** RFC 7714 7 and 9: the clear octets, for RTCP also the index word. */
  private void associate(byte[] packet, int clearOctets, boolean rtcp) {
    gcm.updateAAD(packet, 0, clearOctets);
    if (rtcp) {
      gcm.updateAAD(indexWord, 0, 4);
    }
  }

  /** RFC 7714 8.1: two zero octets, SSRC, rollover counter, sequence number; XOR salt. */
  private void rtpIv(int ssrc, long index) {
    System.arraycopy(salt, 0, iv, 0, IV_OCTETS);
    PacketCrypt.xorWord(iv, 2, ssrc);
    iv[6] ^= (byte) (index >>> 40);
    iv[7] ^= (byte) (index >>> 32);
    PacketCrypt.xorWord(iv, 8, (int) index);
  }

  /** RFC 7714 9.1: two zero octets, SSRC, two zero octets, index; XOR salt. */
  private void rtcpIv(int ssrc, int index) {
    System.arraycopy(salt, 0, iv, 0, IV_OCTETS);
    PacketCrypt.xorWord(iv, 2, ssrc);
    PacketCrypt.xorWord(iv, 8, index);
  }
}
