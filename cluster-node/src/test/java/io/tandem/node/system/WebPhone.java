package io.tandem.node.system;

import io.tandem.protocol.sip.auth.DigestSession;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A phone in a web page (RFC 7118), with the JDK's WebSocket as its browser. */
final class WebPhone implements AutoCloseable {
  private static final String SDP =
      """
      v=0\r
      o=- 1 1 IN IP4 127.0.0.1\r
      s=-\r
      c=IN IP4 127.0.0.1\r
      t=0 0\r
      m=audio 9000 RTP/AVP 0\r
      """;

  private final BlockingQueue<SipMessage> received = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final WebSocket socket;
  private final String transport;
  private final String user;
  private final String callId = UUID.randomUUID().toString();
  private int cseq;

  /** Opens the connection, not yet registered. */
  WebPhone(HttpClient browser, URI node, String user) {
    this.user = user;
    this.transport = node.getScheme();
    this.socket =
        browser.newWebSocketBuilder().subprotocols("sip").buildAsync(node, new Page()).join();
  }

  private final class Page implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
      closed.countDown();
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        byte[] whole = text.toString().getBytes(StandardCharsets.UTF_8);
        text.setLength(0);
        if (new SipParser().parse(whole) instanceof ParseOutcome.Good good) {
          received.add(good.message());
        }
      }
      from.request(1);
      return null;
    }
  }

  /** What comes next. */
  SipMessage next() {
    try {
      SipMessage next = received.poll(15, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came to the page");
      }
      return next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The next request of that method; what comes before it is passed over. */
  SipRequest next(String method) {
    while (true) {
      if (next() instanceof SipRequest request && request.is(method)) {
        return request;
      }
    }
  }

  /**
   * Registers with its password.
   *
   * @param params of the contact, such as {@code ;reg-id=1}
   * @return what the registrar said to the one with credentials
   */
  SipResponse register(String password, String params) {
    DigestSession session =
        new DigestSession(user, password, () -> UUID.randomUUID().toString().substring(0, 8));
    String uri = "sip:127.0.0.1";
    send(registration(uri, params, ""));
    SipResponse challenge = (SipResponse) next();
    if (!session.challenged(challenge.headers().all("WWW-Authenticate"), false)) {
      return challenge;
    }
    String answer = session.answer("REGISTER", uri).orElseThrow();
    send(registration(uri, params, "Authorization: " + answer + "\r\n"));
    return (SipResponse) next();
  }

  private String registration(String uri, String params, String authorization) {
    cseq++;
    return "REGISTER "
        + uri
        + " SIP/2.0\r\nVia: SIP/2.0/"
        + transport.toUpperCase(java.util.Locale.ROOT)
        + " df7jal23ls0d.invalid;branch=z9hG4bK"
        + UUID.randomUUID()
        + "\r\nFrom: <sip:"
        + user
        + "@127.0.0.1>;tag=w\r\nTo: <sip:"
        + user
        + "@127.0.0.1>\r\nCall-ID: "
        + callId
        + "\r\nCSeq: "
        + cseq
        + " REGISTER\r\nMax-Forwards: 70\r\nSupported: path, outbound, gruu\r\nContact: <sip:"
        + user
        + "@df7jal23ls0d.invalid;transport=ws>;expires=600"
        + params
        + "\r\n"
        + authorization
        + "Content-Length: 0\r\n\r\n";
  }

  /** Rings and picks up. */
  void answer(SipRequest invite) {
    SipResponse ringing = SipResponse.to(invite, 180, "web");
    send(ringing);
    send(
        SipResponse.to(invite, 200, "web")
            .with("Contact", "<sip:" + user + "@df7jal23ls0d.invalid;transport=ws>")
            .withBody("application/sdp", SDP.getBytes(StandardCharsets.US_ASCII)));
  }

  void send(SipMessage message) {
    send(new String(message.toBytes(), StandardCharsets.UTF_8));
  }

  private void send(String text) {
    socket.sendText(text, true).join();
  }

  /** The page is closed, and the node has closed its side. */
  @Override
  public void close() {
    if (closed.getCount() == 0) {
      return;
    }
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    try {
      if (!closed.await(15, TimeUnit.SECONDS)) {
        throw new AssertionError("the node keeps the connection of a page that is closed");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
