package io.tandem.protocol.media.relay;

import io.tandem.protocol.media.loop.MediaLoops;
import io.tandem.protocol.media.loop.PortPair;
import io.tandem.protocol.media.socket.OpenFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the media of this node's calls is anchored: an address, a range of ports, and the event
 * loops that carry the packets. Hands out a {@link Relay} a call.
 */
public final class MediaAnchor implements AutoCloseable {
  /** What opening an anchor comes to. */
  public sealed interface Opening {
    /** It is open. */
    record Opened(MediaAnchor anchor) implements Opening {}

    /**
     * Not even the ports of one call could be bound.
     *
     * @param reason names the address, the range and what the system said; for the start-up message
     */
    record Refused(String reason) implements Opening {}
  }

  /** What asking for a relay comes to. */
  public sealed interface Allocation {
    /** The ports are ours. */
    record Granted(Relay relay) implements Allocation {}

    /**
     * Every port of the range is in use, resting, or kept by another program; 503 for the caller.
     * Retry: after a call has ended and its ports have rested.
     *
     * @param inUse pairs that calls hold
     * @param resting pairs in quarantine
     * @param busy pairs that another program keeps
     */
    record Exhausted(int inUse, int resting, int busy) implements Allocation {}

    /** The anchor was closed; the node is going down. */
    record Closed() implements Allocation {}
  }

  /**
   * The anchor's own counters.
   *
   * @param relays open now
   * @param boundPairs port pairs bound
   * @param restingPairs port pairs in quarantine
   * @param busyPairs port pairs another program keeps from us
   * @param strays datagrams that arrived on a port without a call
   */
  public record Statistics(
      int relays, int boundPairs, int restingPairs, int busyPairs, long strays) {}

  private final AnchorSettings settings;
  private final LongSupplier nanoClock;
  private final MediaLoops loops;
  private final PortPool<PortPair> pool;
  private final LongAdder strays = new LongAdder();
  private final ConcurrentHashMap<Relay, PortPool.Taken<PortPair>> open = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile @Nullable IOException lastBindFailure;

  private MediaAnchor(AnchorSettings settings, LongSupplier nanoClock) {
    this.settings = settings;
    this.nanoClock = nanoClock;
    this.loops = settings.wire().open(settings.eventLoops(), settings.precedence());
    this.pool =
        new PortPool<>(
            settings.ports(),
            loops::pairsMax,
            settings.eventLoops(),
            settings.quarantine().toNanos(),
            nanoClock,
            this::bind);
  }

  /**
   * Starts the loops and binds the first ports.
   *
   * @param nanoClock monotonic nanoseconds, {@code System::nanoTime} outside tests; times every
   *     packet, latch and quarantine
   */
  public static Opening open(AnchorSettings settings, LongSupplier nanoClock) {
    MediaAnchor anchor = new MediaAnchor(settings, nanoClock);
    anchor.pool.warm(Math.max(2, settings.warmPairs()));
    if (anchor.pool.stock().bound() < 2) {
      IOException cause = anchor.lastBindFailure;
      anchor.close();
      return new Opening.Refused(
          "no two RTP port pairs in %s can be bound on %s: %s"
              .formatted(
                  settings.ports(),
                  settings.address().getHostAddress(),
                  cause == null ? "the range is empty" : cause.getMessage()));
    }
    return new Opening.Opened(anchor);
  }

  /**
   * The most pairs of a range that are ever bound: all, or fewer where the process may not open two
   * files for each beside what the rest of it needs ({@link OpenFiles}). Sockets that are connected
   * to a party take files, too, while there are some to spare. Calls beyond get {@link
   * Allocation.Exhausted} instead of taking the descriptors of the database and of classes.
   */
  public static int pairsMax(PortRange range) {
    return Math.min(range.pairs(), OpenFiles.pairsMax());
  }

  /** The clock that times packets, monotonic nanoseconds. */
  public LongSupplier nanoClock() {
    return nanoClock;
  }

  /** The address the ports are bound on. */
  public InetAddress address() {
    return settings.address();
  }

  /**
   * Two port pairs for a call, at once; binds only when the pool has none that rested.
   *
   * @param callKey names the call in diagnostics; no personal data
   */
  public Allocation allocate(String callKey) {
    if (closed) {
      return new Allocation.Closed();
    }
    Optional<PortPool.Taken<PortPair>> taken = pool.takeTwo();
    if (taken.isEmpty()) {
      PortPool.Stock stock = pool.stock();
      return new Allocation.Exhausted(stock.lent(), stock.resting(), stock.busy());
    }
    PortPool.Taken<PortPair> pairs = taken.get();
    Relay relay =
        new Relay(
            callKey,
            pairs.first(),
            pairs.second(),
            nanoClock,
            SourceLatch.Patience.DEFAULT,
            this::release);
    open.put(relay, pairs);
    return new Allocation.Granted(relay);
  }

  /** The relays that are open now, in no order; a live view. */
  public Iterable<Relay> relays() {
    return open.keySet();
  }

  /** Counters of the anchor itself. */
  public Statistics statistics() {
    PortPool.Stock stock = pool.stock();
    return new Statistics(open.size(), stock.bound(), stock.resting(), stock.busy(), strays.sum());
  }

  /** Closes every relay and socket and ends the loops; returns when they have ended, or in 5 s. */
  @Override
  public void close() {
    closed = true;
    open.keySet().forEach(Relay::close);
    pool.drain(PortPair::close);
    loops.close();
  }

  /** Whether all its threads run; one that ended unasked leaves its calls without voice. */
  public boolean carries() {
    return closed || loops.areAlive();
  }

  /** The most port pairs that may be bound now, of all that the range has. */
  public int pairsMaxNow() {
    return Math.min(settings.ports().pairs(), loops.pairsMax());
  }

  /** The JVM's ids of the threads that carry media, for who measures what they cost. */
  public long[] loopThreadIds() {
    return loops.threadIds();
  }

  private void release(Relay relay) {
    PortPool.Taken<PortPair> taken = open.remove(relay);
    if (taken != null) {
      pool.giveBack(taken);
    }
  }

  private Optional<PortPair> bind(int rtpPort, int loop) {
    try {
      return Optional.of(loops.bind(settings.address(), rtpPort, loop, strays));
    } catch (IOException busy) {
      lastBindFailure = busy;
      return Optional.empty();
    }
  }
}
