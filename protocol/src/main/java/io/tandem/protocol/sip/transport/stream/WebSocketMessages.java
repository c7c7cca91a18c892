package io.tandem.protocol.sip.transport.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.message.SipParser;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One SIP message a WebSocket message, text or binary, whose end the frame knows: Content-Length
 * may be absent (RFC 7118 section 5.2). CRLFs alone are the keep-alive of RFC 5626.
 */
public final class WebSocketMessages extends MessageToMessageCodec<WebSocketFrame, ByteBuf>
    implements Framing {
  private final SipParser parser;

  public WebSocketMessages(SipLimits limits) {
    super(WebSocketFrame.class, ByteBuf.class);
    this.parser = new SipParser(limits);
  }

  /** Never: the aggregator before this one hands on whole messages, and has its own limit. */
  @Override
  public boolean isInsideMessage() {
    return false;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, WebSocketFrame frame, List<Object> out) {
    if (!(frame instanceof TextWebSocketFrame) && !(frame instanceof BinaryWebSocketFrame)) {
      return; // pings and closing are answered before
    }
    byte[] bytes = ByteBufUtil.getBytes(frame.content());
    out.add(isKeepAlive(bytes) ? SipStreamDecoder.KeepAlive.PING : parser.parse(bytes));
  }

  private static boolean isKeepAlive(byte[] bytes) {
    for (byte b : bytes) {
      if (b != '\r' && b != '\n') {
        return false;
      }
    }
    return bytes.length <= 4;
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, ByteBuf message, List<Object> out) {
    ByteBuf kept = message.retain();
    out.add(
        ByteBufUtil.isText(kept, StandardCharsets.UTF_8)
            ? new TextWebSocketFrame(kept)
            : new BinaryWebSocketFrame(kept));
  }
}
