package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.tandem.protocol.sip.transport.stream.Framing;
import io.tandem.protocol.sip.transport.stream.SipStreamDecoder;
import io.tandem.protocol.sip.transport.stream.WebSocketGate;
import io.tandem.protocol.sip.transport.stream.WebSocketMessages;
import io.tandem.protocol.sip.transport.stream.WebSocketPings;
import io.tandem.protocol.sip.transport.tls.TlsContexts;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What stands between a socket and its {@link SipConnection}, by transport. */
final class Pipelines {
  /** A ClientHello of a phone is some hundred bytes, with post-quantum keys below two thousand. */
  private static final int MAX_CLIENT_HELLO_BYTES = 16 << 10;

  private static final int MAX_HTTP_LINE_BYTES = 2_048;
  private static final int MAX_HTTP_HEADER_BYTES = 8_192;

  private final TransportSettings settings;
  private final @Nullable TlsContexts tls;
  private final Executor handshakes;

  /**
   * @param tls null where no certificate is configured
   * @param handshakes runs the slow parts of TLS handshakes, off the SIP loop
   */
  Pipelines(TransportSettings settings, @Nullable TlsContexts tls, Executor handshakes) {
    this.settings = settings;
    this.tls = tls;
    this.handshakes = handshakes;
  }

  boolean canSpeak(TransportProtocol protocol) {
    return !protocol.isSecure() || tls != null;
  }

  Framing framing(TransportProtocol protocol) {
    return protocol.isWebSocket()
        ? new WebSocketMessages(settings.limits())
        : new SipStreamDecoder(settings.limits());
  }

  void accepted(Channel channel, TransportProtocol protocol, Framing framing, SipConnection last) {
    ChannelPipeline pipeline = channel.pipeline();
    if (protocol.isSecure()) {
      pipeline.addLast(new Sni(contexts(), messageTimeoutMillis(), handshakes));
    }
    if (protocol.isWebSocket()) {
      int longest = settings.limits().messageBytes();
      pipeline.addLast(
          new HttpServerCodec(MAX_HTTP_LINE_BYTES, MAX_HTTP_HEADER_BYTES, MAX_HTTP_HEADER_BYTES),
          new HttpObjectAggregator(MAX_HTTP_HEADER_BYTES, true),
          new WebSocketGate(settings.webSocketPath(), settings.webSocketOrigins()),
          new WebSocketPings(last::mayPong),
          new WebSocketServerProtocolHandler(
              WebSocketServerProtocolConfig.newBuilder()
                  .websocketPath(settings.webSocketPath())
                  .subprotocols(WebSocketGate.SUB_PROTOCOL)
                  .handshakeTimeoutMillis(messageTimeoutMillis())
                  .maxFramePayloadLength(longest)
                  .build()),
          new WebSocketFrameAggregator(longest));
    }
    pipeline.addLast((ChannelHandler) framing, last);
  }

  void connecting(
      Channel channel, TransportProtocol protocol, Framing framing, SipConnection last) {
    if (protocol.isSecure()) {
      String host = last.serverName();
      SslContext context = contexts().client();
      SslHandler handler =
          host == null
              ? context.newHandler(channel.alloc(), handshakes)
              : context.newHandler(
                  channel.alloc(), host, last.flow().remote().getPort(), handshakes);
      handler.setHandshakeTimeoutMillis(settings.connections().connectTimeout().toMillis());
      channel.pipeline().addLast(handler);
    }
    channel.pipeline().addLast((ChannelHandler) framing, last);
  }

  private TlsContexts contexts() {
    return Objects.requireNonNull(tls, "TLS without certificates");
  }

  private long messageTimeoutMillis() {
    return settings.connections().messageTimeout().toMillis();
  }

  /** Chooses the certificate by the name the peer asks for; bounded in bytes and time. */
  private static final class Sni extends SniHandler {
    private final long timeoutMillis;
    private final Executor handshakes;

    Sni(TlsContexts contexts, long timeoutMillis, Executor handshakes) {
      super(contexts::server, MAX_CLIENT_HELLO_BYTES, timeoutMillis);
      this.timeoutMillis = timeoutMillis;
      this.handshakes = handshakes;
    }

    @Override
    protected SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
      SslHandler handler = context.newHandler(allocator, handshakes);
      handler.setHandshakeTimeoutMillis(timeoutMillis);
      return handler;
    }
  }
}
