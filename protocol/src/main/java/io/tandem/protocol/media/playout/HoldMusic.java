package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.mix.Sound;

/**
 * Music for who has none: four broken chords, plucked, made here, so that nobody is owed for it.
 * Within the telephone band.
 */
public final class HoldMusic {
  private static final int RATE_HZ = 16_000;
  private static final double NOTE_SECONDS = 0.25;
  private static final double PEAK = 4000;
  private static final double DECAY_A_SECOND = 5;

  /** C, A minor, F, G: semitones above middle C, each chord played up and down twice. */
  private static final int[][] CHORDS = {
    {0, 4, 7, 12}, {-3, 0, 4, 9}, {-7, 0, 5, 9}, {-5, 2, 7, 11}
  };

  private static final int[] UP_AND_DOWN = {0, 1, 2, 3, 2, 1};
  private static final double MIDDLE_C_HZ = 261.63;

  private HoldMusic() {}

  /** The same over and over. */
  public static Sound built() {
    int note = (int) (NOTE_SECONDS * RATE_HZ);
    int perChord = 2 * UP_AND_DOWN.length;
    short[] samples = new short[CHORDS.length * perChord * note];
    for (int i = 0; i < CHORDS.length * perChord; i++) {
      int[] chord = CHORDS[i / perChord];
      double hertz = MIDDLE_C_HZ * Math.pow(2, chord[UP_AND_DOWN[i % UP_AND_DOWN.length]] / 12.0);
      pluck(samples, i * note, hertz);
    }
    return Prompt.of(samples, RATE_HZ).looped();
  }

  /** A note with its octave and a fading ring of a second, which runs on under the next notes. */
  private static void pluck(short[] samples, int at, double hertz) {
    for (int i = 0; i < RATE_HZ; i++) {
      double seconds = (double) i / RATE_HZ;
      double wave = 2 * Math.PI * hertz * seconds;
      double sound = Math.sin(wave) + 0.4 * Math.sin(2 * wave);
      double loud = PEAK * Math.min(1, i / 80.0) * Math.exp(-DECAY_A_SECOND * seconds);
      int index = (at + i) % samples.length;
      samples[index] =
          (short)
              Math.clamp(samples[index] + (long) (loud * sound), Short.MIN_VALUE, Short.MAX_VALUE);
    }
  }
}
