package io.tandem.node.edge.voice;

import io.tandem.persistence.call.MediaFacts;
import io.tandem.protocol.media.relay.Hearing;
import io.tandem.protocol.media.relay.LegStatistics;
import io.tandem.protocol.media.relay.Relay;
import java.time.Duration;

/**
 * The longest silences of a connected call so far (COOL-2, DSP-5), of looks at who is heard once a
 * second and at each turn of the call. Immutable and pure.
 *
 * @param caller the caller's longest silences
 * @param agent the agent's
 * @param oneWayMillis one side sent packets, the other none
 * @param deadAirMillis nothing was heard of the agent before the timer
 */
public record Silences(Longest caller, Longest agent, long oneWayMillis, long deadAirMillis) {
  /** The other side is there when its last packet is no older than this. */
  private static final Duration THERE = Duration.ofSeconds(1);

  /** Nobody was silent yet. */
  public static final Silences NONE = new Silences(Longest.NONE, Longest.NONE, 0, 0);

  /**
   * The longest silences of one side.
   *
   * @param mediaMillis without a packet
   * @param speechMillis without speech energy, or {@link MediaFacts#UNKNOWN}
   */
  public record Longest(long mediaMillis, long speechMillis) {
    static final Longest NONE = new Longest(0, MediaFacts.UNKNOWN);

    private Longest with(Hearing.OfSide now) {
      return new Longest(
          Math.max(mediaMillis, now.withoutMedia().toMillis()),
          Math.max(
              speechMillis,
              now.withoutSpeech().map(Duration::toMillis).orElse(MediaFacts.UNKNOWN)));
    }
  }

  /**
   * After one more look.
   *
   * @param mayBeHeardMillis for how long the agent could be heard now: since the bridge, or since
   *     the caller took it back from hold; 0 while it cannot, and once the timer was reached
   */
  public Silences with(Hearing now, long mayBeHeardMillis) {
    Duration gone = now.a().withoutMedia();
    Duration otherGone = now.b().withoutMedia();
    Duration longer = gone.compareTo(otherGone) > 0 ? gone : otherGone;
    Duration shorter = gone.compareTo(otherGone) > 0 ? otherGone : gone;
    boolean oneWay = shorter.compareTo(THERE) <= 0 && longer.compareTo(THERE) > 0;
    long unheard =
        Math.max(
            otherGone.toMillis(),
            now.b().withoutSpeech().map(Duration::toMillis).orElse(MediaFacts.UNKNOWN));
    return new Silences(
        caller.with(now.a()),
        agent.with(now.b()),
        oneWay ? Math.max(oneWayMillis, longer.toMillis()) : oneWayMillis,
        Math.max(deadAirMillis, Math.min(unheard, mayBeHeardMillis)));
  }

  /** With the counters, for the call to keep. */
  public MediaFacts facts(Relay.Statistics counted) {
    return new MediaFacts(
        side(counted.a(), caller), side(counted.b(), agent), oneWayMillis, deadAirMillis);
  }

  private static MediaFacts.OfSide side(LegStatistics counted, Longest longest) {
    return new MediaFacts.OfSide(
        counted.rtpIn().packets(),
        counted.lost(),
        counted.jitterMicros(),
        counted.mosHeardHundredths(),
        longest.mediaMillis(),
        longest.speechMillis());
  }
}
