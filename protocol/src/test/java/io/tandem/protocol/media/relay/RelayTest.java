package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Two parties, a relay between them, real sockets on loopback, a clock of the test's own. */
@ParameterizedClass
@MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
class RelayTest {
  private static final PortRange PORTS = TestPorts.range();
  private static final InetAddress ELSEWHERE = InetAddress.ofLiteral("198.51.100.7");
  private static final int SSRC_A = 0xaaaa_0001;
  private static final int SSRC_B = 0xbbbb_0001;

  @Parameter Wire wire;

  private final AtomicLong nanos = new AtomicLong(-1_000_000_000L);
  private MediaAnchor anchor;
  private Relay relay;
  private final Peer a = new Peer();
  private final Peer b = new Peer();
  private final Peer stranger = new Peer();

  @BeforeEach
  void a_relay_between_two_parties() {
    anchor = open(AnchorSettings.of(Peer.LOOPBACK, PORTS).withWire(wire).withWarmPairs(4));
    relay = allocate();
  }

  @AfterEach
  void close() {
    anchor.close();
    a.close();
    b.close();
    stranger.close();
  }

  @Test
  void packets_pass_both_ways_byte_for_byte_once_bridged() {
    expectBoth();
    relay.bridge();

    a.send(portA(), Peer.rtp(SSRC_A, 7));
    assertThat(b.receive()).isEqualTo(Peer.rtp(SSRC_A, 7));
    b.send(portB(), Peer.rtp(SSRC_B, 8));
    assertThat(a.receive()).isEqualTo(Peer.rtp(SSRC_B, 8));

    LegStatistics atA = relay.statistics().a();
    assertThat(atA.rtpIn()).isEqualTo(new LegStatistics.Volume(1, 172));
    assertThat(atA.rtpOut()).isEqualTo(new LegStatistics.Volume(1, 172));
    assertThat(atA.latches()).isEqualTo(1);
    assertThat(relay.leg(Side.A).source()).contains(a.address());
  }

  @Test
  void ports_are_an_even_one_for_rtp_and_the_odd_one_above_for_rtcp() {
    for (Side side : Side.values()) {
      assertThat(relay.leg(side).localPort()).isEven();
      assertThat(relay.leg(side).localRtcpPort()).isEqualTo(relay.leg(side).localPort() + 1);
    }
    assertThat(portA()).isNotEqualTo(portB());
  }

  @Test
  void before_the_bridge_a_party_is_latched_and_counted_but_not_heard() {
    expectBoth();
    a.sendRtp(portA(), SSRC_A, 1);
    Peer.until("the packet is held back", () -> relay.statistics().a().heldBack() == 1);

    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 2);

