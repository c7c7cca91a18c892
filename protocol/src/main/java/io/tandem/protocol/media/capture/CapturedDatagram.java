package io.tandem.protocol.media.capture;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/**
 * One UDP datagram of a capture.
 *
 * @param at when it was seen
 * @param source where it came from
 * @param destination where it went
 * @param payload UDP payload; not copied
 */
public record CapturedDatagram(
    Instant at, InetSocketAddress source, InetSocketAddress destination, byte[] payload) {

  /** The voice octets when the payload is valid RTP of that payload type, else empty. */
  public Optional<byte[]> voice(int payloadType) {
    ByteBuf packet = Unpooled.wrappedBuffer(payload);
    if (!RtpPacket.isValid(packet) || RtpPacket.payloadType(packet) != payloadType) {
      return Optional.empty();
    }
    byte[] octets = new byte[RtpPacket.payloadOctets(packet)];
    packet.getBytes(RtpPacket.payloadIndex(packet), octets);
    return Optional.of(octets);
  }
}
