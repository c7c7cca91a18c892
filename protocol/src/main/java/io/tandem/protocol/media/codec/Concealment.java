package io.tandem.protocol.media.codec;

/**
 * Packet-loss concealment for codecs that have none: waveform repetition after ITU-T G.711 Appendix
 * I. The last pitch period is found by cross-correlation and repeated, two periods after 20 ms and
 * three after 40 (fewer buzzes); it fades by a fifth each 10 ms after the first and is silence
 * after 60; the first good samples are faded in over the going repetition.
 *
 * <p>Two things differ from the appendix: there is no delay of 3.75 ms (so the last good samples
 * are not smoothed into the repetition; the end of a period is smoothed into its beginning all the
 * same), and it works at any rate.
 */
final class Concealment {
  private static final int FADE_STARTS_MILLIS = 10;
  private static final int SILENT_AFTER_MILLIS = 60;
  private static final int MAX_PERIODS = 3;

  private final int samplesPerMilli;
  private final int minLag;
  private final int maxLag;
  private final int window;

  /** The newest samples last. */
  private final short[] history;

  /** The history as it was when the gap began. */
  private final short[] before;

  private final short[] template;
  private final short[] former;
  private int period;
  private int templateLength;
  private int at;
  private int lostSamples;

  Concealment(int sampleRateHz) {
    samplesPerMilli = sampleRateHz / 1000;
    minLag = 5 * samplesPerMilli; // 200 Hz, the appendix' highest pitch; higher ones by multiples
    maxLag = 15 * samplesPerMilli;
    window = 20 * samplesPerMilli;
    history = new short[MAX_PERIODS * maxLag + maxLag / 4 + 1 + samplesPerMilli];
    before = new short[history.length];
    template = new short[MAX_PERIODS * maxLag];
    former = new short[maxLag / 4 + 1];
  }

  /** Good samples have come; after a gap their beginning is changed in place. */
  void heard(short[] samples, int count) {
    if (lostSamples > 0) {
      int lostMillis = lostSamples / samplesPerMilli;
      int fade = period / 4 + Math.min(6, Math.max(0, lostMillis - 10) / 10 * 4) * samplesPerMilli;
      fade = Math.min(fade, count);
      for (int i = 0; i < fade; i++) {
        int repeated = next();
        samples[i] = (short) ((repeated * (fade - i) + samples[i] * (i + 1)) / (fade + 1));
      }
      lostSamples = 0;
    }
    remember(samples, count);
  }

  void conceal(short[] samples, int count) {
    if (lostSamples == 0) {
      period = pitch();
      System.arraycopy(history, 0, before, 0, history.length);
      at = 0;
      repeat(1);
    } else {
      widen(Math.min(MAX_PERIODS, 1 + lostSamples / (20 * samplesPerMilli)));
    }
    for (int i = 0; i < count; i++) {
      samples[i] = (short) next();
    }
    remember(samples, count);
  }

  private int next() {
    int sample = template[at];
    if (++at == templateLength) {
      at = 0;
    }
    int afterStart = lostSamples - FADE_STARTS_MILLIS * samplesPerMilli;
    int fadeLength = (SILENT_AFTER_MILLIS - FADE_STARTS_MILLIS) * samplesPerMilli;
    lostSamples++;
    if (afterStart <= 0) {
      return sample;
    }
    return afterStart >= fadeLength ? 0 : sample * (fadeLength - afterStart) / fadeLength;
  }

  /** More periods of what was heard before the gap, entered by fading from the shorter template. */
  private void widen(int periods) {
    if (templateLength == periods * period) {
      return;
    }
    int blend = period / 4;
    for (int i = 0; i < blend; i++) {
      former[i] = template[(at + i) % templateLength];
    }
    int phase = at % period;
    repeat(periods);
    at = phase;
    for (int i = 0; i < blend; i++) {
      int j = (at + i) % templateLength;
      template[j] = (short) ((former[i] * (blend - i) + template[j] * i) / blend);
    }
  }

  /** Takes that many periods as they were before the gap began. */
  private void repeat(int periods) {
    templateLength = periods * period;
    int start = before.length - templateLength;
    System.arraycopy(before, start, template, 0, templateLength);
    int blend = period / 4;
    for (int i = 0; i < blend; i++) {
      int tail = templateLength - blend + i;
      int lead = before[start - blend + i];
      template[tail] = (short) ((template[tail] * (blend - i) + lead * i) / blend);
    }
  }

  /** The lag at which the last 20 ms resemble what was before best; coarse first, then exact. */
  private int pitch() {
    int coarse = Math.max(1, samplesPerMilli / 4);
    int best = bestLag(minLag, maxLag, coarse, coarse);
    return bestLag(
        Math.max(minLag, best - coarse),
        Math.min(maxLag, best + coarse),
        1,
        Math.max(1, coarse / 2));
  }

  private int bestLag(int from, int to, int lagStep, int sampleStep) {
    int end = history.length;
    int best = to;
    double bestScore = -Double.MAX_VALUE;
    for (int lag = from; lag <= to; lag += lagStep) {
      long product = 0;
      long energy = 1;
      for (int i = end - window; i < end; i += sampleStep) {
        product += (long) history[i] * history[i - lag];
        energy += (long) history[i - lag] * history[i - lag];
      }
      double score = product / Math.sqrt(energy);
      if (score > bestScore) {
        bestScore = score;
        best = lag;
      }
    }
    return best;
  }

  private void remember(short[] samples, int count) {
    if (count >= history.length) {
      System.arraycopy(samples, count - history.length, history, 0, history.length);
      return;
    }
    System.arraycopy(history, count, history, 0, history.length - count);
    System.arraycopy(samples, 0, history, history.length - count, count);
  }
}
