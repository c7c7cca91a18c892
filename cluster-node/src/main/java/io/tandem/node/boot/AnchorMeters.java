package io.tandem.node.boot;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tandem.protocol.media.relay.MediaAnchor;
import java.util.function.ToIntFunction;

/** What the anchor's ports are doing, as meters: the stock of the pool and stray packets. */
final class AnchorMeters {
  private AnchorMeters() {}

  static void register(MeterRegistry meters, MediaAnchor anchor) {
    pairs(meters, anchor, "bound", MediaAnchor.Statistics::boundPairs);
    pairs(meters, anchor, "resting", MediaAnchor.Statistics::restingPairs);
    pairs(meters, anchor, "busy", MediaAnchor.Statistics::busyPairs);
    Gauge unusedRelays =
        Gauge.builder("tandem.media.relays", anchor, a -> a.statistics().relays()).register(meters);
    Gauge unusedMax =
        Gauge.builder("tandem.media.pairs.max", anchor, MediaAnchor::pairsMaxNow).register(meters);
    FunctionCounter unusedStrays =
        FunctionCounter.builder("tandem.media.strays", anchor, a -> a.statistics().strays())
            .register(meters);
  }

  private static void pairs(
      MeterRegistry meters,
      MediaAnchor anchor,
      String state,
      ToIntFunction<MediaAnchor.Statistics> count) {
    Gauge unused =
        Gauge.builder("tandem.media.pairs", anchor, a -> count.applyAsInt(a.statistics()))
            .tag("state", state)
            .register(meters);
  }
}
