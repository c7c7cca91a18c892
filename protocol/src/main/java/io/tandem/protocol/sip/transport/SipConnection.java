package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transport.stream.Framing;
import io.tandem.protocol.sip.transport.stream.SipStreamDecoder;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One stream connection, made or accepted; messages sent before it is made, its handshakes
 * included, wait here.
 */
final class SipConnection extends SimpleChannelInboundHandler<Object> {
  private static final ByteBuf PONG =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n", StandardCharsets.US_ASCII));

  /** What may wait for the connection to be made: a burst of one peer's calls, no more. */
  private static final int MAX_WAITING = 256;

  /** In so many times the time of one message, who connected has said one. */
  private static final int MUTE_FRAMES = 3;

  private final Flow flow;
  private final Framing framing;
  private final @Nullable String serverName;
  private final SipConnections owner;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private PeerNames peer = PeerNames.NONE;
  private @Nullable Channel channel; // once it is made
  private boolean ready; // once messages may be sent
  private final long openedNanos;
  private long lastReadNanos;
  private long messageBegunNanos;
  private boolean insideMessage;
  private boolean made;
  private boolean heard; // one whole message or ping at least
  private int aliasPort;
  private boolean reading;
  private boolean flushWaits;

  private record Waiting(SipMessage message, Consumer<SendFailure> onFailure) {}

  /**
   * @param serverName whom we mean to reach over TLS, by name; null for nobody in particular
   */
  SipConnection(
      Flow flow,
      Framing framing,
      @Nullable String serverName,
      SipConnections owner,
      long nowNanos) {
    this.flow = flow;
    this.framing = framing;
    this.serverName = serverName;
    this.owner = owner;
    this.openedNanos = nowNanos;
    this.lastReadNanos = nowNanos;
  }

  Flow flow() {
    return flow;
  }

  @Nullable String serverName() {
    return serverName;
  }

  /** The port that the peer is also reached at over this connection; 0 for none. */
  int aliasPort() {
    return aliasPort;
  }

  /** Who the peer proved to be by its certificate. */
  PeerNames peer() {
    return peer;
  }

  /** We connect: the peer has to be whom we mean. */
  SipConnection madeByUs() {
    made = true;
    return this;
  }

  boolean isMadeByUs() {
    return made;
  }

