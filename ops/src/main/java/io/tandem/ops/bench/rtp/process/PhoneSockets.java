package io.tandem.ops.bench.rtp.process;

import io.tandem.protocol.media.relay.Side;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where the generator's phones live: a few sockets a side, the calls spread over them in turn, so
 * that every process of the benchmark knows each phone's address without being told.
 *
 * @param firstPort of side A; side B begins 100 above
 */
public record PhoneSockets(int firstPort) {
  /** Sockets a side. */
  public static final int EACH_SIDE = 4;

  private static final int SIDES_APART = 100;

  /** The address of one socket. */
  public InetSocketAddress socket(Side side, int index) {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), firstPort + SIDES_APART * side.ordinal() + 2 * index);
  }

  /** The address of a call's phone on one side. */
  public InetSocketAddress phone(Side side, int call) {
    return socket(side, call % EACH_SIDE);
  }
}
