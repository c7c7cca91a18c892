package io.tandem.protocol.media.playout;

import java.util.Arrays;

/**
 * The last so many samples of a received voice, 8000 a second; older ones fall out. Written by the
 * receiver, read by anybody.
 */
final class VoiceRecord {
  private final short[] ring;
  private long written;

  VoiceRecord(int capacitySamples) {
    ring = new short[capacitySamples];
  }

  synchronized void add(short[] samples) {
    for (short sample : samples) {
      ring[(int) (written % ring.length)] = sample;
      written++;
    }
  }

  /** The newest samples, oldest of them first; fewer when there are fewer. */
  synchronized short[] last(int samples) {
    int count = (int) Math.min(Math.min(samples, ring.length), written);
    short[] newest = new short[count];
    for (int i = 0; i < count; i++) {
      newest[i] = ring[(int) ((written - count + i) % ring.length)];
    }
    return newest;
  }

  synchronized void clear() {
    written = 0;
    Arrays.fill(ring, (short) 0);
  }
}
