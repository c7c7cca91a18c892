package io.tandem.protocol.media.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingTeeTest {
  @TempDir private Path folder;

  /** One is paused by its owner: the other has all of it. */
  @Test
  void each_gets_the_whole_sound_whatever_becomes_of_the_others() throws Exception {
    StereoRecording own = StereoRecording.wav(folder.resolve("own.wav"), 8_000);
    StereoRecording cases = StereoRecording.wav(folder.resolve("case.wav"), 8_000);
    RecordingTee tee = new RecordingTee(List.of(own, cases));
    short[] left = new short[160];
    short[] right = new short[160];
    for (int frame = 0; frame < 50; frame++) {
      if (frame == 25) {
        own.pause();
      }
      left[0] = (short) frame;
      tee.write(left, right, 160);
    }
    tee.close();

    assertThat(Files.size(folder.resolve("own.wav"))).isEqualTo(44 + 25 * 160 * 4);
    byte[] whole = Files.readAllBytes(folder.resolve("case.wav"));
    assertThat(whole).hasSize(44 + 50 * 160 * 4);
    assertThat(whole[44 + 49 * 160 * 4]).isEqualTo((byte) 49);
    assertThatIllegalArgumentException().isThrownBy(() -> new RecordingTee(List.of()));
  }
}
