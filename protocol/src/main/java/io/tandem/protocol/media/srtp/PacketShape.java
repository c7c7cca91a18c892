package io.tandem.protocol.media.srtp;

/** Where the parts of a packet lie that begins at octet 0 of an array. */
final class PacketShape {
  static final int MALFORMED = -1;
  private static final int FIXED_HEADER_OCTETS = 12;

  private PacketShape() {}

  /** Octets of an RTP header with its CSRC list and extension (RFC 3550 5.1); or MALFORMED. */
  static int rtpHeaderOctets(byte[] packet, int octets) {
    if (octets < FIXED_HEADER_OCTETS || (packet[0] & 0xc0) != 0x80) {
      return MALFORMED;
    }
    int header = FIXED_HEADER_OCTETS + 4 * (packet[0] & 0x0f);
    if ((packet[0] & 0x10) != 0) {
      if (octets < header + 4) {
        return MALFORMED;
      }
      header += 4 + 4 * ((packet[header + 2] & 0xff) << 8 | (packet[header + 3] & 0xff));
    }
    return header <= octets ? header : MALFORMED;
  }

  /** Whether it begins like RTCP: version 2 and a sender (RFC 3550 6.4). */
  static boolean isRtcp(byte[] packet, int octets) {
    return octets >= PacketCrypt.RTCP_CLEAR_OCTETS && (packet[0] & 0xc0) == 0x80;
  }

  static int sequence(byte[] packet) {
    return (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
  }

  static int rtpSource(byte[] packet) {
    return PacketCrypt.word(packet, 8);
  }

  static int rtcpSender(byte[] packet) {
    return PacketCrypt.word(packet, 4);
  }
}
