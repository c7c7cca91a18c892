package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One TCP connection, made or accepted; messages sent before it is made wait here. */
final class TcpConnection extends SimpleChannelInboundHandler<Object> {
  private static final ByteBuf PONG =
      Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n", StandardCharsets.US_ASCII));

  /** What may wait for the connection to be made: a burst of one peer's calls, no more. */
  private static final int MAX_WAITING = 256;

  private final Flow flow;
  private final SipStreamDecoder decoder;
  private final TcpConnections owner;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private @Nullable Channel channel;
  private long lastReadNanos;
  private long messageBegunNanos;
  private boolean insideMessage;
  private boolean reading;
  private boolean flushWaits;

  private record Waiting(SipMessage message, Consumer<SendFailure> onFailure) {}

  TcpConnection(Flow flow, SipStreamDecoder decoder, TcpConnections owner, long nowNanos) {
    this.flow = flow;
    this.decoder = decoder;
    this.owner = owner;
    this.lastReadNanos = nowNanos;
  }

  Flow flow() {
    return flow;
  }

  /** On the loop. */
  void send(SipMessage message, Consumer<SendFailure> onFailure) {
    Channel open = channel;
    if (open == null) {
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
    owner.counters().countSent(message);
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

  /** Closes it when nothing was read for too long, or a message does not end. */
  void sweep(long nowNanos, long idleNanos, long frameNanos) {
    boolean idle = nowNanos - lastReadNanos > idleNanos;
    boolean stuck = insideMessage && nowNanos - messageBegunNanos > frameNanos;
    if (channel != null && (idle || stuck)) {
      owner.counters().countConnectionTimedOut();
      close();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    for (Waiting next = waiting.poll(); next != null; next = waiting.poll()) {
      send(next.message(), next.onFailure());
    }
    ctx.fireChannelActive();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, Object read) {
    reading = true;
    switch (read) {
      case ParseOutcome outcome -> {
        insideMessage = false;
        owner.receiver().outcome(outcome, flow, System.nanoTime());
      }
      case SipStreamDecoder.KeepAlive ping -> {
        owner.counters().countKeepAlive();
        var _ = ctx.write(PONG.duplicate(), ctx.voidPromise());
      }
      default -> {
        // FramingLost: the answer that was due is written before the connection closes
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    lastReadNanos = System.nanoTime();
    boolean inside = decoder.isInsideMessage();
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
