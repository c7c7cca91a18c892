package io.tandem.protocol.media.relay;

import java.time.Duration;
import java.util.Optional;

/**
 * Who is heard on a call now, as far as packets and speech energy tell (COOL-2, DSP-5).
 *
 * @param a the caller's side
 * @param b the called party's side
 */
public record Hearing(OfSide a, OfSide b) {
  /**
   * One side's voice.
   *
   * @param withoutMedia since its last packet, or since the bridge where none has come
   * @param withoutSpeech since its last speech energy, or since the bridge; packets without speech
   *     are silence. Empty when its codec is not measured: only G.711, G.722 and Opus are
   * @param level root mean square of the last measured packet, of 32768
   */
  public record OfSide(Duration withoutMedia, Optional<Duration> withoutSpeech, int level) {
    /** The dead-air clock: no packets or no speech for at least so long. */
    public boolean deadFor(Duration limit) {
      return withoutMedia.compareTo(limit) >= 0
          || withoutSpeech.filter(silent -> silent.compareTo(limit) >= 0).isPresent();
    }
  }

  /** One side. */
  public OfSide of(Side side) {
    return side == Side.A ? a : b;
  }

  /**
   * The side that has sent no packet for so long while the other one does: one-way audio, seen from
   * here. Empty when both are there, or neither is.
   */
  public Optional<Side> oneWayFor(Duration limit) {
    boolean goneA = a.withoutMedia().compareTo(limit) >= 0;
    boolean goneB = b.withoutMedia().compareTo(limit) >= 0;
    if (goneA == goneB) {
      return Optional.empty();
    }
    return Optional.of(goneA ? Side.A : Side.B);
  }
}
