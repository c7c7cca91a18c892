package io.tandem.protocol.media.rtcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.rtp.Reception;
import io.tandem.protocol.media.rtp.RtpPacket;
import io.tandem.protocol.media.rtp.Splice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReporterTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1000 * MILLI;
  private static final int SSRC = 0x1234;

  private final Reporter reporter = new Reporter(77, 0);
  private final Reception heard = new Reception(8000);
  private final Splice sent = new Splice(8000);
  private final List<String> told = new ArrayList<>();

  @Test
  void reports_come_every_five_seconds_in_the_mean_and_never_in_step() {
    List<Long> moments = new ArrayList<>();
    for (long now = 0; now < 2000 * SECOND; now += 20 * MILLI) {
      if (reporter.due(now, true)) {
        moments.add(now);
      }
    }
    assertThat(moments.getFirst()).as("the first comes sooner").isLessThan(4 * SECOND);
    assertThat(moments.size()).isBetween(370, 430);
    for (int i = 1; i < moments.size(); i++) {
      assertThat(Duration.ofNanos(moments.get(i) - moments.get(i - 1)))
          .isBetween(Duration.ofMillis(2500), Duration.ofMillis(7540));
    }
    assertThat(moments.stream().distinct().map(moment -> moment % (5 * SECOND)).distinct())
        .hasSizeGreaterThan(100);
  }

  @Test
  void who_is_told_by_the_other_side_is_not_told_by_us_until_that_one_falls_silent() {
    for (long now = 0; now < 60 * SECOND; now += 20 * MILLI) {
      if (now % (5 * SECOND) == 0) {
        reporter.passed(now);
      }
      assertThat(reporter.due(now, false)).isFalse();
    }
    long last = 55 * SECOND;
    long first = 0;
    for (long now = 60 * SECOND; first == 0; now += 20 * MILLI) {
      first = reporter.due(now, false) ? now : 0;
    }
    assertThat(first - last).isBetween(Reporter.OTHERS_NANOS, Reporter.OTHERS_NANOS + 8 * SECOND);
  }

  @Test
  void a_party_that_is_sent_nothing_gets_a_receiver_report_with_what_was_lost() {
    for (int sequence : new int[] {1, 2, 3, 5, 6, 8}) {
      heard.packet(SSRC, sequence, sequence * 160, sequence * 20 * MILLI);
    }
    reporter.heard(0xb44d_b705_2000_0000L, 2 * SECOND);
    write(0, 0, 2 * SECOND + 5250 * MILLI);
    // 2 of 8 are 64 of 256; RFC 3550's own figures: LSR b705:2000, DLSR 0005:4000 (5.25 s).
    assertThat(told).containsExactly("RR 77", "block of 1234 64 2 8 last b7052000 after 54000");
  }

  @Test
  void a_party_that_is_sent_a_stream_gets_its_clock_its_packets_and_its_octets() {
    ByteBuf packet = Unpooled.buffer();
    RtpPacket.writeHeader(packet, false, 0, 9, 1600, 0x99);
    assertThat(sent.apply(packet, SECOND)).isTrue();
    write(1, 160, SECOND + 10 * MILLI);
    write(1, 160, 6 * SECOND);
    assertThat(told)
        .containsExactly(
            "SR 99 ntp 1.01 rtp 1680 packets 1 octets 160", // 10 ms after the packet
            "RR 99"); // nothing was sent since
  }

  @Test
  void a_compound_packet_of_ours_is_valid_and_named_at_random() {
    ByteBuf one = write(0, 0, SECOND);
    assertThat(RtcpCompound.isValid(one)).isTrue();
    ByteBuf other = Unpooled.buffer();
    new Reporter(77, 0).write(other, heard, sent, 0, 0, SECOND);
    assertThat(other).isNotEqualTo(one);
  }

  private ByteBuf write(long packets, long octets, long now) {
    ByteBuf out = Unpooled.buffer();
    reporter.write(out, heard, sent, packets, octets, now);
    assertThat(RtcpCompound.isValid(out)).isTrue();
    RtcpCompound.walk(
        out,
        new RtcpCompound.Listener() {
          @Override
          public void senderReport(
              int ssrc, long ntp, int rtpTimestamp, long sentPackets, long sentOctets) {
            double seconds = (ntp >>> 32) + (ntp & 0xffff_ffffL) / 4_294_967_296.0;
            told.add(
                "SR %x ntp %.2f rtp %d packets %d octets %d"
                    .formatted(ssrc, seconds, rtpTimestamp, sentPackets, sentOctets));
          }

          @Override
          public void receiverReport(int ssrc) {
            told.add(ssrc == 77 ? "RR 77" : "RR %x".formatted(ssrc));
          }

          @Override
          public void reportBlock(
              int by,
              int source,
              int fractionLost,
              int lost,
              long highestSequence,
              long jitterTicks,
              int lastSenderReport,
              long delaySinceThen) {
            told.add(
                "block of %x %d %d %d last %x after %x"
                    .formatted(
                        source,
                        fractionLost,
                        lost,
                        highestSequence,
                        lastSenderReport,
                        delaySinceThen));
          }
        });
    return out;
  }
}
