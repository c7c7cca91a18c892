package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** One leg behind a toy cipher with a tag, the other in the clear; real sockets. */
@ParameterizedClass
@MethodSource("io.tandem.protocol.media.relay.TestPorts#wires")
class PacketTransformTest {
  private static final PortRange PORTS = TestPorts.range();
  private static final byte MASK = 0x5a;
  private static final byte TAG = 0x77;
  private static final int HEADER = 12;
  private static final int RTCP_HEADER = 8;

  @Parameter Wire wire;

  private MediaAnchor anchor;
  private Relay relay;
  private final Peer secured = new Peer();
  private final Peer plain = new Peer();

  @BeforeEach
  void a_secured_leg_and_a_plain_one() {
    anchor =
        ((Opening.Opened)
                MediaAnchor.open(
                    AnchorSettings.of(Peer.LOOPBACK, PORTS).withWire(wire).withWarmPairs(2),
                    System::nanoTime))
            .anchor();
    relay = ((Allocation.Granted) anchor.allocate("call-1")).relay();
    relay.leg(Side.A).expect(RemoteParty.trunk(secured.address()).withRtcpMux());
    relay.leg(Side.A).secure(new Masked(relay.leg(Side.A)));
    relay.leg(Side.B).expect(RemoteParty.trunk(plain.address()).withRtcpMux());
    relay.bridge();
  }

  @AfterEach
  void close() {
    anchor.close();
    secured.close();
    plain.close();
  }

  @Test
  void what_is_masked_on_one_side_is_clear_on_the_other_both_ways() {
    secured.send(portA(), masked(Peer.rtp(1, 7), HEADER));
    assertThat(plain.receive()).isEqualTo(Peer.rtp(1, 7));
    plain.sendRtp(relay.leg(Side.B).localPort(), 2, 8);
    assertThat(secured.receive()).isEqualTo(masked(Peer.rtp(2, 8), HEADER));
    assertThat(relay.statistics().a().rtpOut().octets()).isEqualTo(173);
  }

  @Test
  void reports_pass_the_transform_too() {
    byte[] report = Peer.receiverReport(1, null);
    secured.send(portA(), masked(Peer.rtp(1, 7), HEADER));
    plain.receive();
    secured.send(portA(), masked(report, RTCP_HEADER));
    assertThat(Peer.unnamed(plain.receive())).isEqualTo(Peer.unnamed(report));
    assertThat(relay.statistics().a().rtcpIn().packets()).isEqualTo(1);
  }

  @Test
  void what_is_not_authentic_is_counted_latches_nothing_and_the_call_goes_on() {
    secured.sendRtp(portA(), 1, 7);
    Peer.until("it is refused", () -> relay.statistics().a().refused() == 1);
    assertThat(relay.leg(Side.A).source()).isEmpty();

    secured.send(portA(), masked(Peer.rtp(1, 8), HEADER));
    assertThat(plain.receiveSequence()).isEqualTo(8);
    assertThat(relay.leg(Side.A).source()).contains(secured.address());
  }

  @Test
  void what_shares_the_port_goes_to_the_transform_from_anybody_and_is_answered_from_the_port() {
    try (Peer stranger = new Peer()) {
      byte[] check = {0, 1, 0, 0};
      stranger.send(portA(), check);
      assertThat(stranger.receive()).isEqualTo(check);
    }
    secured.send(portA(), new byte[] {22, 1});
    Peer.until("garbage is invalid", () -> relay.statistics().a().invalid() == 1);
  }

  private int portA() {
    return relay.leg(Side.A).localPort();
  }

  private static byte[] masked(byte[] packet, int header) {
    byte[] out = Arrays.copyOf(packet, packet.length + 1);
    for (int i = header; i < packet.length; i++) {
      out[i] ^= MASK;
    }
    out[packet.length] = TAG;
    return out;
  }

  /** Flips bits of the body, ends with a tag, and echoes what begins like STUN. */
  private record Masked(RelayLeg leg) implements PacketTransform {
    @Override
    public boolean unprotectRtp(ByteBuf packet) {
      return unmask(packet, HEADER);
    }

    @Override
    public boolean unprotectRtcp(ByteBuf packet) {
      return unmask(packet, RTCP_HEADER);
    }

    @Override
    public boolean protectRtp(ByteBuf packet) {
      return mask(packet, HEADER);
    }

    @Override
    public boolean protectRtcp(ByteBuf packet) {
      return mask(packet, RTCP_HEADER);
    }

    @Override
    public boolean control(
        ByteBuf datagram, InetSocketAddress from, boolean conceivable, long nowNanos) {
      if (datagram.getByte(datagram.readerIndex()) > 3) {
        return false;
      }
      byte[] copy = new byte[datagram.readableBytes()];
      datagram.getBytes(datagram.readerIndex(), copy);
      leg.transmit(copy, from);
      return true;
    }

    private static boolean unmask(ByteBuf packet, int header) {
      int last = packet.writerIndex() - 1;
      if (packet.getByte(last) != TAG) {
        return false;
      }
      packet.writerIndex(last);
      flip(packet, header);
      return true;
    }

    private static boolean mask(ByteBuf packet, int header) {
      flip(packet, header);
      packet.writeByte(TAG);
      return true;
    }

    private static void flip(ByteBuf packet, int header) {
      for (int i = packet.readerIndex() + header; i < packet.writerIndex(); i++) {
        packet.setByte(i, packet.getByte(i) ^ MASK);
      }
    }
  }
}
