package io.tandem.protocol.media.srtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpTest {
  private static final int OFFSET = 7;
  private static final int PAYLOAD_OCTETS = 160;
  private static final int SSRC = 0x1234_5678;

  private final ByteBuf buffer = Unpooled.directBuffer(2048, 2048);

  @ParameterizedTest
  @EnumSource
  void what_is_sealed_opens_to_what_it_was(SrtpProfile profile) {
    SrtpKeys keys = SrtpKeys.random(profile, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    byte[] plain = rtp(4711, SSRC);
    byte[] sealed = sealed(sealer, plain);
    assertThat(sealed).hasSize(plain.length + profile.rtpTagOctets());
    assertThat(sealed).startsWith(Arrays.copyOf(plain, 12));
    assertThat(opened(opener, sealed)).isEqualTo(plain);
    byte[] report = rtcp();
    byte[] sealedReport = sealedRtcp(sealer, report);
    assertThat(sealedReport).hasSize(report.length + 4 + profile.rtcpTagOctets());
    assertThat(openedRtcp(opener, sealedReport)).isEqualTo(report);
  }

  @ParameterizedTest
  @EnumSource
  void every_truncation_is_refused_and_changes_nothing(SrtpProfile profile) {
    SrtpKeys keys = SrtpKeys.random(profile, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    byte[] sealed = sealed(sealer, rtp(1, SSRC));
    byte[] report = sealedRtcp(sealer, rtcp());
    for (int octets = 0; octets < sealed.length; octets++) {
      assertThat(open(opener, Arrays.copyOf(sealed, octets), false)).isNegative();
    }
    for (int octets = 0; octets < report.length; octets++) {
      assertThat(open(opener, Arrays.copyOf(report, octets), true)).isNegative();
    }
    assertThat(open(opener, sealed, false)).isEqualTo(12 + PAYLOAD_OCTETS);
    assertThat(open(opener, report, true)).isEqualTo(rtcp().length);
  }

  @ParameterizedTest
  @EnumSource
  void every_flipped_bit_is_refused_and_changes_nothing(SrtpProfile profile) {
    SrtpKeys keys = SrtpKeys.random(profile, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    byte[] sealed = sealed(sealer, rtp(1, SSRC));
    byte[] report = sealedRtcp(sealer, rtcp());
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      assertThat(open(opener, flipped(sealed, bit), false)).as("bit %d", bit).isNegative();
    }
    for (int bit = 0; bit < 8 * report.length; bit++) {
      assertThat(open(opener, flipped(report, bit), true)).as("RTCP bit %d", bit).isNegative();
    }
    assertThat(open(opener, sealed, false)).isPositive();
    assertThat(open(opener, report, true)).isPositive();
  }

  @Test
  void a_hundred_thousand_reordered_packets_open_once_each_across_the_wraps() {
    long seed = 3711;
    Random random = new Random(seed);
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    int first = 65_000;
    List<byte[]> window = new ArrayList<>();
    int openedPackets = 0;
    // The first goes first: who hears a stream begin after its wrap cannot know of it (RFC 3711).
    assertThat(open(opener, sealed(sealer, rtp(first, SSRC)), false)).isPositive();
    for (int i = 1; i <= 100_000; i++) {
      byte[] sealed = sealed(sealer, rtp(first + i & 0xffff, SSRC));
      assertThat(sealed).as("seed %d packet %d", seed, i).isNotEmpty();
      window.add(sealed);
      if (window.size() == 500) {
        Collections.shuffle(window, random);
        for (byte[] packet : window) {
          openedPackets += open(opener, packet, false) > 0 ? 1 : 0;
          assertThat(open(opener, packet, false)).isEqualTo(SrtpRefusal.REPLAYED.code());
        }
        window.clear();
      }
    }
    assertThat(openedPackets).as("seed %d", seed).isEqualTo(100_000);
  }

  @Test
  void what_is_further_behind_than_the_window_is_too_old() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    byte[] old = sealed(sealer, rtp(100, SSRC));
    byte[] late = sealed(sealer, rtp(101, SSRC));
    byte[] now = sealed(sealer, rtp(100 + SourceHistory.WINDOW_PACKETS, SSRC));
    assertThat(open(opener, now, false)).isPositive();
    assertThat(open(opener, old, false)).isEqualTo(SrtpRefusal.TOO_OLD.code());
    assertThat(open(opener, late, false)).isPositive();
  }

  @Test
  void a_sequence_number_is_never_sealed_twice() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    assertThat(sealed(sealer, rtp(9, SSRC))).isNotEmpty();
    byte[] another = rtp(9, SSRC);
    another[100] ^= 1;
    assertThat(seal(sealer, another)).isEqualTo(SrtpRefusal.REPLAYED.code());
  }

  @Test
  void sources_have_histories_of_their_own() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AEAD_AES_256_GCM, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    for (int i = 0; i < SourceTable.MAX_SOURCES; i++) {
      assertThat(open(opener, sealed(sealer, rtp(7, SSRC + i)), false)).isPositive();
    }
    assertThat(seal(sealer, rtp(7, SSRC - 1))).isEqualTo(SrtpRefusal.TOO_MANY_SOURCES.code());
  }

  @Test
  void forged_sources_take_no_place() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_32, new SecureRandom());
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    for (int i = 0; i < 10 * SourceTable.MAX_SOURCES; i++) {
      byte[] forged = Arrays.copyOf(rtp(7, i), 12 + PAYLOAD_OCTETS + 4);
      assertThat(open(opener, forged, false)).isEqualTo(SrtpRefusal.NOT_AUTHENTIC.code());
    }
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    assertThat(open(opener, sealed(sealer, rtp(7, SSRC)), false)).isPositive();
  }

  @Test
  void keys_that_served_their_lifetime_seal_and_open_nothing_more() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, 2);
    SrtpSealer longer = new SrtpSealer(keys, 3);
    SrtpOpener opener = new SrtpOpener(keys, 2);
    for (int i = 0; i < 2; i++) {
      assertThat(seal(sealer, rtp(i, SSRC))).isPositive();
      assertThat(open(opener, sealed(longer, rtp(i, SSRC)), false)).isPositive();
    }
    assertThat(seal(sealer, rtp(2, SSRC))).isEqualTo(SrtpRefusal.KEYS_WORN_OUT.code());
    assertThat(open(opener, sealed(longer, rtp(2, SSRC)), false))
        .isEqualTo(SrtpRefusal.KEYS_WORN_OUT.code());
  }

  @Test
  void the_clear_header_covers_contributing_sources_and_extension() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_256_CM_HMAC_SHA1_80, new SecureRandom());
    byte[] plain = rtp(5, SSRC);
    plain[0] = (byte) 0x92; // X and two CSRC
    plain[12 + 8 + 2] = 0;
    plain[12 + 8 + 3] = 1; // one word of extension
    byte[] sealed = sealed(new SrtpSealer(keys, SrtpOpener.UNLIMITED), plain);
    assertThat(sealed).startsWith(Arrays.copyOf(plain, 12 + 8 + 4 + 4));
    assertThat(opened(new SrtpOpener(keys, SrtpOpener.UNLIMITED), sealed)).isEqualTo(plain);
  }

  @Test
  void counter_mode_makes_no_garbage() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AES_CM_128_HMAC_SHA1_80, new SecureRandom());
    SrtpSealer sealer = new SrtpSealer(keys, SrtpOpener.UNLIMITED);
    SrtpOpener opener = new SrtpOpener(keys, SrtpOpener.UNLIMITED);
    byte[] packet = rtp(0, SSRC);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = 0;
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      packet[2] = (byte) (i >> 8);
      packet[3] = (byte) i;
      if (sealer.rtp(holding(packet)) < 0 || opener.rtp(buffer) != packet.length) {
        throw new AssertionError("packet " + i);
      }
    }
    long octetsAPacket = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000;
    assertThat(octetsAPacket).isZero();
  }

  @Test
  void keys_are_masked() {
    SrtpKeys keys = SrtpKeys.random(SrtpProfile.AEAD_AES_128_GCM, new SecureRandom());
    assertThat(keys.toString()).doesNotContain(keys.base64().substring(0, 6));
    assertThat(SrtpKeys.ofBase64(keys.profile(), keys.base64())).contains(keys);
    assertThat(SrtpKeys.ofBase64(SrtpProfile.AEAD_AES_256_GCM, keys.base64())).isEmpty();
    assertThat(SrtpKeys.ofBase64(keys.profile(), "no base64!")).isEmpty();
  }

  private ByteBuf holding(byte[] packet) {
    return buffer.setIndex(OFFSET, OFFSET).writeBytes(packet);
  }

  private int seal(SrtpSealer sealer, byte[] packet) {
    return sealer.rtp(holding(packet));
  }

  private byte[] sealed(SrtpSealer sealer, byte[] packet) {
    return taken(seal(sealer, packet));
  }

  private byte[] sealedRtcp(SrtpSealer sealer, byte[] packet) {
    return taken(sealer.rtcp(holding(packet)));
  }

  private int open(SrtpOpener opener, byte[] packet, boolean rtcp) {
    int opened = rtcp ? opener.rtcp(holding(packet)) : opener.rtp(holding(packet));
    if (opened < 0) {
      assertThat(taken(packet.length)).as("left as it came").isEqualTo(packet);
    }
    return opened;
  }

  private byte[] opened(SrtpOpener opener, byte[] packet) {
    return taken(open(opener, packet, false));
  }

  private byte[] openedRtcp(SrtpOpener opener, byte[] packet) {
    return taken(open(opener, packet, true));
  }

  private byte[] taken(int octets) {
    byte[] packet = new byte[Math.max(0, octets)];
    buffer.getBytes(OFFSET, packet);
    return packet;
  }

  private static byte[] flipped(byte[] packet, int bit) {
    byte[] flipped = packet.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }

  private static byte[] rtp(int sequence, int ssrc) {
    byte[] packet = new byte[12 + PAYLOAD_OCTETS];
    packet[0] = (byte) 0x80;
    packet[2] = (byte) (sequence >> 8);
    packet[3] = (byte) sequence;
    PacketCrypt.putWord(packet, 4, 160 * sequence);
    PacketCrypt.putWord(packet, 8, ssrc);
    for (int i = 12; i < packet.length; i++) {
      packet[i] = (byte) (i * 31 + sequence);
    }
    return packet;
  }

  private static byte[] rtcp() {
    byte[] packet = new byte[28];
    packet[0] = (byte) 0x80;
    packet[1] = (byte) 200;
    packet[3] = 6;
    PacketCrypt.putWord(packet, 4, SSRC);
    return packet;
  }
}
