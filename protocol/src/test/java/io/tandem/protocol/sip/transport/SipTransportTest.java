package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tandem.protocol.media.ice.StunMessage;
import io.tandem.protocol.media.ice.StunWriter;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SipTransportTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final BlockingQueue<Inbound> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<SendFailure> failed = new LinkedBlockingQueue<>();
  private SipTransport transport = new SipTransport(settings());

  private final SipListener listener =
      new SipListener() {
        @Override
        public void received(Inbound inbound) {
          assertThat(transport.loop().inLoop()).isTrue();
          received.add(inbound);
        }

        @Override
        public void closed(Flow flow) {
          closed.add(flow);
        }
      };

  @AfterEach
  void close() {
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_datagram_comes_in_with_its_source_and_the_answer_goes_back(boolean preferNative)
      throws Exception {
    start(settings().withNative(preferNative));
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      send(phone, text("OPTIONS").replace("branch=", "rport;branch="));
      Inbound inbound = next(received);

      assertThat(inbound.flow().protocol()).isEqualTo(TransportProtocol.UDP);
      assertThat(inbound.flow().remote()).isEqualTo(phone.getLocalSocketAddress());
      SipRequest request = (SipRequest) inbound.message();
      assertThat(request.topVia().rport()).isEqualTo(phone.getLocalPort());
      assertThat(request.topVia().received()).isEqualTo("127.0.0.1");

      transport.reply(inbound.flow(), SipResponse.to(request, 200, "t"));
      SipResponse answer = (SipResponse) receive(phone);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(transport.counters().requestsReceived()).containsEntry("OPTIONS", 1L);
      assertThat(transport.counters().responsesSent()).isEqualTo(1);
    }
  }

  @Test
  void a_malformed_datagram_is_answered_with_400_and_goes_no_further() throws Exception {
    start(settings());
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      send(phone, text("OPTIONS").replace("CSeq: 1", "CSeq: x").replace("branch", "rport;branch"));
      String answer = new String(receiveBytes(phone), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("SIP/2.0 400 Bad CSeq\r\n").contains("CSeq: x OPTIONS\r\n");

      send(phone, "\r\n\r\n");
      send(phone, "nonsense");
      send(phone, text("INFO"));
      assertThat(((SipRequest) next(received).message()).method()).isEqualTo("INFO");
      assertThat(transport.counters().badReceived()).isEqualTo(1);
      assertThat(transport.counters().badAnswered()).isEqualTo(1);
      assertThat(transport.counters().keepAlivesReceived()).isEqualTo(1);
      assertThat(transport.counters().unanswerableReceived()).isEqualTo(1);
    }
  }

  @Test
  void a_ping_of_a_flow_over_udp_is_told_where_it_comes_from() throws Exception {
    start(settings());
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      byte[] id = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
      byte[] ping = new StunWriter(StunMessage.BINDING_REQUEST, id).fingerprinted();
      phone.send(new DatagramPacket(ping, ping.length, transport.listening().get(0).address()));
      byte[] pong = receiveBytes(phone);
      byte[] expected =
          new StunWriter(StunMessage.BINDING_SUCCESS, id)
              .xorMappedAddress((InetSocketAddress) phone.getLocalSocketAddress())
              .fingerprinted();
      assertThat(pong).isEqualTo(expected);
      assertThat(transport.counters().keepAlivesReceived()).isEqualTo(1);
      assertThat(received).isEmpty();
    }
  }

  @Test
  void a_message_to_an_address_leaves_from_the_port_we_listen_on() throws Exception {
    start(settings());
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      Destination there =
          new Destination(TransportProtocol.UDP, (InetSocketAddress) phone.getLocalSocketAddress());
      transport.send(there, Samples.bye(), failed::add);

      byte[] bytes = new byte[2_000];
      DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
      phone.setSoTimeout(5_000);
      phone.receive(packet);
      assertThat(packet.getSocketAddress()).isEqualTo(transport.listening().get(0).address());
      assertThat(transport.facing(there)).contains(transport.listening().get(0));
    }
  }

  @Test
  void a_datagram_of_60_kB_comes_in_whole() throws Exception {
    start(settings());
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      send(phone, Samples.request("MESSAGE", "l", "x".repeat(60_000)));

      assertThat(next(received).message().body()).hasSize(60_000);
    }
  }

  @Test
  void a_message_longer_than_a_datagram_is_refused_to_its_sender() throws Exception {
    start(settings());
    SipRequest large = Samples.bye().withBody("a/b", new byte[66_000]);

    transport.send(
        new Destination(TransportProtocol.UDP, new InetSocketAddress(LOOPBACK, 9)),
        large,
        failed::add);

    assertThat(next(failed)).isEqualTo(SendFailure.TOO_LONG);
    assertThat(transport.counters().sendFailures()).isEqualTo(1);
  }

  @Test
  void requests_on_one_connection_are_answered_on_it_and_a_ping_gets_its_pong() throws Exception {
    start(settings());
    try (Socket phone = connect()) {
      phone.getOutputStream().write(bytes("\r\n\r\n" + text("INFO") + text("OPTIONS")));
      assertThat(phone.getInputStream().readNBytes(2)).isEqualTo(bytes("\r\n"));
      Inbound first = next(received);
      Inbound second = next(received);
      assertThat(second.flow()).isEqualTo(first.flow());

      transport.reply(second.flow(), SipResponse.to((SipRequest) second.message(), 200, "t"));
      assertThat(((SipResponse) receive(phone)).status()).isEqualTo(200);

      transport.send(second.flow(), Samples.bye());
      assertThat(((SipRequest) receive(phone)).method()).isEqualTo("BYE");
    }
    Flow gone = next(closed);
    transport.send(gone, Samples.bye(), failed::add);
    assertThat(next(failed)).isEqualTo(SendFailure.FLOW_GONE);
  }

  @Test
  void a_stream_that_loses_its_framing_is_answered_and_closed() throws Exception {
    start(settings());
    try (Socket phone = connect()) {
      phone.getOutputStream().write(bytes(text("OPTIONS").replace("Content-Length: 0\r\n", "")));

      assertThat(((SipResponse) receive(phone)).status()).isEqualTo(400);
      assertThat(phone.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void a_connection_is_made_on_demand_and_used_again() throws Exception {
    start(settings());
    try (ServerSocket peer = new ServerSocket(0, 10, LOOPBACK)) {
      Destination there =
          new Destination(TransportProtocol.TCP, (InetSocketAddress) peer.getLocalSocketAddress());
      transport.send(there, Samples.bye(), failed::add);
      transport.send(there, Samples.bye(), failed::add);
      try (Socket accepted = peer.accept()) {
        assertThat(receive(accepted)).isInstanceOf(SipRequest.class);
        assertThat(receive(accepted)).isInstanceOf(SipRequest.class);
        accepted.getOutputStream().write(bytes(text("NOTIFY")));
        Inbound inbound = next(received);
        transport.send(there, Samples.bye(), failed::add);
        assertThat(receive(accepted)).isInstanceOf(SipRequest.class);
        assertThat(inbound.flow().remote()).isEqualTo(there.address());
        assertThat(inbound.flow().local()).isEqualTo(transport.listening().get(1).address());
      }
    }
    assertThat(failed).isEmpty();
  }

  @Test
  void a_connection_that_is_refused_is_told_to_the_sender() throws Exception {
    start(settings());
    int freePort;
    try (ServerSocket once = new ServerSocket(0, 1, LOOPBACK)) {
      freePort = once.getLocalPort();
    }
    transport.send(
        new Destination(TransportProtocol.TCP, new InetSocketAddress(LOOPBACK, freePort)),
        Samples.bye(),
        failed::add);

    assertThat(next(failed)).isEqualTo(SendFailure.NOT_CONNECTED);
  }

  @Test
  void connections_beyond_the_limit_of_an_address_are_closed_at_once() throws Exception {
    start(settings().withConnections(10, 2));
    try (Socket first = connect();
        Socket second = connect();
        Socket third = connect()) {
      third.setSoTimeout(5_000);
      assertThat(third.getInputStream().read()).isEqualTo(-1);
      assertThat(transport.counters().connectionsRefused()).isEqualTo(1);
      first.close();
      next(closed);
      try (Socket again = connect()) {
        again.getOutputStream().write(bytes(text("INFO")));
        second.getOutputStream().write(bytes(text("INFO")));
        next(received);
        next(received);
      }
    }
  }

  @Test
  void an_idle_connection_and_one_whose_message_does_not_end_are_closed() throws Exception {
    start(
        settings()
            .withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofMillis(50)));
    try (Socket slow = connect();
        Socket idle = connect()) {
      slow.setSoTimeout(5_000);
      idle.setSoTimeout(5_000);
      slow.getOutputStream().write(bytes("OPTIONS sip:x"));
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
      assertThat(idle.getInputStream().read()).isEqualTo(-1);
      assertThat(transport.counters().connectionsTimedOut()).isEqualTo(2);
    }
  }

  @Test
  void a_port_left_open_is_the_same_for_udp_and_tcp() throws Exception {
    for (int i = 0; i < 20; i++) {
      start(settings());
      assertThat(transport.listening().get(0).address().getPort())
          .isEqualTo(transport.listening().get(1).address().getPort())
          .isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void a_peer_is_heard_and_answered_by_ipv4_and_ipv6(String host) throws Exception {
    start(TransportSettings.listeningOn(Bind.udp(host, 0), Bind.tcp(host, 0)));
    InetSocketAddress there = transport.listening().getFirst().address();
    try (DatagramSocket phone = new DatagramSocket(0, InetAddress.getByName(host))) {
      byte[] bytes = bytes(text("OPTIONS").replace("branch=", "rport;branch="));
      phone.send(new DatagramPacket(bytes, bytes.length, there));
      Inbound inbound = next(received);
      SipRequest request = (SipRequest) inbound.message();
      assertThat(request.topVia().received()).isEqualTo(host.equals("::1") ? "::1" : "127.0.0.1");
      transport.reply(inbound.flow(), SipResponse.to(request, 200, "t"));
      assertThat(((SipResponse) receive(phone)).status()).isEqualTo(200);
      assertThat(transport.facing(inbound.flow()).orElseThrow().sentByHost())
          .isEqualTo(host.equals("::1") ? "[::1]" : "127.0.0.1");
    }
    try (Socket phone = new Socket(there.getAddress(), there.getPort())) {
      phone.getOutputStream().write(bytes(text("OPTIONS")));
      Inbound inbound = next(received);
      transport.reply(inbound.flow(), SipResponse.to((SipRequest) inbound.message(), 200, "t"));
      assertThat(((SipResponse) receive(phone)).status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_busy_port_is_named_and_leaves_nothing_open(boolean udp) throws Exception {
    start(settings());
    Bind taken = transport.listening().get(udp ? 0 : 1);
    Bind free = Bind.tcp("127.0.0.1", 0);
    try (SipTransport second = new SipTransport(TransportSettings.listeningOn(free, taken))) {
      CannotListen refused = catchThrowableOfType(CannotListen.class, () -> second.start(listener));

      assertThat(refused.isPortBusy()).isTrue();
      assertThat(refused.bind()).isEqualTo(taken);
      assertThat(refused)
          .hasMessageContaining((udp ? "udp" : "tcp") + " 127.0.0.1:" + taken.address().getPort());
      assertThat(second.listening()).isEmpty();
    }
  }

  @Test
  void a_timer_runs_on_the_loop_unless_it_is_cancelled() throws Exception {
    BlockingQueue<String> ran = new LinkedBlockingQueue<>();
    EdgeLoop.Timer cancelled = transport.loop().schedule(300, () -> ran.add("cancelled"));
    cancelled.cancel();
    transport.loop().schedule(400, () -> ran.add("on loop " + transport.loop().inLoop()));

    assertThat(next(ran)).isEqualTo("on loop true");
    assertThat(ran).isEmpty();
  }

  @Test
  void a_listener_that_fails_stops_nobody_else() throws Exception {
    transport.close();
    transport = new SipTransport(settings());
    transport.start(
        inbound -> {
          if (((SipRequest) inbound.message()).method().equals("INFO")) {
            throw new IllegalStateException("a mistake");
          }
          received.add(inbound);
        });
    try (DatagramSocket phone = new DatagramSocket(0, LOOPBACK)) {
      send(phone, text("INFO"));
      send(phone, text("OPTIONS"));
      next(received);
      assertThat(transport.counters().listenerFailures()).isEqualTo(1);
    }
  }

  private void start(TransportSettings settings) throws CannotListen {
    transport.close();
    transport = new SipTransport(settings);
    transport.start(listener);
  }

  private static TransportSettings settings() {
    return TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0), Bind.tcp("127.0.0.1", 0));
  }

  private static String text(String method) {
    return Samples.request(method, "Content-Length", "");
  }

  private Socket connect() throws Exception {
    InetSocketAddress address = transport.listening().get(1).address();
    return new Socket(address.getAddress(), address.getPort());
  }

  private void send(DatagramSocket from, String text) throws Exception {
    byte[] bytes = bytes(text);
    from.send(new DatagramPacket(bytes, bytes.length, transport.listening().get(0).address()));
  }

  private static SipMessage receive(DatagramSocket phone) throws Exception {
    return good(receiveBytes(phone));
  }

  private static byte[] receiveBytes(DatagramSocket phone) throws Exception {
    byte[] bytes = new byte[65_535];
    DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
    phone.setSoTimeout(5_000);
    phone.receive(packet);
    return Arrays.copyOf(bytes, packet.getLength());
  }

  /** One message without body. */
  private static SipMessage receive(Socket phone) throws Exception {
    phone.setSoTimeout(5_000);
    InputStream in = phone.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      assertThat(next).isNotEqualTo(-1);
      text.append((char) next);
    }
    return good(bytes(text.toString()));
  }

  private static SipMessage good(byte[] bytes) {
    return ((ParseOutcome.Good) new SipParser().parse(bytes)).message();
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(5, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
