package io.tandem.protocol.media.loop;

import java.io.IOException;

/**
 * How a {@link NativeLoop} learns that datagrams have come. The loop's own, but for {@link #add}
 * and {@link #wakeUp}, which any thread calls under the loop's lock.
 */
interface Arrivals {
  /** From now on the socket is read. */
  void add(NativeSocket socket) throws IOException;

  /** Ends a wait, or the next one. */
  void wakeUp();

  /**
   * Waits until something is there, and hands the loop what it is.
   *
   * @throws IllegalStateException when the system will not wait any more
   */
  void await(NativeLoop loop);

  /** Whether another thread can take what waits. */
  boolean canBeRelieved();

  /**
   * By that thread: hands the loop what waits, without waiting for more.
   *
   * @return whether anything was carried
   */
  boolean relieve(NativeLoop loop);

  /** The socket is about to be closed. */
  void forget(NativeSocket socket);

  /** Gives everything back but the sockets. */
  void close();
}
