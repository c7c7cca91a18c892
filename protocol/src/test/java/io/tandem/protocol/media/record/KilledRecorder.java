package io.tandem.protocol.media.record;

import io.tandem.protocol.media.playout.Metronome;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.Executors;
import javax.crypto.spec.SecretKeySpec;

/** A program that records a tone in real time until it is killed; says each second it has given. */
public final class KilledRecorder {
  private static final int FRAME = 160;

  private KilledRecorder() {}

  /** Arguments: plain, sealed or opus; the file. */
  public static void main(String[] args) throws Exception {
    byte[] key = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));
    Path file = Path.of(args[1]);
    SecretKeySpec secret = new SecretKeySpec(key, "AES");
    Recording recording =
        switch (args[0]) {
          case "sealed" -> StereoRecording.sealed(file, 8000, secret);
          case "opus" -> StereoRecording.opus(file, 8000);
          default -> StereoRecording.wav(file, 8000);
        };
    Metronome.of(Executors.newSingleThreadScheduledExecutor()).listen(new Beats(recording)::next);
  }

  /** A frame of both tones every beat; a line a second. */
  private static final class Beats {
    private final Recording recording;
    private final short[] left = new short[FRAME];
    private final short[] right = new short[FRAME];
    private int frame;

    Beats(Recording recording) {
      this.recording = recording;
    }

    void next() {
      for (int i = 0; i < FRAME; i++) {
        double t = 2 * Math.PI * (frame * FRAME + i) / 8000;
        left[i] = (short) (8000 * Math.sin(440 * t));
        right[i] = (short) (8000 * Math.sin(1000 * t));
      }
      recording.write(left, right, FRAME);
      frame++;
      if (frame % 50 == 0) {
        System.out.println(frame / 50);
      }
    }
  }
}
