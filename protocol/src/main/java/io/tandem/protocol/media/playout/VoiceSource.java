package io.tandem.protocol.media.playout;

import io.tandem.protocol.media.codec.G711;
import java.util.Arrays;

/** Where the next 20 ms of encoded voice come from. Used by one thread at a time. */
@FunctionalInterface
public interface VoiceSource {
  /** Fills the whole payload with the octets that follow the last ones. */
  void fill(byte[] payload);

  /** Digital silence. */
  static VoiceSource silence(G711 codec) {
    return payload -> Arrays.fill(payload, codec.silence());
  }

  /** A recording, over and over. */
  static VoiceSource loop(byte[] octets) {
    if (octets.length == 0) {
      throw new IllegalArgumentException("an empty recording cannot be played");
    }
    byte[] recording = octets.clone();
    return new VoiceSource() {
      private int at;

      @Override
      public void fill(byte[] payload) {
        for (int i = 0; i < payload.length; i++) {
          payload[i] = recording[at];
          at = (at + 1) % recording.length;
        }
      }
    };
  }
}
