package io.tandem.protocol.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.codec.G711;
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

  /** Packets of a second in which speech was heard; ten of fifty are listened to. */
  private int heard(G711 law, int amplitude, int hertz) {
    int heard = 0;
    for (int i = 0; i < 50; i++) {
      if (ear.hears(tone(law, amplitude, hertz, i)) && ear.speech()) {
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
