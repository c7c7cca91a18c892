package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.tandem.protocol.sip.message.SipMessage;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** One bound UDP socket: a datagram in, a message up; a message in, a datagram out. */
final class UdpSocket extends SimpleChannelInboundHandler<DatagramPacket> {
  /** What IPv4 leaves of a datagram for its payload. */
  private static final int MAX_PAYLOAD_BYTES = 65_507;

  private final Bind bind;
  private final Channel channel;
  private final SipReceiver receiver;
  private final TransportCounters counters;

  /** Datagrams are copied here to be parsed; the parser copies what it keeps. */
  private final byte[] scratch = new byte[NettySockets.MAX_DATAGRAM_BYTES];

  private boolean reading;
  private boolean flushWaits;

  UdpSocket(Bind bound, Channel channel, SipReceiver receiver, TransportCounters counters) {
    this.bind = bound;
    this.channel = channel;
    this.receiver = receiver;
    this.counters = counters;
  }

  Bind bind() {
    return bind;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
    reading = true;
    ByteBuf content = packet.content();
    int length = content.readableBytes();
    content.readBytes(scratch, 0, length);
    if (isKeepAlive(length)) {
      counters.countKeepAlive();
      return;
    }
    Flow flow = new Flow(TransportProtocol.UDP, bind.address(), packet.sender(), 0);
    receiver.datagram(scratch, length, flow);
  }

  /** Empty, or only line ends and zeros: what phones send to keep a NAT open. */
  private boolean isKeepAlive(int length) {
    for (int i = 0; i < length; i++) {
      byte b = scratch[i];
      if (b != '\r' && b != '\n' && b != 0) {
        return false;
      }
      if (i == 8) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
  }

  /** On the loop. Answers that arise while datagrams are read leave together (sendmmsg). */
  void send(InetSocketAddress to, SipMessage message, Consumer<SendFailure> onFailure) {
    ByteBuf bytes = channel.alloc().directBuffer(1_024);
    message.writeTo(bytes);
    if (bytes.readableBytes() > MAX_PAYLOAD_BYTES) {
      bytes.release();
      onFailure.accept(SendFailure.TOO_LONG);
      return;
    }
    channel
        .write(new DatagramPacket(bytes, to))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                onFailure.accept(SendFailure.REFUSED);
              }
            });
    counters.countSent(message);
    if (!reading && !flushWaits) {
      flushWaits = true;
      channel.eventLoop().execute(this::flush);
    }
  }

  private void flush() {
    flushWaits = false;
    channel.flush();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // An ICMP error of an earlier datagram, or the system short of memory: the socket goes on.
    counters.countSendFailure();
  }
}
