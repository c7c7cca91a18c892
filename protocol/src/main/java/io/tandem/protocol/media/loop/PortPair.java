package io.tandem.protocol.media.loop;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An even RTP port and the odd RTCP port above it, bound for the anchor's lifetime and lent to one
 * leg at a time. Between two legs the sockets go on reading, so that packets of a call that is over
 * are drained and counted as strays instead of waiting for the next call.
 */
public interface PortPair {
  /** The even port. */
  int rtpPort();

  /** From now on datagrams go to this leg; any thread. */
  void seat(PacketInlet inlet);

  /** From now on datagrams are strays; any thread. */
  void unseat();

  /**
   * On the loop: sends a datagram now.
   *
   * @param rtcpPort from the odd port instead of the even one
   * @return false when it was dropped because the socket's queue is full
   */
  boolean send(boolean rtcpPort, ByteBuf datagram, InetSocketAddress to);

  /**
   * As {@link PacketInlet#anticipate}, of what {@link #send} will touch.
   *
   * @param step 0 or 1
   */
  int anticipate(int step);

  /**
   * On the loop: RTCP will go there from the odd port. A hint: what the first one takes is made
   * now, when the party is named, and not between two packets.
   */
  void aim(InetSocketAddress rtcp);

  /**
   * On the loop: the RTP port's datagrams come from there and go there until further notice; null
   * for nobody. A hint that may make them cheaper; who else sends to the port is heard as before.
   */
  void settle(@Nullable InetSocketAddress source);

  /** Runs something on the pair's loop, soon; any thread. Nothing once the loop has ended. */
  void execute(Runnable task);

  /** Closes both sockets, soon; any thread. */
  void close();
}