    assertThat(b.receiveSequence()).isEqualTo(2);
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(2);
  }

  @Test
  void a_stranger_is_counted_and_never_heard() {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    assertThat(b.receiveSequence()).isEqualTo(1);

    for (int i = 0; i < 50; i++) {
      stranger.sendRtp(portA(), SSRC_A, 2 + i);
    }
    a.sendRtp(portA(), SSRC_A, 2);

    assertThat(b.receive()).isEqualTo(Peer.rtp(SSRC_A, 2));
    Peer.until("each is counted", () -> relay.statistics().a().strangers() == 50);
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(2);
    b.sendRtp(portB(), SSRC_B, 1);
    assertThat(a.receiveSequence()).isEqualTo(1);
  }

  @Test
  void a_packet_before_anybody_is_expected_is_early_and_dropped() {
    a.sendRtp(portA(), SSRC_A, 1);
    Peer.until("the packet is early", () -> relay.statistics().a().early() == 1);
    assertThat(relay.lastPacketNanos()).isEqualTo(Relay.NEVER);
  }

  @Test
  void a_phone_behind_nat_is_answered_where_it_speaks_from() {
    try (Peer inside = new Peer()) {
      relay.leg(Side.A).expect(RemoteParty.phone(inside.address(), Peer.LOOPBACK));
      relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
      relay.bridge();

      a.sendRtp(portA(), SSRC_A, 1);
      assertThat(b.receiveSequence()).isEqualTo(1);
      b.sendRtp(portB(), SSRC_B, 1);

      assertThat(a.receiveSequence()).isEqualTo(1);
    }
  }

  @Test
  void a_party_that_only_listens_is_sent_to_at_its_negotiated_address() {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    assertThat(b.receiveSequence()).isEqualTo(1);
    assertThat(relay.leg(Side.B).source()).isEmpty();
  }

  @Test
  void where_only_proven_addresses_are_sent_to_nothing_goes_to_one_that_is_only_described() {
    expectBoth();
    relay.leg(Side.B).sendOnlyWhereLatched(true);
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    relay.leg(Side.B).execute(() -> relay.speak(Side.B, packet(7)));
    Peer.until("relayed is held back", () -> relay.statistics().a().heldBack() == 1);
    Peer.until("our own is held back", () -> relay.statistics().b().heldBack() == 1);
    a.send(portA(), Peer.senderReport(SSRC_A, 1));
    Peer.until("a report is held back", () -> relay.statistics().a().heldBack() == 2);
    assertThat(relay.statistics().b().rtpOut().packets()).isZero();

    b.sendRtp(portB(), SSRC_B, 1);
    assertThat(a.receiveSequence()).isEqualTo(1);
    a.sendRtp(portA(), SSRC_A, 2);
    assertThat(b.receiveSequence()).isEqualTo(2);
  }

  private static ByteBuf packet(int sequence) {
    ByteBuf room = Unpooled.directBuffer(1024);
    return room.writeBytes(Peer.rtp(SSRC_B, sequence));
  }

  @Test
  void a_new_address_in_the_sdp_moves_the_party() {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    assertThat(b.receiveSequence()).isEqualTo(1);

    try (Peer moved = new Peer()) {
      relay.leg(Side.A).expect(RemoteParty.trunk(moved.address()));
      b.sendRtp(portB(), SSRC_B, 1);
      assertThat(moved.receiveSequence()).isEqualTo(1);
      moved.sendRtp(portA(), 0x1234, 9);
      assertGoesOnAs(b.receive(), SSRC_A, 2);
    }
    assertThat(relay.statistics().a().latches()).isEqualTo(2);
  }

  @Test
  void a_phone_that_moved_and_only_listens_is_sent_to_after_the_grace() {
    try (Peer moved = new Peer()) {
      relay.leg(Side.A).expect(RemoteParty.phone(a.address(), ELSEWHERE));
      relay.leg(Side.B).expect(RemoteParty.phone(b.address(), Peer.LOOPBACK));
      relay.bridge();
      a.sendRtp(portA(), SSRC_A, 1);
      assertThat(b.receiveSequence()).isEqualTo(1);
      relay.leg(Side.A).expect(RemoteParty.phone(moved.address(), ELSEWHERE));
      b.sendRtp(portB(), SSRC_B, 1);
      assertThat(a.receiveSequence()).isEqualTo(1);
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      b.sendRtp(portB(), SSRC_B, 2);
      assertThat(moved.receiveSequence()).isEqualTo(2);
    }
  }

  @Test
  void a_proven_move_is_followed_without_signalling() {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 100);
    assertThat(b.receiveSequence()).isEqualTo(100);

    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    try (Peer moved = new Peer()) {
      moved.sendRtp(portA(), SSRC_A, 250);
      moved.sendRtp(portA(), SSRC_A, 251);
      assertThat(b.receiveSequence()).isEqualTo(251);
      b.sendRtp(portB(), SSRC_B, 1);
      assertThat(moved.receiveSequence()).isEqualTo(1);
    }
  }

  @Test
  void on_hold_nothing_passes_either_way_and_life_is_still_proven() {
    expectBoth();
    relay.bridge();
    relay.hold(Side.B, true);
    a.sendRtp(portA(), SSRC_A, 1);
    nanos.set(5_000_000_000L);
    b.sendRtp(portB(), SSRC_B, 1);
    Peer.until(
        "both are held back",
        () -> relay.statistics().a().heldBack() + relay.statistics().b().heldBack() == 2);
    assertThat(relay.lastPacketNanos()).isEqualTo(5_000_000_000L);

    relay.hold(Side.B, false);
    a.sendRtp(portA(), SSRC_A, 2);
    b.sendRtp(portB(), SSRC_B, 2);

    assertThat(b.receiveSequence()).isEqualTo(2);
    assertThat(a.receiveSequence()).isEqualTo(2);
  }

  @Test
  void a_party_that_sends_only_is_heard_and_hears_nothing() {
    expectBoth();
    relay.bridge();
    relay.leg(Side.B).flow(RelayLeg.Flow.SEND_ONLY);
    a.sendRtp(portA(), SSRC_A, 1);
    Peer.until("the packet is held back", () -> relay.statistics().a().heldBack() == 1);
    b.sendRtp(portB(), SSRC_B, 1);
    assertThat(a.receiveSequence()).isEqualTo(1);
  }

  @Test
  void proof_of_life_is_the_last_packet_of_either_party_and_of_no_stranger() {
    expectBoth();
    relay.bridge();
    assertThat(relay.lastPacketNanos()).isEqualTo(Relay.NEVER);

    nanos.set(1_000);
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    nanos.set(2_000);
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    nanos.set(3_000);
    stranger.sendRtp(portA(), 0x5555, 1);
    Peer.until("the stranger is counted", () -> relay.statistics().a().strangers() == 1);

    assertThat(relay.leg(Side.A).lastPacketNanos()).isEqualTo(1_000);
    assertThat(relay.leg(Side.B).lastPacketNanos()).isEqualTo(2_000);
    assertThat(relay.lastPacketNanos()).isEqualTo(2_000);
  }

  @Test
  void garbage_is_counted_and_the_call_goes_on() {
    expectBoth();
    relay.bridge();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int garbage = 300;
    for (int i = 0; i < garbage; i++) {
      byte[] noise = new byte[random.nextInt(1, 1400)];
      random.nextBytes(noise);
      noise[0] = (byte) (noise[0] & 0x3f); // never version 2
      a.send(i % 2 == 0 ? portA() : relay.leg(Side.A).localRtcpPort(), noise);
      int counted = i + 1;
      Peer.until(
          "garbage is counted, seed " + seed, () -> relay.statistics().a().invalid() == counted);
    }
    a.send(portA(), new byte[3000]);
    Peer.until(
        "all garbage is counted, seed " + seed,
        () -> relay.statistics().a().invalid() == garbage + 1);

    a.sendRtp(portA(), SSRC_A, 1);
    assertThat(b.receiveSequence()).isEqualTo(1);
  }

  @Test
  void a_flood_of_the_party_itself_is_cut_to_what_a_voice_stream_can_be() {
    expectBoth();
    relay.bridge();
    for (int i = 1; i <= 600; i++) {
      a.sendRtp(portA(), SSRC_A, i);
      long soFar = i;
      Peer.until("each is counted", () -> inAndExcess(relay.statistics().a()) == soFar);
    }
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(500);
    assertThat(relay.statistics().b().rtpOut().packets()).isEqualTo(500);
    assertThat(relay.statistics().a().excess()).isEqualTo(100);
  }

  private static long inAndExcess(LegStatistics leg) {
    return leg.rtpIn().packets() + leg.excess();
  }

  @Test
  void two_relays_whose_sdp_points_at_each_other_do_not_spin() {
    // A packet that gets into the ring would go round as fast as the machine can: the rate ends it.
    Relay other = allocate();
    RelayLeg from = relay.leg(Side.A);
    from.expect(RemoteParty.trunk(a.address()));
    relay.leg(Side.B).expect(RemoteParty.trunk(local(other.leg(Side.A))));
    other.leg(Side.A).expect(RemoteParty.trunk(local(relay.leg(Side.B))));
    other.leg(Side.B).expect(RemoteParty.trunk(local(from)));
    relay.bridge();
    other.bridge();
    a.sendRtp(from.localPort(), SSRC_A, 1);
    Peer.until("it has passed both", () -> other.leg(Side.B).statistics().rtpOut().packets() > 0);

    from.expect(RemoteParty.trunk(local(other.leg(Side.B))));
    a.sendRtp(from.localPort(), SSRC_A, 2);

    Peer.until("the ring is cut", () -> excess(relay) + excess(other) > 0);
    assertThat(from.statistics().rtpIn().packets()).isLessThanOrEqualTo(500);
  }

  private static long excess(Relay relay) {
    return relay.statistics().a().excess() + relay.statistics().b().excess();
  }

  private static InetSocketAddress local(RelayLeg leg) {
    return new InetSocketAddress(Peer.LOOPBACK, leg.localPort());
  }

  @Test
  void after_close_nothing_passes_and_late_packets_are_strays() {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();

    relay.close();
    relay.close();
    // One may go down with the socket that was connected to its sender.
    Peer.until(
        "a stray is counted",
        () -> {
          a.sendRtp(portA(), SSRC_A, 2);
          return anchor.statistics().strays() > 0;
        });
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(1);
    assertThat(anchor.statistics().relays()).isZero();
  }

  @Test
  void a_party_that_left_leaves_its_place_to_the_next() {
    expectBoth();
    relay.bridge();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();

    relay.leg(Side.B).vacate();
    try (Peer next = new Peer()) {
      relay.leg(Side.B).expect(RemoteParty.trunk(next.address()));
      b.sendRtp(portB(), SSRC_B, 2);
      next.sendRtp(portB(), 0x7777, 50);
      assertGoesOnAs(a.receive(), SSRC_B, 2);
      Peer.until("who left is a stranger", () -> relay.statistics().b().strangers() == 1);
    }
  }

  /** The other party hears one stream, whoever sends it. */
  private static void assertGoesOnAs(byte[] packet, int ssrc, int sequence) {
    ByteBuf heard = Unpooled.wrappedBuffer(packet);
    assertThat(RtpPacket.ssrc(heard)).isEqualTo(ssrc);
    assertThat(RtpPacket.sequence(heard)).isEqualTo(sequence);
    assertThat(RtpPacket.marker(heard)).isTrue();
  }

  private void expectBoth() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
  }

  private int portA() {
    return relay.leg(Side.A).localPort();
  }

  private int portB() {
    return relay.leg(Side.B).localPort();
  }

  private Relay allocate() {
    return ((Allocation.Granted) anchor.allocate("call-1")).relay();
  }

  private MediaAnchor open(AnchorSettings settings) {
    return ((Opening.Opened) MediaAnchor.open(settings, nanos::get)).anchor();
  }
}
