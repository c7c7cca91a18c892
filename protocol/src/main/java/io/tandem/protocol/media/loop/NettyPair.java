package io.tandem.protocol.media.loop;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A port pair of two Netty channels on one event loop. */
final class NettyPair implements PortPair {
  private final int rtpPort;
  private final Channel rtp;
  private final Channel rtcp;
  private final EventLoop loop;
  private final LongAdder strays;

  private volatile @Nullable PacketInlet seated;

  private NettyPair(int rtpPort, Channel rtp, Channel rtcp, EventLoop loop, LongAdder strays) {
    this.rtpPort = rtpPort;
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.loop = loop;
    this.strays = strays;
  }

  /** Hands two bound channels to the loop; does not wait for it. */
  static NettyPair on(EventLoop loop, int rtpPort, Channel rtp, Channel rtcp, LongAdder strays) {
    NettyPair pair = new NettyPair(rtpPort, rtp, rtcp, loop, strays);
    rtp.pipeline().addLast(pair.new Reader(false));
    rtcp.pipeline().addLast(pair.new Reader(true));
    // A loop that refuses is shutting down, and closes what it was given.
    var unusedRtp = loop.register(rtp);
    var unusedRtcp = loop.register(rtcp);
    return pair;
  }

  @Override
  public int rtpPort() {
    return rtpPort;
  }

  @Override
  public void seat(PacketInlet inlet) {
    seated = inlet;
  }

  @Override
  public void unseat() {
    seated = null;
  }

  /**
   * A channel that was bound a moment ago may still wait for the loop to register it; that stands
   * in the loop's queue already, so the datagram lines up behind it.
   */
  @Override
  public boolean send(boolean rtcpPort, ByteBuf datagram, InetSocketAddress to) {
    Channel through = rtcpPort ? rtcp : rtp;
    if (!through.isWritable()) {
      return false;
    }
    DatagramPacket envelope = new DatagramPacket(datagram.retain(), to);
    if (through.isRegistered()) {
      var unused = through.writeAndFlush(envelope, through.voidPromise());
    } else {
      loop.execute(
          () -> {
            var unused = through.writeAndFlush(envelope, through.voidPromise());
          });
    }
    return true;
  }

  /** Its packets come one by one. */
  @Override
  public int anticipate(int step) {
    return 0;
  }

  /** Netty makes an envelope for each. */
  @Override
  public void aim(InetSocketAddress rtcp) {}

  /** Nothing is cheaper by it here. */
  @Override
  public void settle(@Nullable InetSocketAddress source) {}

  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      return; // the anchor is closed: there is no wire any more
    }
  }

  @Override
  public void close() {
    var unusedRtp = rtp.close();
    var unusedRtcp = rtcp.close();
  }

  /** Takes datagrams from one socket to the seated leg. */
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final boolean rtcpPort;

    Reader(boolean rtcpPort) {
      this.rtcpPort = rtcpPort;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof DatagramPacket datagram)) {
        ReferenceCountUtil.release(message);
        return;
      }
      try {
        PacketInlet inlet = seated;
        if (inlet == null) {
          strays.increment();
        } else if (rtcpPort) {
          inlet.onRtcpPort(datagram.content(), datagram.sender());
        } else {
          inlet.onRtpPort(datagram.content(), datagram.sender());
        }
      } finally {
        datagram.release();
      }
    }

    /** A failed send or read of one datagram: UDP promises nothing, the call goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      PacketInlet inlet = seated;
      if (inlet == null) {
        strays.increment();
      } else {
        inlet.onWireError();
      }
    }
  }
}
