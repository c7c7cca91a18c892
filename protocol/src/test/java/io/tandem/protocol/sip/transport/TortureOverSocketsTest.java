package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** After each torture message, over UDP and over TCP, the next request is answered as ever. */
class TortureOverSocketsTest {
  private static final String CONTROL =
      Samples.request("OPTIONS", "l", "").replace("branch=", "rport;branch=control");

  private final SipTransport transport =
      new SipTransport(
          TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0), Bind.tcp("127.0.0.1", 0)));

  @BeforeEach
  void start() throws CannotListen {
    transport.start(
        inbound -> {
          if (inbound.message() instanceof SipRequest request && request.is(SipRequest.OPTIONS)) {
            transport.reply(inbound.flow(), SipResponse.to(request, 200, "t"));
          }
        });
  }

  @AfterEach
  void close() {
    transport.close();
  }

  static List<Path> messages() throws IOException, URISyntaxException {
    Path folder = Path.of(TortureOverSocketsTest.class.getResource("/vectors/rfc4475").toURI());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void the_socket_lives_on(Path file) throws IOException {
    byte[] torture = Files.readAllBytes(file);
    InetSocketAddress udp = transport.listening().get(0).address();
    try (DatagramSocket phone = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      phone.setSoTimeout(5_000);
      phone.send(new DatagramPacket(torture, torture.length, udp));
      byte[] control = CONTROL.getBytes(StandardCharsets.US_ASCII);
      phone.send(new DatagramPacket(control, control.length, udp));
      assertThat(answerToControl(phone)).startsWith("SIP/2.0 200 OK");
    }
    InetSocketAddress tcp = transport.listening().get(1).address();
    try (Socket phone = new Socket(tcp.getAddress(), tcp.getPort())) {
      phone.getOutputStream().write(torture);
      phone.shutdownOutput();
      phone.setSoTimeout(5_000);
      phone.getInputStream().readAllBytes();
    }
    try (Socket phone = new Socket(tcp.getAddress(), tcp.getPort())) {
      phone.setSoTimeout(5_000);
      phone.getOutputStream().write(CONTROL.getBytes(StandardCharsets.US_ASCII));
      InputStream in = phone.getInputStream();
      assertThat(new String(in.readNBytes(14), StandardCharsets.US_ASCII))
          .isEqualTo("SIP/2.0 200 OK");
    }
    assertThat(transport.counters().listenerFailures()).isZero();
  }

  private static String answerToControl(DatagramSocket phone) throws IOException {
    String answer = "";
    while (!answer.contains("z9hG4bK") || !answer.contains("control")) {
      byte[] bytes = new byte[65_535];
      DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
      phone.receive(packet);
      answer = new String(bytes, 0, packet.getLength(), StandardCharsets.UTF_8);
    }
    return answer;
  }
}
