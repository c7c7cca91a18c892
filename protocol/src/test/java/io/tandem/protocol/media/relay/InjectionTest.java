package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import io.tandem.protocol.media.rtcp.PartyReports;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stranger who knows all that can be seen from outside, and even the SSRC and the next sequence
 * numbers: nothing of his is heard, nothing of the call comes to him, and the call stays. The
 * parties are phones, as every party of a node's is; the stranger is at another host.
 */
@ParameterizedClass
@MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
class InjectionTest {
  private static final PortRange PORTS = TestPorts.range();
  private static final int SSRC_A = 0xaaaa_0001;
  private static final int SSRC_B = 0xbbbb_0001;

  @Parameter Wire wire;

  private final AtomicLong nanos = new AtomicLong();
  private MediaAnchor anchor;
  private Relay relay;
  private final Peer a = new Peer();
  private final Peer b = new Peer();
  private final Peer rtcpA = new Peer();
  private final Peer rtcpB = new Peer();
  private final Peer stranger = new Peer(InetAddress.ofLiteral("127.0.0.2"), 0);
  private int sequence;
  private long sprayed;

  @BeforeEach
  void a_call() {
    AnchorSettings settings =
        AnchorSettings.of(Peer.LOOPBACK, PORTS).withWire(wire).withWarmPairs(8);
    anchor = ((Opening.Opened) MediaAnchor.open(settings, nanos::get)).anchor();
    relay = ((Allocation.Granted) anchor.allocate("call-1")).relay();
    relay.leg(Side.A).expect(phone(a, rtcpA));
    relay.leg(Side.B).expect(phone(b, rtcpB));
    relay.bridge();
  }

  @AfterEach
  void close() {
    anchor.close();
    for (Peer peer : new Peer[] {a, b, rtcpA, rtcpB, stranger}) {
      peer.close();
    }
  }

  @Test
  void a_spray_over_the_whole_range_during_a_call_is_neither_heard_nor_answered() {
    talk();
    for (int round = 0; round < 3; round++) {
      nanos.addAndGet(Duration.ofMillis(20).toNanos());
      sprayEveryPort();
      talk();
    }
    assertThat(strangersOf(Side.A) + strangersOf(Side.B)).isEqualTo(3 * 4 * 2);
    nobodyElseHeardAnything();
  }

  @Test
  void a_spray_before_the_first_packet_takes_no_partys_place_the_negotiated_address_decides() {
    sprayEveryPort();
    settle(4 * 2);
    assertThat(relay.leg(Side.A).source()).isEmpty();
    assertThat(relay.leg(Side.B).source()).isEmpty();
    talk();
    nobodyElseHeardAnything();
  }

  @Test
  void a_spray_before_anybody_is_expected_leaves_no_trace_in_the_call_that_follows() {
    relay.leg(Side.A).vacate();
    relay.leg(Side.B).vacate();
    sprayEveryPort();
    assertThat(relay.statistics().a().early() + relay.statistics().b().early()).isPositive();
    relay.leg(Side.A).expect(phone(a, rtcpA));
    relay.leg(Side.B).expect(phone(b, rtcpB));
    talk();
    nobodyElseHeardAnything();
  }

  @Test
  void a_flood_on_one_port_does_not_use_up_what_the_party_may_send() {
    talk();
    for (int i = 1; i <= 1_000; i++) {
      stranger.sendRtp(portOf(Side.A), SSRC_A, sequence + i);
      long counted = i;
      Peer.until("each is a stranger's", () -> strangersOf(Side.A) == counted);
    }
    talk();
    assertThat(relay.statistics().a().excess()).isZero();
    nobodyElseHeardAnything();
  }

  @Test
  void a_phone_that_is_silent_for_seconds_is_not_replaced_by_who_guesses_its_numbers_wrong() {
    talk();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    stranger.sendRtp(portOf(Side.A), SSRC_A, sequence - 7); // behind, as a replayed capture is
    stranger.sendRtp(portOf(Side.A), SSRC_A, sequence - 6);
    stranger.sendRtp(portOf(Side.A), SSRC_A ^ 1, sequence + 1);
    stranger.sendRtp(portOf(Side.A), SSRC_A ^ 1, sequence + 2);
    settle(4);
    talk();
    nobodyElseHeardAnything();
  }

  @Test
  void a_report_or_a_bye_of_a_stranger_reaches_nobody_and_changes_no_figure() {
    talk();
    long before = relay.lastPacketNanos();
    nanos.addAndGet(1_000_000);
    byte[] report =
        Peer.receiverReport(SSRC_A, new PartyReports.Block(SSRC_B, 255, 9999, 1, 9999, 0, 0));
    for (Side side : Side.values()) {
      stranger.send(portOf(side) + 1, report);
      stranger.send(portOf(side) + 1, bye(SSRC_A));
      stranger.send(portOf(side), report);
      stranger.send(portOf(side), bye(SSRC_B));
    }
    settle(8);
    assertThat(relay.statistics().a().reportedLost()).isZero();
    assertThat(relay.lastPacketNanos()).isEqualTo(before);
    talk();
    nobodyElseHeardAnything();
  }

  private static RemoteParty phone(Peer rtp, Peer rtcp) {
    return RemoteParty.phone(rtp.address(), Peer.LOOPBACK).withRtcp(rtcp.address());
  }

  private void talk() {
    sequence++;
    a.sendRtp(portOf(Side.A), SSRC_A, sequence);
    assertThat(b.receive()).isEqualTo(Peer.rtp(SSRC_A, sequence));
    b.sendRtp(portOf(Side.B), SSRC_B, sequence);
    assertThat(a.receive()).isEqualTo(Peer.rtp(SSRC_B, sequence));
  }

  /** Voice and a report to every port there is, bound or not, the call's four among them. */
  private void sprayEveryPort() {
    byte[] report = Peer.receiverReport(SSRC_A, null);
    for (int port = PORTS.firstEven(); port <= PORTS.last(); port++) {
      stranger.sendRtp(port, SSRC_A, sequence + 1);
      stranger.send(port, report);
    }
    sprayed += 4 * 2;
    Peer.until("the call's ports have had it", () -> droppedByTheCall() == sprayed);
  }

  /** RTP on the RTCP port is no RTCP, so it is invalid and not a stranger's. */
  private long droppedByTheCall() {
    long dropped = 0;
    for (Side side : Side.values()) {
      LegStatistics leg = relay.statistics().of(side);
      dropped += leg.strangers() + leg.early() + leg.invalid();
    }
    return dropped;
  }

  private void settle(long dropped) {
    Peer.until("all of it is dropped", () -> droppedByTheCall() == dropped);
  }

  private long strangersOf(Side side) {
    return relay.statistics().of(side).strangers() + relay.statistics().of(side).invalid();
  }

  private void nobodyElseHeardAnything() {
    for (Peer peer : new Peer[] {a, b, rtcpA, rtcpB, stranger}) {
      assertThat(peer.hasReceived()).as("something waits at %s", peer.address()).isFalse();
    }
    assertThat(relay.statistics().a().latches()).isLessThanOrEqualTo(1);
  }

  private int portOf(Side side) {
    return relay.leg(side).localPort();
  }

  private static byte[] bye(int ssrc) {
    ByteBuf packet = Unpooled.buffer(8);
    packet.writeByte(0x81).writeByte(203).writeShort(1).writeInt(ssrc);
    return packet.array();
  }
}
