package io.tandem.protocol.media.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.capture.CapturedDatagram;
import io.tandem.protocol.media.capture.PcapReader;
import io.tandem.protocol.media.codec.VoiceCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Keys that a telephone pressed, not our own sender: the captures of RFC 2833 events that SIPp
 * brings. They are SIPp's (GPL), so they are read where it is installed.
 */
class SippKeysTest {
  private static final Path FOLDER = Path.of("/usr/share/sip-tester");
  private static final int EVENTS = 101;
  private static final int ALL = -1;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "2, 2",
    "3, 3",
    "4, 4",
    "5, 5",
    "6, 6",
    "7, 7",
    "8, 8",
    "9, 9",
    "star, *",
    "pound, #"
  })
  void a_captured_key_is_heard_once_whatever_third_of_its_packets_is_lost(String name, char key)
      throws IOException {
    List<CapturedDatagram> packets = captured(name);
    assertThat(packets).hasSizeGreaterThan(8);
    for (int lost = ALL; lost < 3; lost++) {
      assertThat(heard(packets, lost)).as("lost: every third from %d", lost).isEqualTo("" + key);
    }
  }

  @Test
  void a_number_whose_last_digit_has_older_timestamps_is_heard_digit_by_digit() throws IOException {
    List<CapturedDatagram> call = new ArrayList<>();
    for (String name : List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "0")) {
      call.addAll(captured(name));
    }
    for (int lost = ALL; lost < 3; lost++) {
      assertThat(heard(call, lost)).isEqualTo("1234567890");
    }
  }

  private static String heard(List<CapturedDatagram> packets, int lost) {
    StringBuilder keys = new StringBuilder();
    LegFormat format = new LegFormat(VoiceCodec.PCMU, 0, EVENTS);
    try (VoiceLeg leg = new VoiceLeg(format, (packet, octets) -> {}, 1)) {
      leg.onKeys(keys::append);
      Instant begin = packets.getFirst().at();
      for (int i = 0; i < packets.size(); i++) {
        if (lost == ALL || i % 3 != lost) {
          CapturedDatagram packet = packets.get(i);
          long nanos = Duration.between(begin, packet.at()).toNanos();
          leg.onPacket(Unpooled.wrappedBuffer(packet.payload()), nanos);
        }
      }
      assertThat(leg.report().strange()).isZero();
    }
    return keys.toString();
  }

  private static List<CapturedDatagram> captured(String name) throws IOException {
    Path file = FOLDER.resolve("dtmf_2833_" + name + ".pcap");
    assumeTrue(Files.isReadable(file), "needs peer: sipp, whose package has " + file);
    return PcapReader.read(file);
  }
}
