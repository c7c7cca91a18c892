package io.tandem.protocol.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.DefenceSettings;
import io.tandem.protocol.sip.defence.Offence;
import io.tandem.protocol.sip.defence.Rate;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections are kept, and what is borne of who made them. */
class ConnectionLimitsTest {
  private final BlockingQueue<Inbound> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<Flow> closed = new LinkedBlockingQueue<>();
  private final BlockingQueue<SendFailure> failed = new LinkedBlockingQueue<>();
  private SipTransport transport = new SipTransport(settings());

  private final SipListener listener =
      new SipListener() {
        @Override
        public void received(Inbound inbound) {
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

  @Test
  void who_pings_and_never_reads_is_closed() throws Exception {
    start(settings());
    try (Socket phone = connect()) {
      byte[] pings = bytes("\r\n\r\n".repeat(16_384));
      // ends when the connection is reset; without that, with what would fill the heap
      boolean closed = false;
      for (int i = 0; i < 2_000 && !closed; i++) {
        try {
          phone.getOutputStream().write(pings);
        } catch (SocketException reset) {
          closed = true;
        }
      }
      assertThat(closed).isTrue();
    }
  }

  @Test
  void pings_and_malformed_messages_are_held_to_the_rate_of_their_address() throws Exception {
    startStrict();
    try (Socket phone = connect()) {
      String malformed = text("OPTIONS").replace("CSeq: 1", "CSeq: x");
      phone.getOutputStream().write(bytes("\r\n\r\n".repeat(2) + malformed.repeat(50)));
      phone.shutdownOutput();
      phone.setSoTimeout(5_000);
      assertThat(phone.getInputStream().readNBytes(4)).isEqualTo(bytes("\r\n\r\n"));
      assertThat(read(phone)).startsWith("SIP/2.0 400");
      next(closed);
    }
    assertThat(transport.counters().badAnswered()).isLessThan(25);
  }

  @Test
  void who_is_banned_opens_no_connection() throws Exception {
    Defence strict = startStrict();
    for (int i = 0; i < 100; i++) {
      strict.offended(InetAddress.getLoopbackAddress(), Offence.WRONG_PASSWORD, System.nanoTime());
    }
    try (Socket phone = connect()) {
      phone.setSoTimeout(5_000);
      assertThat(phone.getInputStream().read()).isEqualTo(-1);
    }
    assertThat(transport.counters().connectionsRefused()).isEqualTo(1);
  }

  @Test
  void a_connection_on_which_nothing_is_ever_said_is_closed_long_before_an_idle_one()
      throws Exception {
    start(
        settings()
            .withTimeouts(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofMillis(50)));
    try (Socket phone = connect();
        Socket mute = connect()) {
      phone.getOutputStream().write(bytes(text("INFO")));
      Inbound inbound = next(received);
      mute.setSoTimeout(5_000);
      assertThat(mute.getInputStream().read()).isEqualTo(-1);

      transport.reply(inbound.flow(), SipResponse.to((SipRequest) inbound.message(), 200, "t"));
      assertThat(read(phone)).startsWith("SIP/2.0 200");
    }
  }

  @Test
  void an_idle_connection_that_somebody_needs_is_kept() throws Exception {
    start(
        settings()
            .withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofMillis(300)));
    try (Socket phone = connect();
        Socket other = connect()) {
      transport.keep(() -> Set.of((InetSocketAddress) phone.getLocalSocketAddress()));
      phone.getOutputStream().write(bytes(text("INFO")));
      other.getOutputStream().write(bytes(text("INFO")));
      Flow kept = next(received).flow();
      kept = kept.remote().getPort() == phone.getLocalPort() ? kept : next(received).flow();
      other.setSoTimeout(5_000);
      assertThat(other.getInputStream().read()).as("closed by the sweep").isEqualTo(-1);

      transport.send(kept, Samples.bye(), failed::add);
      assertThat(read(phone)).startsWith("BYE ");
      transport.keep(Set::of);
      assertThat(phone.getInputStream().read()).isEqualTo(-1);
    }
  }

  private Defence startStrict() throws CannotListen {
    Rate few = new Rate(1, 4);
    Defence strict =
        new Defence(
            new DefenceSettings(few, few, new Rate(9, 9), few, List.of(), 9, 2_000), new Random(7));
    transport.close();
    transport = new SipTransport(settings(), strict);
    transport.start(listener);
    return strict;
  }

  private void start(TransportSettings settings) throws CannotListen {
    transport.close();
    transport = new SipTransport(settings);
    transport.start(listener);
  }

  private static TransportSettings settings() {
    return TransportSettings.listeningOn(Bind.tcp("127.0.0.1", 0));
  }

  private static String text(String method) {
    return Samples.request(method, "Content-Length", "");
  }

  private Socket connect() throws Exception {
    InetSocketAddress address = transport.listening().getFirst().address();
    return new Socket(address.getAddress(), address.getPort());
  }

  /** One message without body. */
  private static String read(Socket phone) throws Exception {
    phone.setSoTimeout(5_000);
    InputStream in = phone.getInputStream();
    StringBuilder text = new StringBuilder();
    while (text.length() < 4 || !text.substring(text.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      assertThat(next).isNotEqualTo(-1);
      text.append((char) next);
    }
    return text.toString();
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
