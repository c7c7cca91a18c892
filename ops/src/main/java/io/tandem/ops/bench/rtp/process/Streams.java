package io.tandem.ops.bench.rtp.process;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was sent when, and what came of it: shared by the sending and the receiving thread of the
 * generator. Stream {@code 2 * call + side}; a packet is known by its stream and sequence number.
 */
final class Streams {
  /** Packets a stream remembers: 20 s at 50 a second. */
  private static final int WINDOW = 1024;

  private static final int HISTOGRAM_MICROS = 500_000;

  private final AtomicLongArray sentNanos;

  /**
   * Counted twice, what was sent while warming up in the second place: code that did nothing until
   * the measurement begins would be thrown away by the compiler just then.
   */
  private final AtomicIntegerArray histogram = new AtomicIntegerArray(2 * HISTOGRAM_MICROS);

  private final AtomicLongArray sent = new AtomicLongArray(2);
  private final AtomicLongArray received = new AtomicLongArray(2);
  private volatile long measuredFrom = Long.MAX_VALUE;
  private final AtomicLong unexpected = new AtomicLong();

  Streams(int calls) {
    sentNanos = new AtomicLongArray(2 * calls * WINDOW);
  }

  /** The wall clock, which is also what the system stamps arrivals with. */
  static long wallNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  void measureFrom(long wallNanos) {
    measuredFrom = wallNanos;
  }

  void sent(int stream, int sequence, long wallNanos) {
    sentNanos.setOpaque(slot(stream, sequence), wallNanos);
    sent.incrementAndGet(place(wallNanos));
  }

  void received(int stream, int sequence, long wallNanos) {
    if (stream < 0 || 2L * stream * WINDOW >= 2L * sentNanos.length()) {
      unexpected.incrementAndGet();
      return;
    }
    long sentAt = sentNanos.getAndSet(slot(stream, sequence), 0);
    if (sentAt == 0) {
      unexpected.incrementAndGet();
    } else {
      int place = place(sentAt);
      received.incrementAndGet(place);
      long micros = Math.clamp((wallNanos - sentAt) / 1000, 0, HISTOGRAM_MICROS - 1L);
      histogram.incrementAndGet(place * HISTOGRAM_MICROS + (int) micros);
    }
  }

  /** 0 for what is measured, 1 for what was sent before; not a branch, see above. */
  private int place(long sentAt) {
    return (int) ((sentAt - measuredFrom) >>> 63);
  }

  private static int slot(int stream, int sequence) {
    return stream * WINDOW + (sequence & (WINDOW - 1));
  }

  long sent() {
    return sent.get(0);
  }

  long received() {
    return received.get(0);
  }

  /** Packets that nobody sent, or that came twice. */
  long unexpected() {
    return unexpected.get();
  }

  /** Latency in microseconds within which a share of the measured packets came. */
  long micros(double share) {
    long all = 0;
    for (int i = 0; i < HISTOGRAM_MICROS; i++) {
      all += histogram.get(i);
    }
    long seen = 0;
    for (int i = 0; i < HISTOGRAM_MICROS; i++) {
      seen += histogram.get(i);
      if (seen >= all * share) {
        return i;
      }
    }
    return HISTOGRAM_MICROS;
  }
}
