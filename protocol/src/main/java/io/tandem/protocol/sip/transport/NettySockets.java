package io.tandem.protocol.sip.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** Which sockets of Netty are used: epoll where it is there and wanted, NIO otherwise. */
final class NettySockets {
  /** The longest payload a UDP datagram can have; a shorter buffer would cut messages off. */
  static final int MAX_DATAGRAM_BYTES = 65_535;

  /** Under load as many are taken from the system in turn, to wait where their wait is known. */
  private static final int DATAGRAMS_PER_READ = 256;

  /** So many are taken by one call of the system where it can do that (recvmmsg). */
  private static final int DATAGRAMS_PER_CALL = 16;

  private final boolean epoll;

  NettySockets(boolean preferNative) {
    this.epoll = preferNative && Epoll.isAvailable();
  }

  boolean isNative() {
    return epoll;
  }

  MultiThreadIoEventLoopGroup oneLoop() {
    IoHandlerFactory handler = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(
        1, new DefaultThreadFactory("sip", true), CalmSockets.over(handler));
  }

  /**
   * For UDP. With epoll one buffer takes several datagrams, each in a part of its own that is long
   * enough for any; they are copied out before the next are read.
   */
  Bootstrap datagrams(int socketBufferBytes) {
    Bootstrap bootstrap =
        new Bootstrap()
            .channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
            .option(ChannelOption.SO_RCVBUF, socketBufferBytes)
            .option(ChannelOption.SO_SNDBUF, socketBufferBytes);
    return epoll
        ? bootstrap
            .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, MAX_DATAGRAM_BYTES)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new OneReceiveBuffer(MAX_DATAGRAM_BYTES, DATAGRAMS_PER_CALL, DATAGRAMS_PER_READ))
        : bootstrap.option(
            ChannelOption.RECVBUF_ALLOCATOR,
            new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES)
                .maxMessagesPerRead(DATAGRAMS_PER_READ));
  }

  ServerBootstrap listener() {
    return new ServerBootstrap()
        .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
        .option(ChannelOption.SO_REUSEADDR, true)
        .option(ChannelOption.SO_BACKLOG, 1_024)
        .childOption(ChannelOption.TCP_NODELAY, true);
  }

  Bootstrap connector() {
    return new Bootstrap()
        .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true);
  }
}
