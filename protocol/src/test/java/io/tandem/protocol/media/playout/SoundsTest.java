package io.tandem.protocol.media.playout;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.codec.Signals;
import io.tandem.protocol.media.mix.Sound;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prompts, tones and playlists, judged by Fourier transform. */
class SoundsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(G711.class)
  void a_wav_of_g711_is_played_at_every_rate(G711 law) throws Exception {
    Path file = folder.resolve("prompt.wav");
    byte[] tone = law.encode(Signals.tone(700, 0.5, 8000, 8000));
    AudioFile.writeWav(file, law, tone);
    Prompt prompt = read(Files.newInputStream(file));
    assertThat(prompt.seconds()).isEqualTo(1.0);
    for (int rate : new int[] {8000, 16_000, 48_000}) {
      short[] played = play(prompt, rate, rate);
      assertThat(Signals.toneSnrDb(played, rate / 10, 700, rate)).isGreaterThan(30);
    }
  }

  @Test
  void a_prompt_ends_and_music_on_hold_does_not() throws Exception {
    Path file = folder.resolve("prompt.wav");
    AudioFile.writeWav(file, Signals.tone(700, 0.5, 8000, 4000));
    Prompt prompt = read(Files.newInputStream(file));
    assertThat(play(prompt, 8000, 8000)).hasSize(4000);
    assertThat(play(prompt.looped(), 8000, 20_000)).hasSize(20_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {11_025, 22_050, 44_100})
  void a_wav_of_a_rate_that_is_not_ours_is_played_all_the_same(int rate) throws Exception {
    byte[] pcm = new byte[2 * rate];
    ByteBuffer.wrap(pcm)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asShortBuffer()
        .put(Signals.tone(700, 0.5, rate, rate));
    ByteArrayOutputStream wav = new ByteArrayOutputStream();
    AudioFormat format = new AudioFormat(rate, 16, 1, true, false);
    AudioInputStream in = new AudioInputStream(new ByteArrayInputStream(pcm), format, rate);
    AudioSystem.write(in, AudioFileFormat.Type.WAVE, wav);
    Prompt prompt = read(new ByteArrayInputStream(wav.toByteArray()));
    assertThat(prompt.seconds()).isBetween(0.95, 1.05);
    short[] played = Arrays.copyOfRange(play(prompt, 8000, 8000), 800, 7200);
    assertThat(Signals.toneSnrDb(played, 0, 700, 8000)).isGreaterThan(35);
  }

  @Test
  void what_is_no_wav_is_refused_with_a_reason() throws Exception {
    Prompt.Reading reading = Prompt.wav(new ByteArrayInputStream(new byte[100]));
    assertThat(reading).isInstanceOf(Prompt.Reading.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {8000, 16_000, 48_000})
  void ringback_is_on_and_off_as_the_plan_says(int rate) {
    short[] played = play(Tones.ringback(Tones.Country.DE), rate, 6 * rate);
    assertThat(Signals.toneSnrDb(Arrays.copyOf(played, rate), 0, 425, rate)).isGreaterThan(40);
    assertThat(Signals.levelDb(played, rate, 4 * rate)).isLessThan(-100);
    assertThat(Signals.levelDb(played, 5 * rate, rate)).isGreaterThan(-20);
  }

  @Test
  void busy_is_half_a_second_on_and_off_and_reorder_twice_as_fast() {
    for (Tones.Country plan : Tones.Country.values()) {
      short[] busy = play(Tones.busy(plan), 8000, 8000);
      assertThat(Signals.levelDb(busy, 0, 4000)).as("busy in %s", plan).isGreaterThan(-25);
      assertThat(Signals.levelDb(busy, 4000, 4000)).isLessThan(-100);
      short[] reorder = play(Tones.reorder(plan), 8000, 8000);
      assertThat(Signals.levelDb(reorder, 4000, 2000)).as("reorder in %s", plan).isGreaterThan(-25);
      assertThat(Signals.levelDb(reorder, 2000, 2000)).isLessThan(-100);
    }
    assertThat(Signals.toneSnrDb(play(Tones.busy(Tones.Country.DE), 8000, 4000), 0, 425, 8000))
        .isGreaterThan(40);
  }

  @Test
  void entry_exit_and_warning_tones_end_by_themselves() {
    assertThat(play(Tones.entry(), 8000, 8000)).hasSize(2000);
    assertThat(play(Tones.exit(), 8000, 8000))
        .hasSize(2000)
        .isNotEqualTo(play(Tones.entry(), 8000, 8000));
    short[] warning = play(Tones.warning(), 8000, 8000);
    assertThat(warning).hasSize(4000);
    assertThat(Signals.toneSnrDb(warning, 0, 1400, 8000)).isGreaterThan(40);
  }

  @Test
  void marks_are_told_when_what_is_before_them_was_played() {
    List<String> reached = new ArrayList<>();
    Prompt second = Prompt.of(Signals.tone(700, 0.5, 8000, 8000), 8000);
    Playlist list =
        Playlist.tellingMarksTo(reached::add).then(second).mark("greeted").then(second).mark("end");
    Sound.Playing playing = list.at(8000);
    short[] frame = new short[160];
    for (int i = 0; i < 50; i++) {
      assertThat(playing.fill(frame, 0, 160)).isEqualTo(160);
    }
    assertThat(reached).isEmpty();
    playing.fill(frame, 0, 160);
    assertThat(reached).containsExactly("greeted");
    for (int i = 0; i < 50; i++) {
      playing.fill(frame, 0, 160);
    }
    assertThat(reached).containsExactly("greeted", "end");
  }

  private static Prompt read(InputStream file) throws Exception {
    try (file) {
      return ((Prompt.Reading.Read) Prompt.wav(file)).prompt();
    }
  }

  private static short[] play(Sound sound, int rate, int samples) {
    short[] all = new short[samples];
    Sound.Playing playing = sound.at(rate);
    int frame = rate / 50;
    int at = 0;
    while (at + frame <= samples) {
      int count = playing.fill(all, at, frame);
      at += count;
      if (count < frame) {
        break;
      }
    }
    return Arrays.copyOf(all, at);
  }
}
