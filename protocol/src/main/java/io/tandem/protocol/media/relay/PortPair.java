package io.tandem.protocol.media.relay;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * An even RTP port and the odd RTCP port above it, bound for the anchor's lifetime and lent to one
 * leg at a time. Between two legs the sockets go on reading, so that packets of a call that is over
 * are drained and counted as strays instead of waiting for the next call.
 */
final class PortPair {
  private final int rtpPort;
  private final Channel rtp;
  private final Channel rtcp;
  private final EventLoop loop;
  private final LongAdder strays;

  private volatile @Nullable LegTraffic traffic;

  private PortPair(int rtpPort, Channel rtp, Channel rtcp, EventLoop loop, LongAdder strays) {
    this.rtpPort = rtpPort;
    this.rtp = rtp;
    this.rtcp = rtcp;
    this.loop = loop;
    this.strays = strays;
  }

  /**
   * Binds both ports and hands them to the loop; does not wait for the loop.
   *
   * @param strays counts the packets that arrive while no leg is seated
   * @throws IOException when either port cannot be bound; then neither is
   */
  static PortPair bind(
      Wire wire, InetAddress address, int rtpPort, EventLoop loop, LongAdder strays)
      throws IOException {
    Channel rtp = wire.bind(new InetSocketAddress(address, rtpPort));
    Channel rtcp;
    try {
      rtcp = wire.bind(new InetSocketAddress(address, rtpPort + 1));
    } catch (IOException busy) {
      rtp.unsafe().closeForcibly();
      throw busy;
    }
    PortPair pair = new PortPair(rtpPort, rtp, rtcp, loop, strays);
    rtp.pipeline().addLast(pair.new Inlet(false));
    rtcp.pipeline().addLast(pair.new Inlet(true));
    // A loop that refuses is shutting down, and closes what it was given.
    var unusedRtp = loop.register(rtp);
    var unusedRtcp = loop.register(rtcp);
    return pair;
  }

  int rtpPort() {
    return rtpPort;
  }

  Channel rtp() {
    return rtp;
  }

  Channel rtcp() {
    return rtcp;
  }

  /**
   * On the loop: queues a datagram on one of the two channels, to be flushed by who read it. A
   * channel that was bound a moment ago may still wait for the loop to register it; that stands in
   * the loop's queue already, so the datagram lines up behind it.
   */
  void write(Channel through, DatagramPacket datagram) {
    if (through.isRegistered()) {
      var unused = through.write(datagram, through.voidPromise());
    } else {
      loop.execute(
          () -> {
            var unused = through.writeAndFlush(datagram, through.voidPromise());
          });
    }
  }

  void seat(LegTraffic next) {
    traffic = next;
  }

  void unseat() {
    traffic = null;
  }

  void close() {
    var unusedRtp = rtp.close();
    var unusedRtcp = rtcp.close();
  }

  /** Takes datagrams from one socket to the seated leg, and flushes where they went. */
  private final class Inlet extends ChannelInboundHandlerAdapter {
    private final boolean rtcpPort;
    private @Nullable Channel unflushed;

    Inlet(boolean rtcpPort) {
      this.rtcpPort = rtcpPort;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (!(message instanceof DatagramPacket datagram)) {
        ReferenceCountUtil.release(message);
        return;
      }
      try {
        LegTraffic seated = traffic;
        if (seated == null) {
          strays.increment();
          return;
        }
        Channel through = rtcpPort ? seated.onRtcpPort(datagram) : seated.onRtpPort(datagram);
        if (through != null && !through.equals(unflushed)) {
          flush();
          unflushed = through;
        }
      } finally {
        datagram.release();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      flush();
    }

    private void flush() {
      Channel written = unflushed;
      unflushed = null;
      if (written != null && written.isRegistered()) {
        written.flush();
      }
    }

    /** A failed send or read of one datagram: UDP promises nothing, the call goes on. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      LegTraffic seated = traffic;
      if (seated == null) {
        strays.increment();
      } else {
        seated.onWireError();
      }
    }
  }
}
