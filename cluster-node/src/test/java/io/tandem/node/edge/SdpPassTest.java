package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.LegStatistics;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.media.secure.SecurityPolicy;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.sdp.SdpParser;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What a side's description tells its leg. */
class SdpPassTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final PortRange PORTS = new PortRange(31_900, 31_999);

  /** An empty receiver report. */
  private static final byte[] REPORT = {(byte) 0x80, (byte) 201, 0, 1, 0, 0, 0, 7};

  @Test
  void reports_are_heard_from_where_a_rtcp_says_before_any_voice_has_come() throws Exception {
    SecureRandom random = new SecureRandom();
    var opening =
        (MediaAnchor.Opening.Opened)
            MediaAnchor.open(AnchorSettings.of(LOOPBACK, PORTS), System::nanoTime);
    try (MediaAnchor anchor = opening.anchor();
        DatagramSocket reports = new DatagramSocket(0, LOOPBACK);
        DatagramSocket other = new DatagramSocket(0, LOOPBACK)) {
      Relay relay = ((MediaAnchor.Allocation.Granted) anchor.allocate("call")).relay();
      RelayLeg leg = relay.leg(Side.A);
      LegSecurity security =
          new LegSecurity(
              leg,
              SecurityPolicy.NONE,
              DtlsIdentity.generate(random, Instant.EPOCH),
              random,
              System::nanoTime,
              "127.0.0.1");
      SdpPass pass = new SdpPass(leg, security, "127.0.0.1", 1, new SimpleMeterRegistry());
      pass.heardOffer(
          offer("a=rtcp:" + reports.getLocalPort() + " IN IP4 127.0.0.1"),
          new Destination(TransportProtocol.UDP, new InetSocketAddress(LOOPBACK, 5060)));

      InetSocketAddress there = new InetSocketAddress(LOOPBACK, leg.localRtcpPort());
      other.send(new DatagramPacket(REPORT, REPORT.length, there));
      reports.send(new DatagramPacket(REPORT, REPORT.length, there));
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (counted(leg) < 2 && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      LegStatistics counted = leg.statistics();
      assertThat(counted.rtcpIn().packets()).as("from where a=rtcp says").isEqualTo(1);
      assertThat(counted.strangers()).as("from another port").isEqualTo(1);
      pass.close();
    }
  }

  private static long counted(RelayLeg leg) {
    return leg.statistics().rtcpIn().packets() + leg.statistics().strangers();
  }

  private static Sdp offer(String attribute) {
    return new SdpParser()
        .parse(
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                + "m=audio 9000 RTP/AVP 0\r\n"
                + attribute
                + "\r\n")
        .good()
        .orElseThrow();
  }
}
