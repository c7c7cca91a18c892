package io.tandem.protocol.media.loop;

import io.tandem.protocol.media.socket.Precedence;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Threads that carry media by the system's own calls: Linux, without garbage. */
final class NativeLoops implements MediaLoops {
  private static final long SHUTDOWN_MILLIS = 5000;

  private final List<NativeLoop> loops = new ArrayList<>();
  private final SocketBudget budget;

  /** Makes what a loop waits with. */
  @FunctionalInterface
  interface Waiting {
    Arrivals open() throws IOException;
  }

  /**
   * @throws UncheckedIOException when the process has no descriptors left
   */
  NativeLoops(int threads, Precedence wanted, Waiting waiting, SocketBudget budget) {
    this.budget = budget;
    try {
      for (int i = 1; i <= threads; i++) {
        loops.add(NativeLoop.start("media-" + i, wanted, waiting.open()));
      }
    } catch (IOException noDescriptors) {
      close();
      throw new UncheckedIOException(noDescriptors);
    }
  }

  @Override
  public PortPair bind(InetAddress address, int rtpPort, int loop, LongAdder strays)
      throws IOException {
    return NativePair.bind(address, rtpPort, loops.get(loop), budget, strays);
  }

  @Override
  public int pairsMax() {
    return budget.pairsMax();
  }

  @Override
  public boolean areAlive() {
    return loops.stream().allMatch(loop -> loop.thread().isAlive());
  }

  @Override
  public long[] threadIds() {
    return loops.stream().flatMap(NativeLoop::threads).mapToLong(Thread::threadId).toArray();
  }

  @Override
  public void close() {
    loops.forEach(NativeLoop::end);
    try {
      for (NativeLoop loop : loops) {
        loop.thread().join(SHUTDOWN_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
