package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.transport.tls.TlsSettings.ClientCertificates;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with real sockets: versions, names, certificates of peers, reuse, reloading. */
class TlsTransportTest {
  private static final String HOST = "127.0.0.1";

  @TempDir Path directory;

  private final BlockingQueue<Inbound> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<SendFailure> failed = new LinkedBlockingQueue<>();
  private final List<SipTransport> open = new ArrayList<>();
  private TestAuthority authority;

  @BeforeEach
  void authority() {
    authority = new TestAuthority(directory, "authority");
  }

  @AfterEach
  void close() {
    open.forEach(SipTransport::close);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void a_request_over_tls_is_answered_on_its_connection(String version) throws Exception {
    SipTransport server = start(certified("server", "ip:127.0.0.1"));
    try (SSLSocket phone = connect(server, null, version)) {
      phone.getOutputStream().write(bytes(Samples.request("OPTIONS", "l", "")));
      Inbound inbound = next(received);
      assertThat(inbound.flow().protocol()).isEqualTo(TransportProtocol.TLS);
      assertThat(phone.getSession().getProtocol()).isEqualTo(version);

      server.reply(inbound.flow(), SipResponse.to((SipRequest) inbound.message(), 200, "t"));
      assertThat(read(phone, 14)).isEqualTo("SIP/2.0 200 OK");
    }
  }

  @Test
  void the_certificate_shown_is_that_of_the_name_asked_for() throws Exception {
    TlsSettings.Pair second = authority.sign("second", "dns:sip.example.com", "dns:*.example.net");
    SipTransport server =
        start(certified("first", "dns:other").alsoShowing(second.chain(), second.key()));

    assertThat(shownFor(server, "sip.example.com")).isEqualTo("CN=second");
    assertThat(shownFor(server, "any.example.net")).isEqualTo("CN=second");
    assertThat(shownFor(server, "example.org")).isEqualTo("CN=first");
    assertThat(shownFor(server, null)).isEqualTo("CN=first");
  }

  @Test
  void two_of_us_with_certificates_know_each_other_and_share_one_connection() throws Exception {
    SipTransport a =
        start(certified("a", "dns:a.example.com", "ip:127.0.0.1"), ClientCertificates.REQUIRED);
    SipTransport b =
        start(certified("b", "dns:b.example.com", "uri:sip:b.org"), ClientCertificates.REQUIRED);

    SipRequest sent = aliasRequest(a);
    a.send(new Destination(TransportProtocol.TLS, address(b), "b.org"), sent, failed::add);
    Inbound atB = next(received);
    assertThat(peer(b, atB.flow()).hosts()).containsExactly("a.example.com");

    // b reaches a where a listens, without a connection of its own (RFC 5923)
    b.send(new Destination(TransportProtocol.TLS, address(a), "a.example.com"), sent, failed::add);
    Inbound atA = next(received);
    assertThat(atA.flow().remote()).isEqualTo(address(b));
    assertThat(peer(a, atA.flow()).hosts()).containsExactly("b.org");
    assertThat(failed).isEmpty();
  }

  @Test
  void a_server_that_is_somebody_else_gets_no_message() throws Exception {
    SipTransport a = start(certified("a", "ip:127.0.0.1"));
    SipTransport b = start(certified("b", "dns:b.example.com"));

    a.send(
        new Destination(TransportProtocol.TLS, address(b), "c.example.com"),
        Samples.bye(),
        failed::add);
    assertThat(next(failed)).isEqualTo(SendFailure.NOT_CONNECTED);
    a.send(new Destination(TransportProtocol.TLS, address(b)), Samples.bye(), failed::add);
    assertThat(next(failed)).isEqualTo(SendFailure.NOT_CONNECTED);
    assertThat(received).isEmpty();
    assertThat(a.counters().handshakeFailures()).isEqualTo(2);
  }

  @Test
  void a_peer_without_a_certificate_or_with_one_of_strangers_is_not_let_in() throws Exception {
    SipTransport server = start(certified("server", "ip:127.0.0.1"), ClientCertificates.REQUIRED);
    TestAuthority strangers = new TestAuthority(directory, "strangers");
    TlsSettings.Pair theirs = strangers.sign("theirs", "dns:x.example.com");
    SipTransport stranger =
        start(
            TlsSettings.of(theirs.chain(), theirs.key())
                .trusting(authority.certificate(), ClientCertificates.NONE)
                .speaking("TLSv1.2"));

    stranger.send(
        new Destination(TransportProtocol.TLS, address(server)), Samples.bye(), failed::add);
    assertThat(next(failed)).isEqualTo(SendFailure.NOT_CONNECTED);
    try (SSLSocket nobody = connect(server, null, "TLSv1.3")) {
      assertThat(catchThrowableOfType(IOException.class, () -> readAfterSending(nobody)))
          .isNotNull();
    }
    assertThat(received).isEmpty();
  }

  @Test
  void a_connection_that_does_not_end_its_handshake_is_closed() throws Exception {
    SipTransport server =
        new SipTransport(
            settings(certified("server", "ip:127.0.0.1"))
                .withTimeouts(
                    Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMillis(200)));
    open.add(server);
    server.start(received::add);
    try (Socket silent = new Socket(address(server).getAddress(), address(server).getPort());
        Socket noise = new Socket(address(server).getAddress(), address(server).getPort())) {
      noise.getOutputStream().write(bytes("OPTIONS sip:a SIP/2.0\r\n\r\n"));
      noise.setSoTimeout(10_000);
      noise.getInputStream().readAllBytes();
      silent.setSoTimeout(10_000);
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void certificates_are_read_again_and_bad_ones_leave_the_old_in_use() throws Exception {
    TlsSettings.Pair pair = authority.sign("server", "ip:127.0.0.1");
    SipTransport server = start(TlsSettings.of(pair.chain(), pair.key()));
    assertThat(server.refreshCertificates()).isFalse();

    TlsSettings.Pair renewed = authority.sign("renewed", "ip:127.0.0.1");
    replace(pair, Files.readAllBytes(renewed.chain()), Files.readAllBytes(renewed.key()), 10);
    assertThat(server.refreshCertificates()).isTrue();
    assertThat(shownFor(server, null)).isEqualTo("CN=renewed");

    replace(pair, bytes("no certificate"), bytes("no key"), 20);
    assertThat(server.refreshCertificates()).isFalse();
    assertThat(shownFor(server, null)).isEqualTo("CN=renewed");
  }

  @Test
  void a_bad_certificate_stops_the_start_and_is_named() throws Exception {
    Path nothing = Files.writeString(directory.resolve("nothing.pem"), "nothing");
    try (SipTransport server = new SipTransport(settings(TlsSettings.of(nothing, nothing)))) {
      assertThat(catchThrowableOfType(CannotListen.class, () -> server.start(received::add)))
          .hasMessageContaining("nothing.pem");
    }
  }

  // ---- the peers

  private TlsSettings certified(String name, String... names) {
    TlsSettings.Pair pair = authority.sign(name, names);
    return TlsSettings.of(pair.chain(), pair.key())
        .trusting(authority.certificate(), ClientCertificates.NONE);
  }

  private SipTransport start(TlsSettings tls, ClientCertificates asked) throws CannotListen {
    return start(tls.trusting(authority.certificate(), asked));
  }

  private SipTransport start(TlsSettings tls) throws CannotListen {
    SipTransport transport = new SipTransport(settings(tls));
    open.add(transport);
    transport.start(received::add);
    return transport;
  }

  private static TransportSettings settings(TlsSettings tls) {
    return TransportSettings.listeningOn(
            new Bind(TransportProtocol.TLS, new InetSocketAddress(HOST, 0)))
        .withTls(tls);
  }

  private static InetSocketAddress address(SipTransport transport) {
    return transport.listening().getFirst().address();
  }

  private static SipRequest aliasRequest(SipTransport from) {
    InetSocketAddress own = address(from);
    return Samples.bye()
        .withTopVia(
            io.tandem.protocol.sip.message.Via.ours("TLS", HOST, own.getPort(), "z9hG4bKx")
                .withParam("alias", null));
  }

  private static PeerNames peer(SipTransport transport, Flow flow) {
    CompletableFuture<PeerNames> peer = new CompletableFuture<>();
    transport.loop().execute(() -> peer.complete(transport.peer(flow)));
    return peer.join();
  }

  private String shownFor(SipTransport server, String name) throws Exception {
    try (SSLSocket phone = connect(server, name, "TLSv1.3")) {
      phone.startHandshake();
      X509Certificate shown = (X509Certificate) phone.getSession().getPeerCertificates()[0];
      return shown.getSubjectX500Principal().getName();
    }
  }

  private SSLSocket connect(SipTransport server, String name, String version) throws Exception {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var in = Files.newInputStream(authority.certificate())) {
      trusted.setCertificateEntry(
          "a", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(address(server).getAddress(), address(server).getPort());
    socket.setSoTimeout(10_000);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {version});
    if (name != null) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static int readAfterSending(SSLSocket socket) throws IOException {
    socket.getOutputStream().write(bytes(Samples.request("OPTIONS", "l", "")));
    int read = socket.getInputStream().read();
    if (read < 0) {
      throw new IOException("closed");
    }
    return read;
  }

  private static void replace(TlsSettings.Pair pair, byte[] chain, byte[] key, long laterSeconds)
      throws IOException {
    FileTime later =
        FileTime.from(
            Files.getLastModifiedTime(pair.chain()).toInstant().plusSeconds(laterSeconds));
    Files.write(pair.chain(), chain);
    Files.write(pair.key(), key);
    Files.setLastModifiedTime(pair.chain(), later);
    Files.setLastModifiedTime(pair.key(), later);
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.US_ASCII);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(15, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }
}