  /** On the loop. */
  void send(SipMessage message, Consumer<SendFailure> onFailure) {
    Channel open = channel;
    if (open == null || !ready) {
      if (waiting.size() >= MAX_WAITING) {
        onFailure.accept(SendFailure.CONGESTED);
      } else {
        waiting.add(new Waiting(message, onFailure));
      }
      return;
    }
    if (!open.isWritable()) {
      // a peer that does not read would make us keep its messages: rather lose the connection
      onFailure.accept(SendFailure.CONGESTED);
      close();
      return;
    }
    ByteBuf bytes = open.alloc().directBuffer(1_024);
    message.writeTo(bytes);
    open.write(bytes)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                onFailure.accept(SendFailure.FLOW_GONE);
              }
            });
    owner.counters().countSent(message, flow);
    flushSoon(open);
  }

  private void flushSoon(Channel open) {
    if (!reading && !flushWaits) {
      flushWaits = true;
      open.eventLoop()
          .execute(
              () -> {
                flushWaits = false;
                open.flush();
              });
    }
  }

  void notConnected() {
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      next.onFailure().accept(SendFailure.NOT_CONNECTED);
    }
  }

  void close() {
    if (channel != null) {
      var _ = channel.close();
    }
  }

  /** Whether nothing was read for so long. */
  boolean isIdle(long nowNanos, long idleNanos) {
    return nowNanos - lastReadNanos > idleNanos;
  }

  /** Whether its peer is one of these, by where it came from or where it says that it listens. */
  boolean isOneOf(Set<InetSocketAddress> peers) {
    return peers.contains(flow.remote())
        || (aliasPort > 0
            && peers.contains(new InetSocketAddress(flow.remote().getAddress(), aliasPort)));
  }

  /**
   * Closes it when it is idle and nobody needs it, a message or a handshake does not end, or who
   * connected to us never says anything: it may not hold a place for as long as a phone.
   */
  void sweep(long nowNanos, boolean idle, long frameNanos) {
    boolean stuck = insideMessage && nowNanos - messageBegunNanos > frameNanos;
    boolean halfOpen = !ready && nowNanos - openedNanos > frameNanos;
    boolean mute = !made && !heard && nowNanos - openedNanos > MUTE_FRAMES * frameNanos;
    if (channel != null && (idle || stuck || halfOpen || mute)) {
      owner.counters().countConnectionTimedOut();
      close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    if (flow.protocol() == TransportProtocol.TCP) {
      ready();
    }
    ctx.fireChannelActive();
  }

  private void ready() {
    ready = true;
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      send(next.message(), next.onFailure());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    switch (event) {
      case SslHandshakeCompletionEvent done when done.isSuccess() -> secured(ctx);
      case SslHandshakeCompletionEvent failed -> owner.counters().countHandshakeFailure();
      case WebSocketServerProtocolHandler.HandshakeComplete opened -> ready();
      default -> ctx.fireUserEventTriggered(event);
    }
  }

  private void secured(ChannelHandlerContext ctx) {
    peer = provenBy(ctx.pipeline().get(SslHandler.class));
    InetAddress there = flow.remote().getAddress();
    if (made && !peer.covers(serverName, there)) {
      // a certificate that is good, of somebody else (RFC 5922 section 7.3)
      owner.counters().countHandshakeFailure();
      close();
    } else if (flow.protocol() == TransportProtocol.TLS) {
      ready();
    }
  }

  private static PeerNames provenBy(@Nullable SslHandler handler) {
    try {
      return handler != null
              && handler.engine().getSession().getPeerCertificates()[0]
                  instanceof X509Certificate certificate
          ? PeerNames.of(certificate)
          : PeerNames.NONE;
    } catch (SSLPeerUnverifiedException showedNone) {
      return PeerNames.NONE;
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object read) {
    reading = true;
    switch (read) {
      case ParseOutcome outcome -> {
        insideMessage = false;
        heard = true;
        if (flow.protocol() == TransportProtocol.TLS
            && outcome instanceof ParseOutcome.Good(SipRequest request)) {
          considerAlias(request.topVia());
        }
        owner.receiver().outcome(outcome, flow, System.nanoTime());
      }
      case SipStreamDecoder.KeepAlive ping -> {
        heard = true;
        if (mayPong(ctx.channel())) {
          var _ = ctx.write(PONG.duplicate());
        }
      }
      default -> {
        // FramingLost: the answer that was due is written before the connection closes
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  /**
   * Whether a ping, ours or the WebSocket's, is answered: a few octets in must not be an answer
   * kept for somebody who does not read, nor one for each of any number.
   */
  boolean mayPong(Channel open) {
    owner.counters().countKeepAlive();
    if (!open.isWritable()) {
      var _ = open.close();
      return false;
    }
    return owner.receiver().admitsPing(flow, System.nanoTime());
  }

  /**
   * A proven peer that asks for it is reached, where it listens, over this connection (RFC 5923
   * section 5): it saves us a handshake, and passes firewalls that let nothing in.
   */
  private void considerAlias(Via via) {
    if (via.params().has("alias") && !peer.isNobody() && aliasPort == 0) {
      aliasPort = via.portOrDefault();
      owner.alias(this, aliasPort);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    lastReadNanos = System.nanoTime();
    boolean inside = framing.isInsideMessage();
    if (inside && !insideMessage) {
      messageBegunNanos = lastReadNanos;
    }
    insideMessage = inside;
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    owner.gone(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // reset by the peer and the like: its calls hear of it through SipListener.closed
    var _ = ctx.close();
  }
}
