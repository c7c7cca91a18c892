package io.tandem.protocol.sip.transport.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.function.Predicate;

/**
 * Stands before what answers each ping of a WebSocket (RFC 6455 section 5.5.2) with a pong, which
 * asks nobody whether the pongs are read: those that are too many end here.
 */
public final class WebSocketPings extends ChannelInboundHandlerAdapter {
  private final Predicate<Channel> mayPong;

  /**
   * @param mayPong whether one more ping of a connection is answered
   */
  public WebSocketPings(Predicate<Channel> mayPong) {
    this.mayPong = mayPong;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object read) {
    if (read instanceof PingWebSocketFrame && !mayPong.test(ctx.channel())) {
      ReferenceCountUtil.release(read);
      return;
    }
    ctx.fireChannelRead(read);
  }
}
