package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.edge.EdgeClock;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node is sent every message of RFC 4475 and RFC 5118 over UDP and TCP and answers as the tables
 * say. After each an OPTIONS is answered as ever, so that silence before it means no answer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TortureMessagesOverSipTest {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern TOP_VIA =
      Pattern.compile("SIP */ *2.0 */ *([A-Z]+) +(?:\\[[^]]*]|[^:;, \\r\\n\\[]+)(?::(\\d+))?");
  private static final Pattern STATUS = Pattern.compile("SIP/2\\.0 (\\d{3})");

  private static final AtomicInteger CONTROLS = new AtomicInteger();

  private Node node;
  private EdgeLoop loop;
  private InetSocketAddress udp;
  private InetSocketAddress tcp;
  private int sender;

  @BeforeAll
  void start(@TempDir Path directory) {
    node =
        Node.start(
            Exchange.settings(directory, "tandem.sip.limits.message-timeout = 500 ms"),
            NodeParts.REAL.withEdgeClock(
                (edgeLoop, wall) -> {
                  loop = edgeLoop;
                  return EdgeClock.of(edgeLoop, wall);
                }));
    udp = node.edge().orElseThrow().sipAddress();
    tcp = udp;
  }

  @AfterAll
  void stop() {
    node.close();
  }

  /** The messages share branches: without this, one would be a retransmission of another. */
  @BeforeEach
  void forgetTransactions() {
    CompletableFuture<Integer> left = new CompletableFuture<>();
    loop.execute(
        () -> {
          node.edge().orElseThrow().edge().layer().close();
          left.complete(node.edge().orElseThrow().edge().layer().live());
        });
    assertThat(left.orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).join()).isZero();
  }

  static List<TortureMessages.Torture> messages() {
    return TortureMessages.all();
  }

  @Test
  void the_tables_name_every_message() {
    for (String rfc : List.of("rfc4475", "rfc5118")) {
      assertThat(messages().stream().filter(m -> m.rfc().equals(rfc)).map(m -> m.name()).sorted())
          .isEqualTo(TortureMessages.files(rfc));
    }
    assertThat(messages()).hasSize(49 + 12);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void over_udp_it_is_answered_as_the_rfc_asks(TortureMessages.Torture torture) throws IOException {
    try (DatagramSocket peer = peer(torture.bytes())) {
      peer.setSoTimeout(PATIENCE_MILLIS);
      send(peer, torture.bytes());
      send(peer, control(torture, "UDP", peer.getLocalPort()));
      assertThat(answersBeforeControl(peer)).isEqualTo(expected(torture.udp()));
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void over_tcp_it_is_answered_as_the_rfc_asks(TortureMessages.Torture torture) throws IOException {
    boolean closed = torture.tcp().endsWith(" closed");
    List<String> expected = expected(torture.tcp().replace(" closed", ""));
    try (Socket peer = new Socket(tcp.getAddress(), tcp.getPort())) {
      peer.setSoTimeout(PATIENCE_MILLIS);
      peer.getOutputStream().write(torture.bytes());
      if (!closed) {
        peer.getOutputStream().write(control(torture, "TCP", 5060));
      }
      assertThat(answers(peer, closed)).isEqualTo(expected);
    }
    try (Socket next = new Socket(tcp.getAddress(), tcp.getPort())) {
      next.setSoTimeout(PATIENCE_MILLIS);
      next.getOutputStream().write(control(torture, "TCP", 5060));
      assertThat(answers(next, false)).isEmpty();
    }
  }

  /** The answer goes to the source address and the Via's port: be there. */
  private DatagramSocket peer(byte[] message) throws SocketException {
    Matcher via = TOP_VIA.matcher(new String(message, StandardCharsets.ISO_8859_1));
    int port = 5060;
    if (via.find() && via.group(2) != null) {
      port = Integer.parseInt(via.group(2));
    } else if (via.hasMatch() && via.group(1).equals("TLS")) {
      port = 5061;
    }
    // an address of this run's and message's own: retransmissions for one do not meet the next
    byte[] own = {
      127, (byte) (1 + ProcessHandle.current().pid() % 250), (byte) (1 + sender / 250), 0
    };
    own[3] = (byte) (1 + sender++ % 250);
    try {
      return new DatagramSocket(port, InetAddress.getByAddress(own));
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private void send(DatagramSocket peer, byte[] bytes) throws IOException {
    peer.send(new DatagramPacket(bytes, bytes.length, udp));
  }

  private static byte[] control(TortureMessages.Torture torture, String transport, int port) {
    return String.join(
            "\r\n",
            "OPTIONS sip:node@127.0.0.1 SIP/2.0",
            "Via: SIP/2.0/"
                + transport
                + " 127.0.0.1:"
                + port
                + ";rport;branch=z9hG4bKcontrol"
                + CONTROLS.incrementAndGet(),
            "Max-Forwards: 70",
            "From: <sip:probe@127.0.0.1>;tag=p",
            "To: <sip:node@127.0.0.1>",
            "Call-ID: control-" + torture.name(),
            "CSeq: 1 OPTIONS",
            "Content-Length: 0",
            "",
            "")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static List<String> answersBeforeControl(DatagramSocket peer) throws IOException {
    List<String> statuses = new ArrayList<>();
    byte[] buffer = new byte[65_536];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      peer.receive(packet);
      String text = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
      if (text.contains("Call-ID: control-")) {
        assertThat(text).startsWith("SIP/2.0 200");
        return statuses;
      }
      requireWhatItsStatusNeeds(text);
      statuses.add(text.substring(8, 11));
    }
  }

  /** What is answered until the control's 200, or until the connection ends. */
  private static List<String> answers(Socket peer, boolean untilClosed) throws IOException {
    StringBuilder read = new StringBuilder();
    InputStream in = peer.getInputStream();
    byte[] buffer = new byte[65_536];
    while (untilClosed || !read.toString().matches("(?s).*Call-ID: control-.*\r\n\r\n")) {
      int count = in.read(buffer);
      if (count < 0) {
        assertThat(untilClosed).as("the connection was closed after %s", read).isTrue();
        break;
      }
      read.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
    }
    List<String> statuses = new ArrayList<>();
    for (String message : read.toString().split("(?=SIP/2\\.0 \\d{3} )")) {
      if (!message.isEmpty() && !message.contains("Call-ID: control-")) {
        requireWhatItsStatusNeeds(message);
        Matcher status = STATUS.matcher(message);
        assertThat(status.lookingAt()).as(message).isTrue();
        statuses.add(status.group(1));
      }
    }
    return statuses;
  }

  private static void requireWhatItsStatusNeeds(String answer) {
    switch (answer.substring(8, 11)) {
      case "401" -> assertThat(answer).contains("WWW-Authenticate: Digest ");
      case "405" -> assertThat(answer).contains("Allow: INVITE, ");
      case "406" -> assertThat(answer).contains("Warning: 399 ");
      case "415" -> assertThat(answer).contains("Accept: application/sdp");
      case "420" ->
          assertThat(answer)
              .contains("Unsupported: nothingsupportsthis, nothingsupportsthiseither");
      default -> {
        // its status says it all
      }
    }
  }

  private static List<String> expected(String cell) {
    return cell.equals("-") ? List.of() : List.of(cell.split(" "));
  }
}
