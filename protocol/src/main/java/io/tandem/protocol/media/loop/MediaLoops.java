package io.tandem.protocol.media.loop;

import io.tandem.protocol.media.socket.OpenFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.atomic.LongAdder;

/** The threads that carry media, each with the port pairs it was given. */
public interface MediaLoops extends AutoCloseable {
  /**
   * Binds both ports and hands them to a loop; does not wait for the loop.
   *
   * @param rtpPort even
   * @param loop 0 to one below the number of loops
   * @param strays counts the packets that arrive while no leg is seated
   * @throws IOException when either port cannot be bound; then neither is
   */
  PortPair bind(InetAddress address, int rtpPort, int loop, LongAdder strays) throws IOException;

  /**
   * The most port pairs that may be bound now: of what files the process may have open, as many as
   * the rest of it does not need ({@link OpenFiles}).
   */
  default int pairsMax() {
    return OpenFiles.pairsMax();
  }

  /** Whether none of the threads has ended before {@link #close}. */
  boolean areAlive();

  /** The JVM's ids of the threads, for who measures what they cost. */
  long[] threadIds();

  /** Ends the loops and closes every socket they have; returns when they have ended, or in 5 s. */
  @Override
  void close();
}
