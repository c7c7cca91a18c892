package io.tandem.protocol.media.mix;

import io.tandem.protocol.media.codec.Resampler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One place in a {@link Mixer}: fill {@link #input} and call {@link #speak} before a pass, read
 * {@link #output} after it. Switches take effect with the next pass; all by the mixer's thread.
 */
public final class Seat {
  private static final double LOUDNESS_MEMORY = 0.8;

  /** A voice that is heard is given up for another only when that one is 3 dB louder. */
  private static final double BONUS_OF_THE_HEARD = 2;

  final int rateHz;
  final int samples;
  private final short[] input;
  private final short[] output;
  private final short[] own;
  private final GainControl gainControl = new GainControl();
  private final SpeechSense speech;
  private final @Nullable Resampler[] resamplers = new Resampler[Mixer.RATES];
  private final short[][] resampled = new short[Mixer.RATES][];

  private boolean present;
  private boolean speaking;
  private boolean muted;
  private boolean held;
  private boolean gainControlled;
  private double loudness;
  private Sound.@Nullable Playing playing;
  private boolean playsAlone;

  /** Heard in this pass. */
  boolean heard;

  private boolean shared;
  private short[] hears;

  Seat(int rateHz, boolean gainControlled, long nowNanos) {
    this.rateHz = rateHz;
    this.samples = rateHz / 50;
    this.gainControlled = gainControlled;
    this.input = new short[samples];
    this.output = new short[samples];
    this.own = new short[samples];
    this.hears = output;
    this.speech = new SpeechSense(nowNanos);
  }

  /** Samples a second of what goes in and comes out. */
  public int rateHz() {
    return rateHz;
  }

  /** Where to put the next 20 ms. */
  public short[] input() {
    return input;
  }

  /** The input holds 20 ms for the next pass. Without this the seat is silent in it. */
  public void speak(long nowNanos) {
    double meanSquare = SpeechSense.meanSquare(input, 0, samples);
    speaking = speech.frame(meanSquare, nowNanos);
    if (gainControlled) {
      gainControl.apply(input, samples, meanSquare, speaking);
    }
    loudness = LOUDNESS_MEMORY * loudness + (1 - LOUDNESS_MEMORY) * meanSquare;
    present = meanSquare > 0;
  }

  /** 20 ms of what this seat hears; shared with others when {@link #isShared}: do not write. */
  public short[] output() {
    return hears;
  }

  /** Whether {@link #output} is what every listener of this rate hears. */
  public boolean isShared() {
    return shared;
  }

  /** Whether it speaks, by its energy. */
  public boolean isSpeaking() {
    return speaking && !muted && !held;
  }

  /** Monotonic time of its last speech, also when muted; see {@link SpeechSense}. */
  public long lastSpeechNanos() {
    return speech.lastSpeechNanos();
  }

  /** A muted seat is not heard. */
  public void mute(boolean on) {
    muted = on;
  }

  /** Whether it is muted. */
  public boolean isMuted() {
    return muted;
  }

  /** A seat on hold neither hears the room nor is heard; it hears what is played to it. */
  public void hold(boolean on) {
    held = on;
  }

  /** Whether its loudness is evened out. */
  public void controlGain(boolean on) {
    gainControlled = on;
  }

  /**
   * Plays something to this seat only.
   *
   * @param alone in place of the room, else with it
   */
  public void play(Sound sound, boolean alone) {
    playing = sound.at(rateHz);
    playsAlone = alone;
  }

  /** Ends what is played to this seat. */
  public void stop() {
    playing = null;
  }

  /** Whether something is still being played to this seat. */
  public boolean isPlaying() {
    return playing != null;
  }

  boolean mayBeHeard() {
    return present && !muted && !held;
  }

  double rank() {
    return heard ? loudness * BONUS_OF_THE_HEARD : loudness;
  }

  /** Its voice at the rate of a layer. */
  short[] at(Layer layer, int index) {
    if (layer.rateHz == rateHz) {
      return input;
    }
    Resampler resampler = resamplers[index];
    if (resampler == null) {
      resampler = new Resampler(rateHz, layer.rateHz);
      resamplers[index] = resampler;
      resampled[index] = new short[layer.samples];
    }
    resampler.resample(input, 0, samples, resampled[index], 0);
    return resampled[index];
  }

  /** The pass is over for this seat: what it hears of its layer. */
  void listen(Layer layer) {
    shared = !held && !heard && playing == null;
    hears = shared ? layer.shared : output;
    if (!shared) {
      if (held || (playing != null && playsAlone)) {
        Arrays.fill(output, (short) 0);
      } else if (heard) {
        layer.without(input, output);
      } else {
        System.arraycopy(layer.shared, 0, output, 0, samples);
      }
      playOver();
    }
    present = false;
  }

  private void playOver() {
    Sound.Playing sound = playing;
    if (sound == null) {
      return;
    }
    int count = sound.fill(own, 0, samples);
    for (int i = 0; i < count; i++) {
      output[i] = (short) Math.clamp(output[i] + own[i], Short.MIN_VALUE, Short.MAX_VALUE);
    }
    if (count < samples) {
      playing = null;
    }
  }
}
