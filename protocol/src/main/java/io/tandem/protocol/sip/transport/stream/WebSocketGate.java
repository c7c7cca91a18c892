package io.tandem.protocol.sip.transport.stream;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the HTTP request that opens a WebSocket before it may become one: right path, a page
 * from an origin that may, and the sub-protocol {@code sip} asked for (RFC 7118 section 4.1).
 */
public final class WebSocketGate extends SimpleChannelInboundHandler<FullHttpRequest> {
  /** The registered sub-protocol. */
  public static final String SUB_PROTOCOL = "sip";

  private final String path;
  private final List<String> origins;

  /**
   * @param origins that may connect; empty for any
   */
  public WebSocketGate(String path, List<String> origins) {
    super(false);
    this.path = path;
    this.origins = origins;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    HttpResponseStatus refusal = refusal(request);
    if (refusal == null) {
      ctx.pipeline().remove(this);
      ctx.fireChannelRead(request);
      return;
    }
    request.release();
    DefaultFullHttpResponse answer = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal);
    answer.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
    answer.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (refusal.equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
      answer.headers().set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
    }
    ctx.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
  }

  private @Nullable HttpResponseStatus refusal(FullHttpRequest request) {
    String uri = request.uri();
    int question = uri.indexOf('?');
    if (!request.decoderResult().isSuccess()) {
      return HttpResponseStatus.BAD_REQUEST;
    }
    if (!(question < 0 ? uri : uri.substring(0, question)).equals(path)) {
      return HttpResponseStatus.NOT_FOUND;
    }
    boolean upgrades =
        request.method().equals(HttpMethod.GET)
            && request
                .headers()
                .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
    if (!upgrades) {
      return HttpResponseStatus.UPGRADE_REQUIRED;
    }
    String origin = request.headers().get(HttpHeaderNames.ORIGIN);
    if (!origins.isEmpty() && (origin == null || !origins.contains(origin))) {
      return HttpResponseStatus.FORBIDDEN;
    }
    return request
            .headers()
            .containsValue(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL, SUB_PROTOCOL, true)
        ? null
        : HttpResponseStatus.BAD_REQUEST;
  }
}
