package io.tandem.protocol.media.rtp;

/**
 * What a receiver knows of the stream of one source: the extended sequence number, what was lost,
 * and the interarrival jitter (RFC 3550 appendices A.1, A.3 and A.8), in integer arithmetic as the
 * RFC writes it. The source address was proven before, so the RFC's probation of two packets is
 * left out: the first packet counts.
 *
 * <p>A new SSRC starts a new stream; packets and losses of the former ones stay in the sums. Not
 * thread-safe: it belongs to the loop that receives.
 */
public final class Reception {
  /** A forward jump of this many numbers or more is a restart, not loss (RFC 3550 A.1). */
  public static final int MAX_DROPOUT = 3000;

  /** A packet this far behind is still a late one, not a restart (RFC 3550 A.1). */
  public static final int MAX_MISORDER = 100;

  private static final int SEQUENCE_MODULUS = 1 << 16;
  private static final int NO_BAD_SEQUENCE = SEQUENCE_MODULUS + 1;

  private final int clockRateHz;

  private boolean started;
  private int ssrc;
  private int baseSequence;
  private int maxSequence;
  private long cycles;
  private int badSequence = NO_BAD_SEQUENCE;
  private long receivedInStream;

  private long receivedBefore;
  private long lostBefore;
  private long expectedAtReport;
  private long receivedAtReport;

  private int lastTimestamp;
  private int transit;
  private long jitterTimes16;

  /**
   * @param clockRateHz ticks a second of the payload's RTP clock, 8000 for G.711
   */
  public Reception(int clockRateHz) {
    if (clockRateHz <= 0) {
      throw new IllegalArgumentException("clockRateHz must be positive: " + clockRateHz);
    }
    this.clockRateHz = clockRateHz;
  }

  /** The state after a change of the clock rate: sums go on, the stream starts anew. */
  public Reception onwards(int nextClockRateHz) {
    Reception next = new Reception(nextClockRateHz);
    next.receivedBefore = received();
    next.lostBefore = lost();
    return next;
  }

  /**
   * Takes one valid packet into account.
   *
   * @param timestamp raw RTP timestamp
   * @param arrivalNanos monotonic
   */
  public void packet(int packetSsrc, int sequence, int timestamp, long arrivalNanos) {
    if (!started || packetSsrc != ssrc) {
      startStream(packetSsrc, sequence, timestamp, arrivalNanos);
    } else if (!follow(sequence, timestamp, arrivalNanos)) {
      return;
    }
    receivedInStream++;
    jitter(timestamp, arrivalNanos);
  }

  private void startStream(int packetSsrc, int sequence, int timestamp, long arrivalNanos) {
    if (started) {
      closeStream();
    }
    started = true;
    ssrc = packetSsrc;
    restart(sequence, timestamp, arrivalNanos);
  }

  private void closeStream() {
    lostBefore += Math.max(0, expectedInStream() - receivedInStream);
    receivedBefore += receivedInStream;
  }

  private void restart(int sequence, int timestamp, long arrivalNanos) {
    baseSequence = sequence;
    maxSequence = sequence;
    cycles = 0;
    badSequence = NO_BAD_SEQUENCE;
    receivedInStream = 0;
    expectedAtReport = 0;
    receivedAtReport = 0;
    lastTimestamp = timestamp;
    transit = ticks(arrivalNanos) - timestamp;
  }

  /** RFC 3550 A.1, update_seq: false while a jump has not been confirmed by a second packet. */
  private boolean follow(int sequence, int timestamp, long arrivalNanos) {
    int delta = (sequence - maxSequence) & 0xffff;
    if (delta < MAX_DROPOUT) {
      if (sequence < maxSequence) {
        cycles += SEQUENCE_MODULUS;
      }
      maxSequence = sequence;
    } else if (delta <= SEQUENCE_MODULUS - MAX_MISORDER) {
      if (sequence != badSequence) {
        badSequence = (sequence + 1) & 0xffff;
        return false;
      }
      // Two in a row: the other side restarted without telling anybody.
      closeStream();
      restart(sequence, timestamp, arrivalNanos);
    }
    return true;
  }

  /**
   * RFC 3550 A.8. Packets of one timestamp, as all of a telephone event are, say nothing of the
   * network's time.
   */
  private void jitter(int timestamp, long arrivalNanos) {
    if (timestamp != lastTimestamp) {
      int nowInTransit = ticks(arrivalNanos) - timestamp;
      long difference = Math.abs((long) (nowInTransit - transit));
      jitterTimes16 += difference - ((jitterTimes16 + 8) >> 4);
      lastTimestamp = timestamp;
      transit = nowInTransit;
    }
  }

  private int ticks(long nanos) {
    return (int) (nanos / 1000 * clockRateHz / 1_000_000);
  }

  private long expectedInStream() {
    return started ? extendedHighestSequence() - baseSequence + 1 : 0;
  }

  /** Packets taken in, of all streams so far; duplicates count. */
  public long received() {
    return receivedBefore + receivedInStream;
  }

  /**
   * Packets missing by sequence number, of all streams so far; duplicates never make it negative.
   */
  public long lost() {
    return lostBefore + Math.max(0, expectedInStream() - receivedInStream);
  }

  /**
   * Packets missing of the current source, negative when duplicates came: what a report block says
   * (RFC 3550 A.3).
   */
  public long lostOfSource() {
    return expectedInStream() - receivedInStream;
  }

  /** Highest sequence number seen, with the count of cycles above 16 bits (RFC 3550 A.1). */
  public long extendedHighestSequence() {
    return cycles + maxSequence;
  }

  /** Interarrival jitter in ticks of the RTP clock (RFC 3550 §6.4.1). */
  public long jitterTicks() {
    return jitterTimes16 >> 4;
  }

  /** Interarrival jitter in microseconds. */
  public long jitterMicros() {
    return (jitterTimes16 * 1_000_000 / clockRateHz) >> 4;
  }

  /** SSRC of the current stream; 0 before the first packet. */
  public int ssrc() {
    return ssrc;
  }

  /**
   * Fraction of the packets lost since the last call, in 256ths (RFC 3550 A.3). To be called once a
   * report.
   */
  public int fractionLostSinceLastReport() {
    long expected = expectedInStream() - expectedAtReport;
    long received = receivedInStream - receivedAtReport;
    expectedAtReport += expected;
    receivedAtReport += received;
    long lost = expected - received;
    return expected == 0 || lost <= 0 ? 0 : (int) Math.min(255, (lost << 8) / expected);
  }
}
