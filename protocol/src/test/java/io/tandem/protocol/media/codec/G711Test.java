package io.tandem.protocol.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.playout.ToneDetector;
import java.util.HexFormat;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class G711Test {
  @Test
  void mu_law_expands_as_table_2_says() {
    int[] firstOfEachChord = {-32124, -15996, -7932, -3900, -1884, -876, -372, -120};
    for (int chord = 0; chord < 8; chord++) {
      assertThat((int) G711.ULAW.decode((byte) (chord << 4))).isEqualTo(firstOfEachChord[chord]);
      assertThat((int) G711.ULAW.decode((byte) (chord << 4 | 0x80)))
          .isEqualTo(-firstOfEachChord[chord]);
    }
    assertThat(G711.ULAW.decode((byte) 0x01)).isEqualTo((short) -31100);
    assertThat(G711.ULAW.decode((byte) 0x7e)).isEqualTo((short) -8);
    assertThat(G711.ULAW.decode((byte) 0xff)).isZero();
    assertThat(G711.ULAW.decode((byte) 0x7f)).isZero();
  }

  @Test
  void a_law_expands_as_table_1_says() {
    int[] samples = {-5504, -5248, -6016, -5760, -4480, -4224, -4992, -4736};
    for (int code = 0; code < samples.length; code++) {
      assertThat((int) G711.ALAW.decode((byte) code)).isEqualTo(samples[code]);
      assertThat((int) G711.ALAW.decode((byte) (code | 0x80))).isEqualTo(-samples[code]);
    }
    assertThat(G711.ALAW.decode((byte) 0xd5)).isEqualTo((short) 8);
    assertThat(G711.ALAW.decode((byte) 0x55)).isEqualTo((short) -8);
    assertThat(G711.ALAW.decode((byte) 0xaa)).isEqualTo((short) 32256);
    assertThat(G711.ALAW.decode((byte) 0x2a)).isEqualTo((short) -32256);
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void every_octet_survives_the_way_to_linear_and_back(G711 codec) {
    for (int octet = 0; octet < 256; octet++) {
      boolean negativeZero = codec == G711.ULAW && octet == 0x7f;
      int expected = negativeZero ? 0xff : octet;
      assertThat(codec.encode(codec.decode((byte) octet)) & 0xff).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void every_sample_comes_back_within_half_a_step_of_its_chord_and_in_order(G711 codec) {
    int before = Integer.MIN_VALUE;
    for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
      byte octet = codec.encode((short) sample);
      int back = codec.decode(octet);
      int clipped = codec == G711.ULAW ? Math.clamp(sample, -32_635, 32_635) : sample;
      if (Math.abs(back - clipped) > halfStep(codec, octet) || back < before) {
        assertThat(back).as("sample %d", sample).isEqualTo(sample);
      }
      before = back;
    }
  }

  private static int halfStep(G711 codec, byte octet) {
    return switch (codec) {
      case ULAW -> 4 << (((~octet) & 0x70) >> 4);
      case ALAW -> 8 << Math.max(0, (((octet ^ 0x55) & 0x70) >> 4) - 1);
    };
  }

  @Test
  void mu_law_decides_between_chords_where_table_2_says() {
    int[] decisions = {31, 95, 223, 479, 991, 2015, 4063}; // 14 bits
    for (int chord = 0; chord < decisions.length; chord++) {
      short first = (short) (4 * decisions[chord]);
      assertThat((~G711.ULAW.encode(first) & 0x70) >> 4).isEqualTo(chord + 1);
      assertThat((~G711.ULAW.encode((short) (first - 1)) & 0x70) >> 4).isEqualTo(chord);
    }
  }

  @Test
  void the_recommendations_digital_milliwatt_is_a_tone_of_1_kilohertz_at_0_dbm0() {
    byte[] ulaw = HexFormat.of().parseHex("1e0b0b1e9e8b8b9e".repeat(100));
    byte[] alaw = HexFormat.of().parseHex("34212134b4a1a1b4".repeat(100));
    ToneDetector.Tone ofUlaw = ToneDetector.detect(G711.ULAW.decode(ulaw));
    ToneDetector.Tone ofAlaw = ToneDetector.detect(G711.ALAW.decode(alaw));
    assertThat(ofUlaw.is(1000, 1)).isTrue();
    assertThat(ofAlaw.is(1000, 1)).isTrue();
    // Full scale is +3.17 dBm0 in µ-law and +3.14 dBm0 in A-law (G.711 §4).
    assertThat(ofUlaw.levelDbfs()).isCloseTo(-3.17, Offset.offset(0.1));
    assertThat(ofAlaw.levelDbfs()).isCloseTo(-3.14, Offset.offset(0.1));
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void silence_decodes_to_almost_nothing(G711 codec) {
    assertThat(Math.abs(codec.decode(codec.silence()))).isLessThanOrEqualTo(8);
  }
}
