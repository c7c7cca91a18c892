package io.tandem.protocol.media.srtp;

/** AES counter mode with HMAC-SHA1 (RFC 3711 4.1.1, 4.2.1). No garbage. */
final class CounterCrypt implements PacketCrypt {
  private final AesCounter aes;
  private final HmacSha1 hmac;
  private final byte[] salt;
  private final int tagOctets;
  private final byte[] counter = new byte[AesCounter.BLOCK_OCTETS];

  CounterCrypt(SessionKeys keys, int tagOctets) {
    this.aes = new AesCounter(keys.cipherKey());
    this.hmac = new HmacSha1(keys.authenticationKey());
    this.salt = keys.salt();
    this.tagOctets = tagOctets;
  }

  @Override
  public int tagOctets() {
    return tagOctets;
  }

  @Override
  public int sealRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index) {
    aes.apply(counter(ssrc, index), packet, headerOctets, octets - headerOctets);
    System.arraycopy(hmac.of(packet, octets, (int) (index >>> 16)), 0, packet, octets, tagOctets);
    return octets + tagOctets;
  }

  @Override
  public int openRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index) {
    int plain = octets - tagOctets;
    byte[] unused = hmac.of(packet, plain, (int) (index >>> 16));
    if (!hmac.matches(packet, plain, tagOctets)) {
      return NOT_AUTHENTIC;
    }
    aes.apply(counter(ssrc, index), packet, headerOctets, plain - headerOctets);
    return plain;
  }

  @Override
  public int sealRtcp(byte[] packet, int octets, int ssrc, int index) {
    aes.apply(counter(ssrc, index), packet, RTCP_CLEAR_OCTETS, octets - RTCP_CLEAR_OCTETS);
    PacketCrypt.putWord(packet, octets, index | ENCRYPTED);
    System.arraycopy(hmac.of(packet, octets + 4), 0, packet, octets + 4, tagOctets);
    return octets + 4 + tagOctets;
  }

  @Override
  public int rtcpIndexWord(byte[] packet, int octets) {
    return PacketCrypt.word(packet, octets - tagOctets - 4);
  }

  @Override
  public int openRtcp(byte[] packet, int octets, int ssrc, int indexWord) {
    int signed = octets - tagOctets;
    byte[] unused = hmac.of(packet, signed);
    if (!hmac.matches(packet, signed, tagOctets)) {
      return NOT_AUTHENTIC;
    }
    int plain = signed - 4;
    long index = indexWord & ~ENCRYPTED;
    aes.apply(counter(ssrc, index), packet, RTCP_CLEAR_OCTETS, plain - RTCP_CLEAR_OCTETS);
    return plain;
  }

  /** IV = (salt * 2^16) XOR (SSRC * 2^64) XOR (index * 2^16). */
  private byte[] counter(int ssrc, long index) {
    System.arraycopy(salt, 0, counter, 0, salt.length);
    counter[14] = 0;
    counter[15] = 0;
    PacketCrypt.xorWord(counter, 4, ssrc);
    counter[8] ^= (byte) (index >>> 40);
    counter[9] ^= (byte) (index >>> 32);
    PacketCrypt.xorWord(counter, 10, (int) index);
    return counter;
  }
}
