package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SIP over WebSocket (RFC 7118), with the JDK's client as the browser. */
class WebSocketTransportTest {
  private static final String PAGE = "https://phone.example.com";

  @TempDir Path directory;

  private final BlockingQueue<Inbound> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<SendFailure> failed = new LinkedBlockingQueue<>();
  private SipTransport transport;
  private HttpClient browser;

  @BeforeEach
  void start() throws Exception {
    TestAuthority authority = new TestAuthority(directory, "authority");
    TlsSettings.Pair pair = authority.sign("server", "ip:127.0.0.1");
    transport =
        new SipTransport(
            TransportSettings.listeningOn(bind(TransportProtocol.WS), bind(TransportProtocol.WSS))
                .withTls(TlsSettings.of(pair.chain(), pair.key()))
                .withWebSocket("/sip", List.of(PAGE)));
    transport.start(
        new SipListener() {
          @Override
          public void received(Inbound inbound) {
            received.add(inbound);
          }

          @Override
          public void closed(Flow flow) {
            closed.add(flow);
          }
        });
    browser = HttpClient.newBuilder().sslContext(authority.trusting()).build();
  }

  @AfterEach
  void close() {
    browser.close();
    transport.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void a_browser_registers_and_is_called_on_its_connection(String scheme) throws Exception {
    Page page = new Page();
    WebSocket socket = open(scheme, "/sip", PAGE, "sip", page);
    assertThat(socket.getSubprotocol()).isEqualTo("sip");

    // no Content-Length: the frame is the message (section 5.2)
    socket
        .sendText(
            Samples.request("REGISTER", "l", "")
                .replace("l: 0\r\n", "")
                .replace("192.0.2.1:5060", "df7jal23ls0d.invalid"),
            true)
        .join();
    Inbound inbound = next(received);
    assertThat(inbound.flow().protocol().uriName()).isEqualTo(scheme);
    transport.reply(inbound.flow(), SipResponse.to((SipRequest) inbound.message(), 200, "t"));
    assertThat(next(page.texts)).startsWith("SIP/2.0 200 OK\r\n");

    Destination device = new Destination(inbound.flow().protocol(), inbound.flow().remote());
    transport.send(device, Samples.bye(), failed::add);
    assertThat(next(page.texts)).startsWith("BYE sip:bob@example.com SIP/2.0\r\n");

    socket.sendText("\r\n\r\n", true).join();
    assertThat(next(page.texts)).isEqualTo("\r\n");

    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertThat(next(closed)).isEqualTo(inbound.flow());
    transport.send(device, Samples.bye(), failed::add);
    assertThat(next(failed)).isEqualTo(SendFailure.FLOW_GONE);
  }

  @Test
  void a_message_in_pieces_and_one_in_bytes_are_each_one_message() throws Exception {
    Page page = new Page();
    WebSocket socket = open("ws", "/sip", PAGE, "sip", page);
    String text = Samples.request("MESSAGE", "l", "hello");
    for (int i = 0; i < text.length(); i += 50) {
      int to = Math.min(text.length(), i + 50);
      socket.sendText(text.substring(i, to), to == text.length()).join();
    }
    assertThat(next(received).message().bodyText()).isEqualTo("hello");

    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
    assertThat(next(received).message().bodyText()).isEqualTo("hello");

    SipRequest binary = Samples.bye().withBody("application/octet-stream", new byte[] {-1, 0});
    transport.send(next2(text, socket).flow(), binary);
    assertThat(next(page.bytes)).isEqualTo(binary.toBytes());
    socket.abort();
  }

  @Test
  void who_pings_its_web_socket_and_never_reads_is_closed() throws Exception {
    int port = transport.listening().getFirst().address().getPort();
    try (Socket page = new Socket("127.0.0.1", port)) {
      page.getOutputStream()
          .write(
              ("GET /sip HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: sip\r\n"
                      + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: "
                      + PAGE
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      page.setSoTimeout(15_000);
      assertThat(page.getInputStream().read()).isEqualTo('H'); // it is one now
      byte[] ping = new byte[6 + 125]; // masked with zeros
      ping[0] = (byte) 0x89;
      ping[1] = (byte) (0x80 | 125);
      ByteBuffer pings = ByteBuffer.allocate(1_000 * ping.length);
      for (int i = 0; i < 1_000; i++) {
        pings.put(ping);
      }
      boolean closed = false;
      for (int i = 0; i < 1_000 && !closed; i++) {
        try {
          page.getOutputStream().write(pings.array());
        } catch (SocketException reset) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void a_malformed_message_gets_its_400_and_one_too_long_ends_the_connection() throws Exception {
    Page page = new Page();
    WebSocket socket = open("ws", "/sip", PAGE, "sip", page);
    socket.sendText(Samples.request("INFO", "l", "").replace("CSeq: 1", "CSeq: x"), true).join();
    assertThat(next(page.texts)).startsWith("SIP/2.0 400 Bad CSeq");

    socket.sendText("x".repeat(70_000), true).join();
    assertThat(page.ended.poll(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(received).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/other, https://phone.example.com, sip, 404",
    "/sip, https://evil.example.com, sip, 403",
    "/sip, https://phone.example.com, chat, 400",
    "/sip, https://phone.example.com, , 400",
  })
  void what_is_no_sip_page_of_ours_is_not_let_in(
      String path, String origin, String subProtocol, int status) {
    try {
      open("ws", path, origin, subProtocol, new Page());
      throw new AssertionError("it was let in");
    } catch (CompletionException refused) {
      assertThat(refused.getCause())
          .isInstanceOfSatisfying(
              java.net.http.WebSocketHandshakeException.class,
              e -> assertThat(e.getResponse().statusCode()).isEqualTo(status));
    }
  }

  @Test
  void a_connection_that_never_becomes_a_web_socket_and_one_too_many_are_closed() throws Exception {
    TransportSettings hasty =
        TransportSettings.listeningOn(bind(TransportProtocol.WS))
            .withWebSocket("/sip", List.of())
            .withConnections(10, 2)
            .withTimeouts(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMillis(300));
    try (SipTransport server = new SipTransport(hasty)) {
      server.start(received::add);
      InetSocketAddress there = server.listening().getFirst().address();
      try (Socket silent = new Socket(there.getAddress(), there.getPort());
          Socket halfway = new Socket(there.getAddress(), there.getPort());
          Socket third = new Socket(there.getAddress(), there.getPort())) {
        third.setSoTimeout(10_000);
        assertThat(third.getInputStream().read()).as("two of one address").isEqualTo(-1);
        halfway
            .getOutputStream()
            .write("GET /sip HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.US_ASCII));
        silent.setSoTimeout(10_000);
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
        halfway.setSoTimeout(10_000);
        assertThat(halfway.getInputStream().read()).isEqualTo(-1);
        assertThat(server.counters().connectionsTimedOut()).isEqualTo(2);
        assertThat(server.counters().connectionsRefused()).isEqualTo(1);
      }
    }
  }

  private Inbound next2(String text, WebSocket socket) throws InterruptedException {
    socket.sendText(text, true).join();
    return next(received);
  }

  private WebSocket open(String scheme, String path, String origin, String protocol, Page page) {
    int port = transport.listening().get(scheme.equals("ws") ? 0 : 1).address().getPort();
    WebSocket.Builder builder =
        browser
            .newWebSocketBuilder()
            .header("Origin", origin)
            .connectTimeout(Duration.ofSeconds(20));
    if (protocol != null) {
      builder.subprotocols(protocol);
    }
    return builder.buildAsync(URI.create(scheme + "://127.0.0.1:" + port + path), page).join();
  }

  /** What arrives at the page. */
  private static final class Page implements WebSocket.Listener {
    final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    final BlockingQueue<byte[]> bytes = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] read = new byte[data.remaining()];
      data.get(read);
      bytes.add(read);
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      ended.add(Integer.toString(status));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended.add(error.toString());
    }
  }

  private static Bind bind(TransportProtocol protocol) {
    return new Bind(protocol, new InetSocketAddress("127.0.0.1", 0));
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(15, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }
}
