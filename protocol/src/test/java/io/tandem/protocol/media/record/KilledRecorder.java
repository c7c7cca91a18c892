package io.tandem.protocol.media.record;

import java.nio.file.Path;
import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/** A program that records a tone in real time until it is killed; says each second it has given. */
public final class KilledRecorder {
  private KilledRecorder() {}

  /** Arguments: plain or sealed, the file. */
  public static void main(String[] args) throws Exception {
    byte[] key = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));
    Path file = Path.of(args[1]);
    Recording recording =
        args[0].equals("sealed")
            ? StereoRecording.sealed(file, 8000, new SecretKeySpec(key, "AES"))
            : StereoRecording.wav(file, 8000);
    short[] left = new short[160];
    short[] right = new short[160];
    for (int frame = 0; ; frame++) {
      for (int i = 0; i < 160; i++) {
        double t = 2 * Math.PI * (frame * 160 + i) / 8000;
        left[i] = (short) (8000 * Math.sin(440 * t));
        right[i] = (short) (8000 * Math.sin(1000 * t));
      }
      recording.write(left, right, 160);
      if (frame % 50 == 49) {
        System.out.println(frame / 50 + 1);
      }
      Thread.sleep(20);
    }
  }
}
