package io.tandem.node.edge.voice;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.protocol.media.relay.LegStatistics;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.voice.VoiceLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

/**
 * What calls sounded like and what their ports refused, added up when each ends: by side, the
 * caller's or the agent's. Loss, jitter and score are measured here ({@code heard}: what the side
 * sends us) and told by the side's own RTCP reports ({@code told}: what we send it).
 */
final class MediaMeters {
  private static final double HUNDREDTHS = 100;

  private final MeterRegistry meters;

  /** By side and fate: twenty of them count the end of each call. */
  private final Map<String, Counter> packets = new ConcurrentHashMap<>();

  MediaMeters(MeterRegistry meters) {
    this.meters = meters;
  }

  /** How the threads that decode, mix and encode keep up. */
  void beats(VoiceLoop loop) {
    FunctionCounter.builder("tandem.media.beats", loop, VoiceLoop::lateBeats)
        .tag("fate", "late")
        .register(meters);
    FunctionCounter.builder("tandem.media.beats", loop, VoiceLoop::failedBeats)
        .tag("fate", "failed")
        .register(meters);
    meters.gauge("tandem.media.voice.overloaded", loop, each -> each.isOverloaded() ? 1 : 0);
  }

  /**
   * A connected call has ended.
   *
   * @param clockRateHz of what each side is sent
   */
  void ended(Relay.Statistics counted, ToIntFunction<Side> clockRateHz) {
    for (Side side : Side.values()) {
      String name = side == Side.A ? "caller" : "agent";
      one(name, counted.of(side), clockRateHz.applyAsInt(side));
    }
  }

  private void one(String side, LegStatistics leg, int clockRateHz) {
    packets(side, "heard", leg.rtpIn().packets());
    packets(side, "sent", leg.rtpOut().packets());
    packets(side, "lost", leg.lost());
    packets(side, "reported-lost", Math.max(0, leg.reportedLost()));
    packets(side, "refused", leg.refused());
    packets(side, "strangers", leg.strangers() + leg.early());
    packets(side, "invalid", leg.invalid());
    packets(side, "excess", leg.excess());
    packets(side, "held-back", leg.heldBack());
    packets(side, "congested", leg.congested());
    if (leg.rtpIn().packets() > 0) {
      score(side, "heard", leg.mosHeardHundredths());
      jitter(side, "heard", leg.jitterMicros());
    }
    if (leg.rtcpIn().packets() > 0 && leg.rtpOut().packets() > 0) {
      score(side, "told", leg.mosReportedHundredths(clockRateHz));
      jitter(side, "told", leg.reportedJitterTicks() * 1_000_000 / clockRateHz);
    }
    if (leg.roundTripMicros() > 0) {
      meters
          .timer("tandem.media.round.trip", "side", side)
          .record(leg.roundTripMicros(), TimeUnit.MICROSECONDS);
    }
  }

  private void packets(String side, String fate, long count) {
    packets
        .computeIfAbsent(
            side + ' ' + fate,
            key -> meters.counter("tandem.media.packets", "side", side, "fate", fate))
        .increment(count);
  }

  private void score(String side, String by, int mosHundredths) {
    meters.summary("tandem.media.mos", "side", side, "by", by).record(mosHundredths / HUNDREDTHS);
  }

  private void jitter(String side, String by, long micros) {
    meters
        .timer("tandem.media.jitter", "side", side, "by", by)
        .record(micros, TimeUnit.MICROSECONDS);
  }
}
