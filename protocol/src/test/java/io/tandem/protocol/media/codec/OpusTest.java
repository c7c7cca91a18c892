package io.tandem.protocol.media.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways to Opus keep one contract and read each other. */
class OpusTest {
  private static final int FRAME = 960;
  private static final int FRAMES = 50;

  @ParameterizedTest
  @CsvSource({"JAVA,JAVA", "JAVA,NATIVE", "NATIVE,JAVA", "NATIVE,NATIVE"})
  void a_tone_passes_between_any_two_of_them(Opus from, Opus to) {
    assumeTrue(from.isAvailable() && to.isAvailable(), "needs peer: libopus");
    short[] spoken = Signals.tone(700, 0.5, 48000, FRAMES * FRAME);
    short[] heard = new short[spoken.length];
    byte[] payload = new byte[VoiceCodec.OPUS.maxOctetsPer20Ms()];
    short[] decoded = new short[VoiceCodec.OPUS.maxSamplesPerPacket()];
    try (VoiceEncoder encoder = from.newEncoder();
        VoiceDecoder decoder = to.newDecoder()) {
      for (int f = 0; f < FRAMES; f++) {
        int octets = encoder.encode(spoken, f * FRAME, FRAME, payload, 0);
        assertThat(octets).isLessThan(200);
        assertThat(decoder.decode(payload, 0, octets, decoded)).isEqualTo(FRAME);
        System.arraycopy(decoded, 0, heard, f * FRAME, FRAME);
      }
    }
    assertThat(Signals.toneSnrDb(heard, 10 * FRAME, 700, 48000)).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(Opus.class)
  void a_lost_packet_is_known_better_from_the_one_behind_it(Opus opus) {
    assumeTrue(opus.isAvailable(), "needs peer: libopus");
    short[] spoken = Signals.speech(7, 48_000, 200 * FRAME);
    byte[] payload = new byte[VoiceCodec.OPUS.maxOctetsPer20Ms()];
    short[] whole = new short[VoiceCodec.OPUS.maxSamplesPerPacket()];
    short[] concealed = new short[whole.length];
    short[] recovered = new short[whole.length];
    double errorConcealed = 0;
    double errorRecovered = 0;
    try (VoiceEncoder encoder = opus.newEncoder();
        VoiceDecoder all = opus.newDecoder();
        VoiceDecoder guessing = opus.newDecoder();
        VoiceDecoder looking = opus.newDecoder()) {
      int lostOctets = 0;
      for (int f = 0; f < 200; f++) {
        int octets = encoder.encode(spoken, f * FRAME, FRAME, payload, 0);
        boolean behindLost = f % 10 == 6;
        if (behindLost) {
          guessing.conceal(concealed, FRAME);
          looking.recover(payload, 0, octets, recovered, FRAME);
          for (int i = 0; i < FRAME; i++) {
            errorConcealed += Math.pow(whole[i] - concealed[i], 2);
            errorRecovered += Math.pow(whole[i] - recovered[i], 2);
          }
        }
        assertThat(all.decode(payload, 0, octets, whole)).isEqualTo(FRAME);
        if (f % 10 != 5) {
          guessing.decode(payload, 0, octets, concealed);
          looking.decode(payload, 0, octets, recovered);
        }
      }
    }
    System.out.printf(
        "%s: %.1f dB better%n", opus, 10 * Math.log10(errorConcealed / errorRecovered));
    assertThat(errorRecovered).isLessThan(errorConcealed / 2);
  }

  @ParameterizedTest
  @EnumSource(Opus.class)
  void a_closed_coder_may_be_closed_again(Opus opus) {
    assumeTrue(opus.isAvailable(), "needs peer: libopus");
    VoiceEncoder encoder = opus.newEncoder();
    VoiceDecoder decoder = opus.newDecoder();
    encoder.close();
    encoder.close();
    decoder.close();
    decoder.close();
  }

  @ParameterizedTest
  @EnumSource(value = Opus.class, names = "NATIVE")
  void libopus_makes_no_garbage(Opus opus) {
    assumeTrue(opus.isAvailable(), "needs peer: libopus");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    short[] spoken = Signals.speech(1, 48000, FRAME);
    byte[] payload = new byte[VoiceCodec.OPUS.maxOctetsPer20Ms()];
    short[] decoded = new short[VoiceCodec.OPUS.maxSamplesPerPacket()];
    try (VoiceEncoder encoder = opus.newEncoder();
        VoiceDecoder decoder = opus.newDecoder()) {
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 20; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int f = 0; f < 100; f++) {
          int octets = encoder.encode(spoken, 0, FRAME, payload, 0);
          decoder.decode(payload, 0, octets, decoded);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertThat(least).as("octets for 100 packets, once compiled").isLessThan(1000);
    }
  }
}
