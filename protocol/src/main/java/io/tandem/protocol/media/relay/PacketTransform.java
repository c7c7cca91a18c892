package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * What stands between one leg and its wire: SRTP, and the STUN and DTLS that share its port. Given
 * to a leg by {@link RelayLeg#secure}; then called for every datagram of that leg, on the leg's
 * loop and nowhere else, so it needs no locks and must not wait.
 *
 * <p>A packet lies between the reader and the writer index of a direct buffer and is changed in
 * place: {@code unprotect} shortens it by moving the writer index back, {@code protect} lengthens
 * it by {@link io.tandem.protocol.media.loop.PacketInlet#ROOM_OCTETS} at most. On {@code false} the
 * packet is dropped and counted ({@link LegStatistics#refused}); the call goes on.
 *
 * <p>Order of a packet that comes in: {@code control} or (is the source conceivable → {@code
 * unprotect} → latch → count → rewrite); one that goes out: rewrite → {@code protect} → send. So a
 * source is latched only when its packet was authentic, and SSRC and sequence numbers that {@code
 * protect} sees go on through a transfer.
 */
public interface PacketTransform {
  /** Decrypts and authenticates an RTP packet whose header is well-formed. */
  boolean unprotectRtp(ByteBuf packet);

  /** Decrypts and authenticates an RTCP packet whose first header is well-formed. */
  boolean unprotectRtcp(ByteBuf packet);

  /** Encrypts an RTP packet that is about to be sent. */
  boolean protectRtp(ByteBuf packet);

  /** Encrypts a compound RTCP packet that is about to be sent. */
  boolean protectRtcp(ByteBuf packet);

  /**
   * A datagram on the RTP port whose first octet is neither RTP's nor RTCP's (RFC 7983): STUN
   * (0–3), DTLS (20–63) and the rest. From anybody: the source is not judged. Answers go by {@link
   * RelayLeg#transmit}; what is to outlive this call must be copied.
   *
   * @param conceivable whether the source could be the party, as far as its address tells
   * @param nowNanos monotonic
   * @return false for garbage, which is counted as invalid
   */
  boolean control(ByteBuf datagram, InetSocketAddress from, boolean conceivable, long nowNanos);
}
