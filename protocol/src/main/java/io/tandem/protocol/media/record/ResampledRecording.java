package io.tandem.protocol.media.record;

import io.tandem.protocol.media.codec.Resampler;

/**
 * A recording that goes on at its own rate after the recorded leg has changed its codec (TEL-14).
 */
public final class ResampledRecording implements Recording {
  private static final int MAX_SAMPLES = 48_000 / 50;

  private final Recording to;
  private final Resampler left;
  private final Resampler right;
  private final short[] leftOut = new short[MAX_SAMPLES];
  private final short[] rightOut = new short[MAX_SAMPLES];

  /**
   * @param fromHz of what is written
   * @param toHz of the recording; both 8000, 16000 or 48000
   */
  public ResampledRecording(Recording to, int fromHz, int toHz) {
    this.to = to;
    this.left = new Resampler(fromHz, toHz);
    this.right = new Resampler(fromHz, toHz);
  }

  @Override
  public void write(short[] said, short[] heard, int count) {
    int samples = left.resample(said, 0, count, leftOut, 0);
    int unused = right.resample(heard, 0, count, rightOut, 0);
    to.write(leftOut, rightOut, samples);
  }

  @Override
  public void pause() {
    to.pause();
  }

  @Override
  public void resume() {
    to.resume();
  }

  @Override
  public void missed(long millis) {
    to.missed(millis);
  }

  @Override
  public Done finish() {
    return to.finish();
  }

  @Override
  public void close() {
    to.close();
  }
}
