package io.tandem.protocol.media.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/**
 * What Netty's sockets are made of. A socket is bound by two system calls on the thread that asks
 * for it, before any event loop knows it, so that a busy port is known at once and nobody waits.
 */
enum NettyWire {
  /** Linux epoll through JNI. */
  EPOLL {
    @Override
    IoHandlerFactory loops() {
      return EpollIoHandler.newFactory();
    }

    @Override
    Channel bound(InetSocketAddress address) throws IOException {
      UdpSocket socket = new UdpSocket(address.getAddress() instanceof Inet6Address);
      try {
        socket.bind(address);
      } catch (IOException busy) {
        socket.close();
        throw busy;
      }
      return new EpollDatagramChannel(socket.intValue());
    }
  },

  /** The JDK's selector, on every platform. */
  NIO {
    @Override
    IoHandlerFactory loops() {
      return NioIoHandler.newFactory();
    }

    @Override
    Channel bound(InetSocketAddress address) throws IOException {
      boolean six = address.getAddress() instanceof Inet6Address;
      DatagramChannel socket =
          DatagramChannel.open(six ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
      try {
        socket.bind(address);
      } catch (IOException busy) {
        socket.close();
        throw busy;
      }
      return new NioDatagramChannel(socket);
    }
  };

  /** Expedited forwarding (RFC 3246), shifted to its place in the TOS octet. */
  static final int TOS_EXPEDITED = 46 << 2;

  abstract IoHandlerFactory loops();

  /** A bound channel that is not registered yet. */
  abstract Channel bound(InetSocketAddress address) throws IOException;

  /**
   * A bound and configured channel that is not registered with a loop yet.
   *
   * @throws IOException when the port is busy or the address is not ours
   */
  Channel bind(InetSocketAddress address) throws IOException {
    Channel channel;
    try {
      channel = bound(address);
    } catch (ChannelException noSocket) {
      throw new IOException(noSocket); // no descriptors left, say
    }
    channel
        .config()
        .setRecvByteBufAllocator(
            // One read a wake-up: a leg gets one packet in 20 ms, so a second read finds nothing,
            // and a flood on one port waits its turn behind the other calls.
            new FixedRecvByteBufAllocator(PacketInlet.MAX_DATAGRAM_OCTETS).maxMessagesPerRead(1));
    channel.config().setOption(ChannelOption.IP_TOS, TOS_EXPEDITED);
    return channel;
  }

  /** A UDP socket of exactly one family: an IPv6 one for IPv4 costs a mapping a packet. */
  private static final class UdpSocket extends Socket {
    UdpSocket(boolean six) {
      super(newSocketDgram0(six ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET));
    }
  }
}
