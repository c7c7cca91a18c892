package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MediaAnchorTest {
  private static final PortRange PORTS = TestPorts.range();
  private final AtomicLong nanos = new AtomicLong();

  @ParameterizedTest
  @MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
  void a_port_rests_between_two_calls_and_a_late_packet_of_the_first_never_reaches_the_second(
      Wire wire) {
    PortRange two = narrowRange();
    AnchorSettings settings =
        AnchorSettings.of(Peer.LOOPBACK, two).withWire(wire).withQuarantine(Duration.ofSeconds(10));
    try (MediaAnchor anchor = open(settings);
        Peer late = new Peer();
        Peer next = new Peer()) {
      Relay first = granted(anchor.allocate("first"));
      int port = first.leg(Side.A).localPort();
      first.leg(Side.A).expect(RemoteParty.trunk(late.address()));
      first.close();
      assertThat(anchor.allocate("too early")).isEqualTo(new Allocation.Exhausted(0, 2, 0));

      late.sendRtp(port, 1, 1);
      Peer.until("the late packet is a stray", () -> anchor.statistics().strays() == 1);
      nanos.addAndGet(Duration.ofSeconds(10).toNanos());
      Relay second = granted(anchor.allocate("second"));
      RelayLeg leg =
          second.leg(Side.A).localPort() == port ? second.leg(Side.A) : second.leg(Side.B);
      assertThat(leg.localPort()).isEqualTo(port);
      leg.expect(RemoteParty.trunk(next.address()));
      late.sendRtp(port, 1, 2);
      next.sendRtp(port, 2, 1);
      Peer.until("the new party is heard", () -> leg.statistics().rtpIn().packets() == 1);
      assertThat(leg.statistics().strangers()).isEqualTo(1);
    }
  }

  @Test
  void an_exhausted_anchor_says_what_keeps_its_ports() {
    PortRange two = narrowRange();
    try (MediaAnchor anchor = open(AnchorSettings.of(Peer.LOOPBACK, two))) {
      granted(anchor.allocate("one"));
      assertThat(anchor.allocate("two")).isEqualTo(new Allocation.Exhausted(2, 0, 0));
    }
  }

  @ParameterizedTest
  @MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
  void a_range_in_which_nothing_can_be_bound_refuses_to_open_and_says_why(Wire wire) {
    PortRange two = narrowRange();
    AnchorSettings settings = AnchorSettings.of(Peer.LOOPBACK, two).withWire(wire);
    try (MediaAnchor holder = open(settings)) {
      assertThat(holder.statistics().boundPairs()).isEqualTo(2);
      Opening opening = MediaAnchor.open(settings, nanos::get);
      assertThat(opening).isInstanceOf(Opening.Refused.class);
      assertThat(((Opening.Refused) opening).reason())
          .contains(two.toString())
          .contains("127.0.0.1")
          .containsIgnoringCase("address");
    }
  }

  @Test
  void calls_spread_over_the_loops_and_never_share_a_port() {
    try (MediaAnchor anchor =
        open(AnchorSettings.of(Peer.LOOPBACK, PORTS).withEventLoops(3).withWarmPairs(5))) {
      Set<Integer> ports = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        Relay relay = granted(anchor.allocate("call-" + i));
        assertThat(ports.add(relay.leg(Side.A).localPort())).isTrue();
        assertThat(ports.add(relay.leg(Side.B).localPort())).isTrue();
      }
      assertThat(anchor.statistics().relays()).isEqualTo(40);
      assertThat(anchor.relays()).hasSize(40);
      anchor.relays().forEach(Relay::close);
      assertThat(anchor.statistics().relays()).isZero();
      assertThat(anchor.statistics().restingPairs()).isEqualTo(80);
    }
  }

  @Test
  void calls_that_come_and_go_on_many_threads_leave_nothing_behind() throws Exception {
    try (MediaAnchor anchor =
            open(
                AnchorSettings.of(Peer.LOOPBACK, PORTS)
                    .withEventLoops(2)
                    .withQuarantine(Duration.ZERO));
        Peer noise = new Peer();
        ExecutorService edge = Executors.newFixedThreadPool(4)) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        calls.add(
            edge.submit(
                () -> {
                  Relay relay = granted(anchor.allocate("call"));
                  relay.leg(Side.A).expect(RemoteParty.trunk(noise.address()));
                  relay.leg(Side.B).expect(RemoteParty.trunk(noise.address()));
                  relay.bridge();
                  noise.sendRtp(relay.leg(Side.A).localPort(), 1, 1);
                  relay.close();
                }));
      }
      for (Future<?> call : calls) {
        call.get(10, TimeUnit.SECONDS);
      }
      assertThat(anchor.statistics().relays()).isZero();
      assertThat(anchor.statistics().restingPairs()).isZero();
      // Four calls at most at a time need eight pairs; 32 were warm.
      assertThat(anchor.statistics().boundPairs()).isEqualTo(32);
    }
  }

  @ParameterizedTest
  @MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
  void the_first_packets_on_ports_that_were_bound_a_moment_ago_are_not_lost(Wire wire) {
    try (Peer a = new Peer();
        Peer b = new Peer()) {
      for (int i = 0; i < 40; i++) {
        AnchorSettings settings = AnchorSettings.of(Peer.LOOPBACK, PORTS).withWire(wire);
        try (MediaAnchor anchor = open(settings.withWarmPairs(2))) {
          Relay relay = granted(anchor.allocate("one"));
          relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
          relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
          relay.bridge();
          a.sendRtp(relay.leg(Side.A).localPort(), 1, i);
          b.sendRtp(relay.leg(Side.B).localPort(), 2, i);
          assertThat(a.receiveSequence()).isEqualTo(i);
          assertThat(b.receiveSequence()).isEqualTo(i);
        }
      }
    }
  }

  @Test
  void a_closed_anchor_grants_nothing_and_frees_its_ports() {
    PortRange two = narrowRange();
    MediaAnchor anchor = open(AnchorSettings.of(Peer.LOOPBACK, two));
    granted(anchor.allocate("open when the node stops"));
    anchor.close();
    assertThat(anchor.allocate("late")).isEqualTo(new Allocation.Closed());
    try (MediaAnchor next = open(AnchorSettings.of(Peer.LOOPBACK, two))) {
      assertThat(next.statistics().boundPairs()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
  void an_anchor_on_ipv6_relays_too(Wire wire) {
    InetAddress six = InetAddress.ofLiteral("::1");
    Opening opening = MediaAnchor.open(AnchorSettings.of(six, PORTS).withWire(wire), nanos::get);
    assumeThat(opening).as("this machine has IPv6").isInstanceOf(Opening.Opened.class);
    try (MediaAnchor anchor = ((Opening.Opened) opening).anchor();
        Peer a = new Peer(six, 0);
        Peer b = new Peer(six, 0);
        Peer stranger = new Peer(six, 0)) {
      Relay relay = granted(anchor.allocate("six"));
      relay.leg(Side.A).expect(RemoteParty.trunk(a.address()));
      relay.leg(Side.B).expect(RemoteParty.trunk(b.address()));
      relay.bridge();
      for (int i = 1; i <= 3; i++) {
        stranger.sendRtp(relay.leg(Side.A).localPort(), 1, 40 + i);
        a.sendRtp(relay.leg(Side.A).localPort(), 1, i);
        assertThat(b.receiveSequence()).isEqualTo(i);
        b.sendRtp(relay.leg(Side.B).localPort(), 2, i);
        assertThat(a.receiveSequence()).isEqualTo(i);
      }
      Peer.until(
          "each packet of the stranger is counted", () -> relay.statistics().a().strangers() == 3);
    }
  }

  @Test
  void a_port_range_is_read_and_checked() {
    assertThat(PortRange.parse(" 10001-10006 ")).isEqualTo(new PortRange(10_001, 10_006));
    assertThat(new PortRange(10_001, 10_006).pairs()).isEqualTo(2);
    assertThat(new PortRange(10_000, 10_003).pairs()).isEqualTo(2);
    for (String wrong : new String[] {"", "10000", "20000-10000", "10-20000", "10000-10002"}) {
      assertThatThrownBy(() -> PortRange.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("port range");
    }
  }

  /** A range of exactly two pairs that was free a moment ago. */
  private PortRange narrowRange() {
    try (MediaAnchor probe = open(AnchorSettings.of(Peer.LOOPBACK, PORTS).withWarmPairs(2))) {
      for (int i = 0; i < 200; i++) {
        Relay relay = granted(probe.allocate("probe"));
        int low = Math.min(relay.leg(Side.A).localPort(), relay.leg(Side.B).localPort());
        int high = Math.max(relay.leg(Side.A).localPort(), relay.leg(Side.B).localPort());
        if (high == low + 2) {
          return new PortRange(low, high + 1);
        }
      }
    }
    throw new AssertionError("no four free ports in a row within " + PORTS);
  }

  private MediaAnchor open(AnchorSettings settings) {
    return ((Opening.Opened) MediaAnchor.open(settings, nanos::get)).anchor();
  }

  private static Relay granted(Allocation allocation) {
    assertThat(allocation).isInstanceOf(Allocation.Granted.class);
    return ((Allocation.Granted) allocation).relay();
  }
}
