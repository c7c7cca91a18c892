package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.codec.VoiceCodec;
import io.tandem.protocol.media.codec.VoiceEncoder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SpeechEarTest {
  private final SpeechEar ear = new SpeechEar();

  @ParameterizedTest
  @EnumSource(G711.class)
  void silence_is_no_speech_and_a_tone_of_a_talkers_loudness_is(G711 law) {
    assertThat(heard(law, 0, 300)).isZero();
    assertThat(heard(law, 1000, 300)).isEqualTo(10);
    assertThat(ear.level()).isBetween(500, 900);
  }

  @ParameterizedTest
  @CsvSource({
    "200,ULAW",
    "400,ULAW",
    "500,ULAW",
    "800,ALAW",
    "1000,ALAW",
    "2000,ULAW",
    "3100,ALAW"
  })
  void a_round_frequency_is_not_met_at_its_zeros(int hertz, G711 law) {
    assertThat(heard(law, 1000, hertz)).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void the_noise_of_a_quiet_room_is_no_speech(G711 law) {
    assertThat(heard(law, 40, 300)).isZero();
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void another_payload_is_not_measured(G711 law) {
    for (int i = 0; i < 10; i++) {
      ByteBuf packet = tone(law, 1000, 300, i);
      RtpPacket.payloadType(packet, 111);
      assertThat(ear.hears(packet)).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "40, 0, 0", "1000, 7, 10"})
  void g722_is_decoded_and_its_quiet_rooms_are_told_from_talkers(
      int amplitude, int least, int most) {
    try (VoiceEncoder encoder = VoiceCodec.G722.newEncoder()) {
      assertThat(heardOf(encoder, VoiceCodec.G722, 9, amplitude)).isBetween(least, most);
    }
  }

  @Test
  void opus_says_itself_whether_its_sender_heard_a_voice() {
    ear.clockRate(48_000);
    try (VoiceEncoder encoder = VoiceCodec.OPUS.newEncoder()) {
      // Once the detector has learned what is noise here.
      assertThat(heardOf(encoder, VoiceCodec.OPUS, 111, 10)).isLessThan(10);
      assertThat(heardOf(encoder, VoiceCodec.OPUS, 111, 10)).isZero();
      assertThat(heardOf(encoder, VoiceCodec.OPUS, 111, 6000)).isGreaterThan(7);
    }
  }

  @Test
  void opus_that_does_not_say_counts_as_voice_and_nothing_sent_as_silence() {
    ear.clockRate(48_000);
    byte[] music = new byte[80];
    music[0] = (byte) (31 << 3); // CELT, full band, 20 ms
    assertThat(hearsEvery(111, music)).isTrue();
    assertThat(ear.speech()).isTrue();
    assertThat(hearsEvery(111, new byte[] {1 << 3})).isTrue();
    assertThat(ear.speech()).as("DTX").isFalse();
    assertThat(hearsEvery(110, new byte[4])).as("a telephone event").isFalse();
    ear.clockRate(8000);
    assertThat(hearsEvery(111, music)).as("no Opus").isFalse();
  }

  private boolean hearsEvery(int type, byte[] payload) {
    boolean heard = false;
    for (int i = 0; i < 5; i++) {
      ByteBuf packet = Unpooled.buffer(12 + payload.length);
      RtpPacket.writeHeader(packet, false, type, i, 0, 1);
      heard |= ear.hears(packet.writeBytes(payload));
    }
    return heard;
  }

  /** A second of something like a talker over faint noise. */
  private int heardOf(VoiceEncoder encoder, VoiceCodec codec, int type, int amplitude) {
    Random random = new Random(7);
    short[] samples = new short[codec.samplesPer20Ms()];
    byte[] payload = new byte[codec.maxOctetsPer20Ms()];
    int heard = 0;
    for (int packetNumber = 0; packetNumber < 50; packetNumber++) {
      for (int i = 0; i < samples.length; i++) {
        double t = (double) (packetNumber * samples.length + i) / codec.sampleRateHz();
        double buzz = 0;
        for (int harmonic = 1; harmonic <= 12; harmonic++) {
          buzz += Math.sin(2 * Math.PI * 120 * harmonic * t) / harmonic;
        }
        double syllable = 0.5 + 0.5 * Math.sin(2 * Math.PI * 4 * t);
        samples[i] = (short) (amplitude * buzz * syllable + 3 * random.nextGaussian());
      }
      int octets = encoder.encode(samples, 0, samples.length, payload, 0);
      ByteBuf packet = Unpooled.buffer(12 + octets);
      RtpPacket.writeHeader(packet, false, type, packetNumber, 0, 1);
      packet.writeBytes(payload, 0, octets);
      if (packetNumber % SpeechEar.EVERY_PACKETS == 0 && ear.hears(packet) && ear.speech()) {
        heard++;
      }
    }
    return heard;
  }

  /** Packets of a second in which speech was heard; ten of fifty are listened to. */
  private int heard(G711 law, int amplitude, int hertz) {
    int heard = 0;
    for (int i = 0; i < 50; i++) {
      ByteBuf packet = tone(law, amplitude, hertz, i);
      if (i % SpeechEar.EVERY_PACKETS == 0 && ear.hears(packet) && ear.speech()) {
        heard++;
      }
    }
    return heard;
  }

  private static ByteBuf tone(G711 law, int amplitude, int hertz, int packetNumber) {
    ByteBuf packet = Unpooled.buffer(172);
    RtpPacket.writeHeader(packet, false, law.payloadType(), packetNumber, 0, 1);
    for (int i = 0; i < 160; i++) {
      double time = (packetNumber * 160 + i) / 8000.0;
      packet.writeByte(law.encode((short) (amplitude * Math.sin(2 * Math.PI * hertz * time))));
    }
    return packet;
  }
}
