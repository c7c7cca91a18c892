package io.tandem.protocol.media.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract every codec keeps behind the door. */
class VoiceCodecTest {
  private static final int FRAMES = 60;

  @ParameterizedTest
  @EnumSource(VoiceCodec.class)
  void a_tone_comes_back_clean(VoiceCodec codec) {
    short[] heard = throughCodec(codec, 1000);
    int settled = 10 * codec.samplesPer20Ms();
    assertThat(Signals.toneSnrDb(heard, settled, 1000, codec.sampleRateHz())).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(
      value = VoiceCodec.class,
      names = {"G722", "OPUS", "L16_16K", "L16_48K"})
  void wide_band_codecs_carry_what_a_telephone_does_not(VoiceCodec codec) {
    short[] heard = throughCodec(codec, 5500);
    int settled = 10 * codec.samplesPer20Ms();
    assertThat(Signals.toneSnrDb(heard, settled, 5500, codec.sampleRateHz())).isGreaterThan(8);
    assertThat(Signals.levelDb(heard, settled, heard.length - settled)).isBetween(-8.0, -4.0);
  }

  private static short[] throughCodec(VoiceCodec codec, double hertz) {
    int frame = codec.samplesPer20Ms();
    short[] spoken = Signals.tone(hertz, 0.5, codec.sampleRateHz(), FRAMES * frame);
    short[] heard = new short[spoken.length];
    byte[] payload = new byte[codec.maxOctetsPer20Ms()];
    short[] decoded = new short[codec.maxSamplesPerPacket()];
    try (VoiceEncoder encoder = codec.newEncoder();
        VoiceDecoder decoder = codec.newDecoder()) {
      for (int f = 0; f < FRAMES; f++) {
        int octets = encoder.encode(spoken, f * frame, frame, payload, 0);
        assertThat(octets).isBetween(1, codec.maxOctetsPer20Ms());
        assertThat(decoder.decode(payload, 0, octets, decoded)).isEqualTo(frame);
        System.arraycopy(decoded, 0, heard, f * frame, frame);
      }
    }
    return heard;
  }

  @ParameterizedTest
  @EnumSource(VoiceCodec.class)
  void a_lost_packet_of_a_tone_is_concealed_by_the_tone_and_a_long_gap_by_silence(
      VoiceCodec codec) {
    int frame = codec.samplesPer20Ms();
    short[] spoken = Signals.tone(440, 0.5, codec.sampleRateHz(), 20 * frame);
    byte[] payload = new byte[codec.maxOctetsPer20Ms()];
    short[] decoded = new short[codec.maxSamplesPerPacket()];
    try (VoiceEncoder encoder = codec.newEncoder();
        VoiceDecoder decoder = codec.newDecoder()) {
      for (int f = 0; f < 20; f++) {
        int octets = encoder.encode(spoken, f * frame, frame, payload, 0);
        decoder.decode(payload, 0, octets, decoded);
      }
      double before = Signals.levelDb(decoded, 0, frame);
      decoder.conceal(decoded, frame);
      assertThat(Signals.levelDb(decoded, 0, frame)).isBetween(before - 4, before + 1);
      for (int f = 0; f < 50; f++) {
        decoder.conceal(decoded, frame);
      }
      assertThat(Signals.levelDb(decoded, 0, frame)).isLessThan(-40);
    }
  }

  @ParameterizedTest
  @EnumSource(VoiceCodec.class)
  void random_octets_are_noise_or_unreadable_and_never_more(VoiceCodec codec) {
    Random random = new Random(7);
    short[] decoded = new short[codec.maxSamplesPerPacket()];
    try (VoiceDecoder decoder = codec.newDecoder()) {
      assertThat(decoder.decode(new byte[0], 0, 0, decoded)).isEqualTo(VoiceDecoder.UNREADABLE);
      for (int i = 0; i < 500; i++) {
        byte[] payload = new byte[1 + random.nextInt(1400)];
        random.nextBytes(payload);
        int count = decoder.decode(payload, 0, payload.length, decoded);
        assertThat(count).isBetween(VoiceDecoder.UNREADABLE, codec.maxSamplesPerPacket());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = VoiceCodec.class, mode = EnumSource.Mode.EXCLUDE, names = "OPUS")
  void a_frame_makes_no_garbage(VoiceCodec codec) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int frame = codec.samplesPer20Ms();
    short[] spoken = Signals.speech(1, codec.sampleRateHz(), frame);
    byte[] payload = new byte[codec.maxOctetsPer20Ms()];
    short[] decoded = new short[codec.maxSamplesPerPacket()];
    VoiceEncoder encoder = codec.newEncoder();
    VoiceDecoder decoder = codec.newDecoder();
    long before = 0;
    for (int f = 0; f < 200; f++) {
      if (f == 100) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      int octets = encoder.encode(spoken, 0, frame, payload, 0);
      decoder.decode(payload, 0, octets, decoded);
      decoder.conceal(decoded, frame);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
  }

  @Test
  void a_codec_is_found_by_what_sdp_says_of_it() {
    assertThat(VoiceCodec.of("OPUS", 48000)).contains(VoiceCodec.OPUS);
    assertThat(VoiceCodec.of("g722", 8000)).contains(VoiceCodec.G722);
    assertThat(VoiceCodec.of("L16", 16000)).contains(VoiceCodec.L16_16K);
    assertThat(VoiceCodec.of("PCMU", 16000)).isEmpty();
    assertThat(VoiceCodec.ofPayloadType(9)).contains(VoiceCodec.G722);
    assertThat(VoiceCodec.ofPayloadType(-1)).isEmpty();
    assertThat(VoiceCodec.OPUS.rtpmap()).isEqualTo("opus/48000/2");
  }
}
