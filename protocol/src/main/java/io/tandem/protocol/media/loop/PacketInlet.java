package io.tandem.protocol.media.loop;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/**
 * Who is seated on a port pair: is handed every datagram of both ports, on the pair's loop.
 *
 * <p>The datagram lies between the reader and the writer index of a direct buffer that belongs to
 * the loop and is overwritten by the next one: it may be changed in place and must not be kept.
 */
public interface PacketInlet {
  /** So many steps {@link #anticipate} takes. */
  int STEPS = 4;

  /** A datagram this long or longer was cut off by the system and is not to be forwarded. */
  int MAX_DATAGRAM_OCTETS = 2048;

  /** What a datagram may grow by before it is sent: the tags of SRTP and SRTCP, and then some. */
  int ROOM_OCTETS = 64;

  /**
   * Before anything of the call is touched, by a loop whose threads are more than one: whether
   * nobody else is in it. Does not wait. Who got in must {@link #leave}.
   */
  boolean enter();

  /** After it; the next one sees all that was done. */
  void leave();

  /**
   * Reads here and there what the next packet will touch, and changes nothing. Between two packets
   * of a call come those of all others, so its state lies in slow memory: a loop that asks several
   * calls before it serves the first fetches them at a time and not one after the other.
   *
   * @param step from 0 to {@link #STEPS}: each asks for what the one before has brought the
   *     addresses of, so that no question waits for another
   * @return means nothing, but that it was read
   */
  int anticipate(int step);

  /** A datagram on the even port. */
  void onRtpPort(ByteBuf datagram, InetSocketAddress from);

  /** A datagram on the odd port. */
  void onRtcpPort(ByteBuf datagram, InetSocketAddress from);

  /** The system refused to read or to send one datagram; UDP promises nothing, the call goes on. */
  void onWireError();
}
