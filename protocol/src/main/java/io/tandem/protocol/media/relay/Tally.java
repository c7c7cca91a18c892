package io.tandem.protocol.media.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one leg: written by its event loop only, read by anybody at any time. Opaque
 * access: a plain store and a plain load on every machine we run on, no fence, never torn.
 */
final class Tally {
  /**
   * What is counted; octets are whole UDP payloads. What every packet touches stands first, so that
   * it shares a line of the cache.
   */
  enum Count {
    RTP_IN,
    RTP_OCTETS_IN,
    RTP_OUT,
    RTP_OCTETS_OUT,
    /** Missing by sequence number. */
    LOST,
    JITTER_MICROS,
    /** Monotonic time of the last packet of the latched source. */
    LAST_PACKET_NANOS,
    RTCP_IN,
    RTCP_OCTETS_IN,
    RTCP_OUT,
    RTCP_OCTETS_OUT,
    /** Neither RTP nor RTCP, or cut off. */
    INVALID,
    /** From a source that is not the party. */
    STRANGERS,
    /** Before anybody was expected. */
    EARLY,
    /** Neither authentic nor new, so the leg's transform would not have it. */
    REFUSED,
    /** Above the rate a voice stream can have. */
    EXCESS,
    /** Accepted but not passed on: not bridged, on hold, or nowhere to send to. */
    HELD_BACK,
    /** Not sent because the socket's queue was full. */
    CONGESTED,
    /** Times a source was latched; more than one is a move. */
    LATCHES,
    /** Loss the other end reports of what we send it, packets. */
    REPORTED_LOST,
    /** Jitter the other end reports, RTP ticks. */
    REPORTED_JITTER_TICKS,
    /** Fraction lost of the last report, 256ths. */
    REPORTED_FRACTION,
    /** To the other end and back, by its last report. */
    ROUND_TRIP_MICROS,
    /** Monotonic time of the last speech energy. */
    LAST_SPEECH_NANOS,
    /** Root mean square of the last measured packet; -1 before. */
    SPEECH_LEVEL
  }

  private static final int SIZE = Count.values().length;

  private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[] counts = new long[SIZE];

  void add(Count count, long more) {
    int i = count.ordinal();
    COUNT.setOpaque(counts, i, counts[i] + more);
  }

  void set(Count count, long value) {
    COUNT.setOpaque(counts, count.ordinal(), value);
  }

  long get(Count count) {
    return (long) COUNT.getOpaque(counts, count.ordinal());
  }
}
