package io.tandem.protocol.media.srtp;

/**
 * The cryptographic transform of one direction (RFC 3711 2, 4): no state of any stream, so what it
 * does to a packet depends on the packet and its index alone. Packets begin at octet 0 of a working
 * array of {@link #WORK_OCTETS}. Not thread-safe.
 */
sealed interface PacketCrypt permits CounterCrypt, GcmCrypt {
  /** The longest packet, and room for what sealing adds. */
  int WORK_OCTETS = 2048;

  /** The flag of an SRTCP index word: the packet is encrypted (RFC 3711 3.4). */
  int ENCRYPTED = 0x8000_0000;

  /** RTCP leaves its first header and sender in clear. */
  int RTCP_CLEAR_OCTETS = 8;

  /** What opening answers for a packet that nobody with the key has made. */
  int NOT_AUTHENTIC = -1;

  static PacketCrypt of(SrtpProfile profile, SessionKeys keys, boolean rtcp) {
    return profile.isAead()
        ? new GcmCrypt(keys)
        : new CounterCrypt(keys, rtcp ? profile.rtcpTagOctets() : profile.rtpTagOctets());
  }

  /** What a sealed RTP packet is longer by; an RTCP packet by four more. */
  int tagOctets();

  /**
   * Encrypts the payload and appends the tag.
   *
   * @param headerOctets what stays in clear
   * @param index 48 bits: rollover counter and sequence number
   * @return the new length
   */
  int sealRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index);

  /**
   * Checks the tag and decrypts the payload.
   *
   * @return the new length or {@link #NOT_AUTHENTIC}
   */
  int openRtp(byte[] packet, int headerOctets, int octets, int ssrc, long index);

  /**
   * Encrypts an RTCP packet, and appends tag and index word.
   *
   * @param index 31 bits
   * @return the new length
   */
  int sealRtcp(byte[] packet, int octets, int ssrc, int index);

  /** The index word of a sealed RTCP packet that is long enough to have one. */
  int rtcpIndexWord(byte[] packet, int octets);

  /**
   * Checks the tag and decrypts an RTCP packet.
   *
   * @param indexWord what {@link #rtcpIndexWord} read; it has the flag {@link #ENCRYPTED}
   * @return the new length or {@link #NOT_AUTHENTIC}
   */
  int openRtcp(byte[] packet, int octets, int ssrc, int indexWord);

  static int word(byte[] octets, int at) {
    return (octets[at] & 0xff) << 24
        | (octets[at + 1] & 0xff) << 16
        | (octets[at + 2] & 0xff) << 8
        | (octets[at + 3] & 0xff);
  }

  static void putWord(byte[] octets, int at, int word) {
    octets[at] = (byte) (word >>> 24);
    octets[at + 1] = (byte) (word >>> 16);
    octets[at + 2] = (byte) (word >>> 8);
    octets[at + 3] = (byte) word;
  }

  static void xorWord(byte[] octets, int at, int word) {
    octets[at] ^= (byte) (word >>> 24);
    octets[at + 1] ^= (byte) (word >>> 16);
    octets[at + 2] ^= (byte) (word >>> 8);
    octets[at + 3] ^= (byte) word;
  }
}
