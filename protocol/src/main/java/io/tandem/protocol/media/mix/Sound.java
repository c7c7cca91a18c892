package io.tandem.protocol.media.mix;

/** Something that can be played at any of our sample rates: a prompt, a tone, music. */
@FunctionalInterface
public interface Sound {
  /** One playing of it. Used by one thread at a time. */
  @FunctionalInterface
  interface Playing {
    /**
     * The next samples.
     *
     * @return samples written from {@code from}; fewer than {@code count} when it has ended
     */
    int fill(short[] samples, int from, int count);
  }

  /**
   * Starts it from the beginning.
   *
   * @param rateHz 8000, 16000 or 48000
   */
  Playing at(int rateHz);
}
