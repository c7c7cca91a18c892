package io.tandem.protocol.media.relay;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.relay.Tally.Count;
import io.tandem.protocol.media.rtcp.Reporter;
import io.tandem.protocol.media.rtcp.RtcpCompound;
import io.tandem.protocol.media.rtcp.SdesMask;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What one leg's party reports (RFC 3550 §6.4), and how far away it is: a sender report that we
 * passed on to it is named in its answer with the time it kept it, and the rest is the way there
 * and back.
 */
final class LegReports {
  /** Sender reports come every few seconds, an answer names one of the last. */
  private static final int REMEMBERED = 4;

  private static final long ROUND_TRIP_MICROS_MAX = 60_000_000L;

  private final Tally tally;
  private final Reporter reporter;
  private final int mask = ThreadLocalRandom.current().nextInt();
  private final int[] passedOn = new int[REMEMBERED];
  private final long[] passedOnNanos = new long[REMEMBERED];
  private int next;
  private long nowNanos;

  private final RtcpCompound.Listener fromParty =
      new RtcpCompound.Listener() {
        @Override
        public void senderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
          reporter.heard(ntp, nowNanos);
        }

        @Override
        public void reportBlock(
            int reporter,
            int source,
            int fractionLost,
            int lost,
            long highestSequence,
            long jitterTicks,
            int lastSenderReport,
            long delaySinceThen) {
          tally.set(Count.REPORTED_FRACTION, fractionLost);
          tally.set(Count.REPORTED_LOST, lost);
          tally.set(Count.REPORTED_JITTER_TICKS, jitterTicks);
          answered(lastSenderReport, delaySinceThen);
        }
      };

  private final RtcpCompound.Listener toParty =
      new RtcpCompound.Listener() {
        @Override
        public void senderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
          passedOn[next] = (int) (ntp >>> 16);
          passedOnNanos[next] = nowNanos;
          next = (next + 1) % REMEMBERED;
        }
      };

  LegReports(Tally tally, Reporter reporter) {
    this.tally = tally;
    this.reporter = reporter;
  }

  /** A valid compound packet came from the party. */
  void heard(ByteBuf compound, long now) {
    nowNanos = now;
    RtcpCompound.walk(compound, fromParty);
  }

  /** What the party's compound packet says of its person is not for the other one. */
  void mask(ByteBuf compound) {
    SdesMask.apply(compound, mask);
  }

  /** A valid compound packet is about to go to the party. */
  void passing(ByteBuf compound, long now) {
    nowNanos = now;
    RtcpCompound.walk(compound, toParty);
  }

  /** RFC 3550 §6.4.1: the round trip is A - LSR - DLSR, here on our own clock. */
  private void answered(int lastSenderReport, long delaySinceThen) {
    if (lastSenderReport == 0) {
      return; // it has seen none yet
    }
    for (int i = 0; i < REMEMBERED; i++) {
      if (passedOn[i] == lastSenderReport) {
        long keptNanos = (delaySinceThen * 1_000_000_000L) >> 16;
        long micros = (nowNanos - passedOnNanos[i] - keptNanos) / 1000;
        if (micros <= ROUND_TRIP_MICROS_MAX) {
          // A party that rounds its delay up may be faster than light.
          tally.set(Count.ROUND_TRIP_MICROS, Math.max(1, micros));
        }
        return;
      }
    }
  }
}
