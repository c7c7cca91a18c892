package io.tandem.protocol.media.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import io.tandem.protocol.media.rtcp.PartyReports;
import io.tandem.protocol.media.rtcp.RtcpCompound;
import io.tandem.protocol.media.rtp.RtpPacket;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What a relay knows of its legs beyond passing packets on: reports, quality, takeovers, ports. */
@ParameterizedClass
@MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
class RelayReportsTest {
  private static final PortRange PORTS = TestPorts.range();
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
  void reports_of_a_party_that_took_over_speak_of_the_streams_as_the_other_knows_them() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcpMux());
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    relay.leg(Side.B).vacate();
    try (Peer next = new Peer()) {
      relay.leg(Side.B).expect(RemoteParty.trunk(next.address()).withRtcpMux());
      next.sendRtp(portB(), 0x7777, 50);
      assertGoesOnAs(a.receive(), SSRC_B, 2);
      next.send(portB(), Peer.receiverReport(0x7777, null));
      assertThat(Peer.unnamed(a.receive()))
          .isEqualTo(Peer.unnamed(Peer.receiverReport(SSRC_B, null)));
      a.send(
          portA(), Peer.receiverReport(SSRC_A, new PartyReports.Block(SSRC_B, 0, 0, 2, 0, 0, 0)));
      assertThat(Peer.unnamed(next.receive()))
          .isEqualTo(
              Peer.unnamed(
                  Peer.receiverReport(SSRC_A, new PartyReports.Block(0x7777, 0, 0, 50, 0, 0, 0))));
    }
  }

  @Test
  void the_way_to_a_party_and_back_is_known_from_its_answer_to_a_report_that_passed() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcpMux());
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    a.send(portA(), Peer.senderReport(SSRC_A, 0x1111_2222_3333_4444L));
    b.receive();
    nanos.addAndGet(Duration.ofMillis(540).toNanos());
    // It kept the report for half a second (0x8000 of 65536ths).
    b.send(
        portB(),
        Peer.receiverReport(
            SSRC_B, new PartyReports.Block(SSRC_A, 0, 0, 1, 0, 0x2222_3333, 0x8000)));
    a.receive();
    assertThat(relay.statistics().b().roundTripMicros()).isEqualTo(40_000);
    assertThat(relay.statistics().b().mosReportedHundredths(8000)).isBetween(430, 440);
    assertThat(relay.statistics().a().roundTripMicros()).isZero();
  }

  @Test
  void the_round_trip_of_the_rfcs_figure_is_six_seconds_and_an_eighth() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcpMux());
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    a.send(portA(), Peer.senderReport(SSRC_A, 0xb44d_b705_2000_0000L));
    b.receive();
    nanos.addAndGet(Duration.ofMillis(5250 + 6125).toNanos());
    b.send(
        portB(),
        Peer.receiverReport(
            SSRC_B, new PartyReports.Block(SSRC_A, 0, 0, 1, 0, 0xb705_2000, 0x0005_4000)));
    a.receive();
    assertThat(relay.statistics().b().roundTripMicros()).isEqualTo(6_125_000);
  }

  @Test
  void a_party_whose_peer_sends_no_rtcp_gets_reports_of_ours_and_its_answer_is_our_round_trip() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    a.sendRtp(portA(), SSRC_A, 3);
    b.receive();
    ByteBuf report = Unpooled.wrappedBuffer(a.receive());
    Told told = Told.of(report);
    assertThat(told.sender).isEqualTo(SSRC_B);
    assertThat(told.packets).isEqualTo(1);
    assertThat(told.octets).isEqualTo(160);
    assertThat(told.source).isEqualTo(SSRC_A);
    assertThat(told.lost).isEqualTo(1);
    nanos.addAndGet(Duration.ofMillis(80).toNanos());
    int middle = (int) (told.ntp >>> 16);
    a.send(
        portA(),
        Peer.receiverReport(SSRC_A, new PartyReports.Block(SSRC_B, 26, 3, 1, 0, middle, 0)));
    Peer.until("its answer is read", () -> relay.statistics().a().roundTripMicros() > 0);
    LegStatistics ofA = relay.statistics().a();
    assertThat(ofA.roundTripMicros()).isBetween(79_900L, 80_100L);
    assertThat(ofA.reportedLost()).isEqualTo(3);
    assertThat(ofA.mosReportedHundredths(8000)).isLessThan(200);
    assertThat(relay.statistics().a().rtcpOut().packets()).isEqualTo(1);
  }

  @Test
  void on_the_voice_path_reports_end_here_and_each_party_gets_ours() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcpMux());
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    b.sendRtp(portB(), SSRC_B, 1);
    a.receive();
    relay.leg(Side.A).divert((packet, now) -> {});
    a.send(portA(), Peer.senderReport(SSRC_A, 0x1111_2222_3333_4444L));
    Peer.until("it is read", () -> relay.statistics().a().rtcpIn().packets() == 1);
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    byte[] spoken = Peer.rtp(0x5555, 1);
    relay.leg(Side.A).execute(() -> relay.speak(Side.A, Unpooled.copiedBuffer(spoken)));
    assertGoesOnAs(a.receive(), SSRC_B, 2);
    Told told = Told.of(Unpooled.wrappedBuffer(a.receive()));
    assertThat(told.sender).as("the stream that it knows").isEqualTo(SSRC_B);
    assertThat(told.packets).isEqualTo(2);
    assertThat(told.lastSenderReport).isEqualTo(0x2222_3333);
    assertThat(told.delaySinceThen).as("ten seconds").isEqualTo(10 << 16);
    assertThat(b.hasReceived()).as("nothing of the report").isFalse();
  }

  /** What one compound packet says. */
  private static final class Told implements RtcpCompound.Listener {
    private int sender;
    private long ntp;
    private long packets;
    private long octets;
    private int source;
    private int lost;
    private int lastSenderReport;
    private long delaySinceThen;

    static Told of(ByteBuf compound) {
      assertThat(RtcpCompound.isValid(compound)).isTrue();
      Told told = new Told();
      RtcpCompound.walk(compound, told);
      return told;
    }

    @Override
    public void senderReport(int ssrc, long at, int rtpTimestamp, long sent, long payload) {
      sender = ssrc;
      ntp = at;
      packets = sent;
      octets = payload;
    }

    @Override
    public void reportBlock(
        int reporter,
        int of,
        int fractionLost,
        int lostOf,
        long highestSequence,
        long jitterTicks,
        int lastOne,
        long since) {
      source = of;
      lost = lostOf;
      lastSenderReport = lastOne;
      delaySinceThen = since;
    }
  }

  @Test
  void what_we_say_ourselves_has_the_partys_numbers_already() {
    expectBoth();
    relay.leg(Side.B).payloadTypes(Map.of(101, 96, 96, 97));
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    byte[] event = Peer.rtp(0x5555, 1);
    event[1] = 96;
    relay.leg(Side.B).execute(() -> relay.speak(Side.B, Unpooled.copiedBuffer(event)));
    assertThat(b.receive()[1] & 0x7f).isEqualTo(96);
  }

  @Test
  void a_party_gets_payloads_by_its_own_numbers() {
    expectBoth();
    relay.leg(Side.B).payloadTypes(Map.of(101, 96));
    relay.bridge();
    byte[] event = Peer.rtp(SSRC_A, 1);
    event[1] = (byte) (0x80 | 101);
    a.send(portA(), event);
    event[1] = (byte) (0x80 | 96);
    assertThat(b.receive()).isEqualTo(event);
    a.sendRtp(portA(), SSRC_A, 2);
    assertThat(b.receive()).isEqualTo(Peer.rtp(SSRC_A, 2));
  }

  @Test
  void dead_air_and_one_way_audio_are_seen_from_packets_and_speech() {
    expectBoth();
    nanos.set(0);
    relay.bridge();
    Duration twelve = Duration.ofSeconds(12);
    assertThat(relay.hearing(nanos.get()).a().deadFor(twelve)).isFalse();

    // A talks, B sends silence: B is dead air, and nobody's audio is one way.
    for (int i = 1; i <= 650; i++) {
      nanos.addAndGet(Duration.ofMillis(20).toNanos());
      a.send(portA(), Peer.voice(SSRC_A, i, (byte) 0x90));
      b.receive();
      b.send(portB(), Peer.voice(SSRC_B, i, (byte) 0xff));
      a.receive();
    }
    Hearing thirteen = relay.hearing(nanos.get());
    assertThat(thirteen.a().deadFor(twelve)).isFalse();
    assertThat(thirteen.a().level()).isPositive();
    assertThat(thirteen.b().deadFor(twelve)).isTrue();
    assertThat(thirteen.b().withoutMedia()).isZero();
    assertThat(thirteen.oneWayFor(twelve)).isEmpty();

    // B's packets stop while A goes on.
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    a.send(portA(), Peer.voice(SSRC_A, 651, (byte) 0x90));
    b.receive();
    assertThat(relay.hearing(nanos.get()).oneWayFor(Duration.ofSeconds(4))).contains(Side.B);
  }

  @Test
  void rtcp_of_the_party_passes_on_the_odd_port_and_its_report_is_noted() {
    try (Peer rtcpA = new Peer();
        Peer rtcpB = new Peer()) {
      relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcp(rtcpA.address()));
      relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcp(rtcpB.address()));
      relay.bridge();
      byte[] report =
          Peer.receiverReport(SSRC_A, new PartyReports.Block(SSRC_B, 12, 34, 99, 56, 0, 0));

      stranger.send(relay.leg(Side.A).localRtcpPort(), report);
      rtcpA.send(relay.leg(Side.A).localRtcpPort(), report);

      byte[] heard = rtcpB.receive();
      assertThat(new String(heard, US_ASCII)).doesNotContain("peer@", "example");
      assertThat(Peer.unnamed(heard)).isEqualTo(Peer.unnamed(report));
      LegStatistics atA = relay.statistics().a();
      assertThat(atA.rtcpIn()).isEqualTo(new LegStatistics.Volume(1, report.length));
      assertThat(relay.statistics().b().rtcpOut().packets()).isEqualTo(1);
      assertThat(atA.reportedLost()).isEqualTo(34);
      assertThat(atA.reportedJitterTicks()).isEqualTo(56);
      assertThat(atA.strangers()).isEqualTo(1);
    }
  }

  @Test
  void rtcp_on_the_rtp_port_passes_to_a_party_that_shares_its_port_too() {
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()).withRtcpMux());
    relay.leg(Side.B).expect(RemoteParty.trunk(b.address()).withRtcpMux());
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    byte[] report = Peer.receiverReport(SSRC_A, null);

    a.send(portA(), report);

    assertThat(Peer.unnamed(b.receive())).isEqualTo(Peer.unnamed(report));
    assertThat(relay.statistics().a().rtpIn().packets()).isEqualTo(1);
  }

  @Test
  void losses_and_jitter_of_a_leg_are_counted_exactly() {
    expectBoth();
    relay.bridge();
    int sent = 0;
    for (int sequence = 65_500; sequence < 65_600; sequence++) {
      nanos.addAndGet(20_000_000L);
      if (sequence % 10 != 3) {
        a.sendRtp(portA(), SSRC_A, sequence & 0xffff);
        b.receive();
        sent++;
      }
    }
    LegStatistics atA = relay.statistics().a();
    assertThat(atA.rtpIn()).isEqualTo(new LegStatistics.Volume(sent, 172L * sent));
    assertThat(relay.statistics().b().rtpOut()).isEqualTo(atA.rtpIn());
    assertThat(atA.lost()).isEqualTo(100 - sent);
  }

  @Test
  void a_party_whose_port_is_closed_for_a_moment_costs_its_packets_and_not_the_call() {
    Peer first = new Peer();
    InetSocketAddress address = first.address();
    relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
    relay.leg(Side.B).expect(RemoteParty.trunk(address));
    relay.bridge();
    first.sendRtp(portB(), SSRC_B, 1);
    assertThat(a.receiveSequence()).isEqualTo(1);
    first.close();
    for (int i = 1; i <= 5; i++) {
      a.sendRtp(portA(), SSRC_A, i);
      long sent = i;
      Peer.until("it is sent", () -> relay.statistics().b().rtpOut().packets() == sent);
    }
    try (Peer again = new Peer(Peer.LOOPBACK, address.getPort())) {
      a.sendRtp(portA(), SSRC_A, 6);
      assertThat(again.receiveSequence()).isEqualTo(6);
      again.sendRtp(portB(), SSRC_B, 2);
      assertThat(a.receiveSequence()).isEqualTo(2);
    }
  }

  @Test
  void nobody_can_share_a_port_of_a_call_not_even_another_program_of_the_same_user()
      throws Exception {
    expectBoth();
    relay.bridge();
    a.sendRtp(portA(), SSRC_A, 1);
    b.receive();
    try (DatagramChannel other = DatagramChannel.open()) {
      other.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (other.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
        other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      assertThatThrownBy(() -> other.bind(local(relay.leg(Side.A))))
          .isInstanceOf(BindException.class);
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

  private static InetSocketAddress local(RelayLeg leg) {
    return new InetSocketAddress(Peer.LOOPBACK, leg.localPort());
  }
}
