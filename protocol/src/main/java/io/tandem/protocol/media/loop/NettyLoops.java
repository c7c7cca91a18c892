package io.tandem.protocol.media.loop;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.tandem.protocol.media.socket.Precedence;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Event loops of Netty, on the channels of a {@link NettyWire}: the portable way. */
final class NettyLoops implements MediaLoops {
  private static final long SHUTDOWN_SECONDS = 5;

  private final NettyWire wire;
  private final EventLoopGroup group;
  private final List<EventLoop> loops = new ArrayList<>();

  NettyLoops(NettyWire wire, int threads, Precedence wanted) {
    this.wire = wire;
    this.group = new MultiThreadIoEventLoopGroup(threads, threads(wanted), wire.loops());
    for (EventExecutor loop : group) {
      loops.add((EventLoop) loop);
    }
  }

  private static DefaultThreadFactory threads(Precedence wanted) {
    return new DefaultThreadFactory("media", true) {
      @Override
      public Thread newThread(Runnable work) {
        return super.newThread(
            () -> {
              var unused = wanted.take();
              work.run();
            });
      }
    };
  }

  @Override
  public PortPair bind(InetAddress address, int rtpPort, int loop, LongAdder strays)
      throws IOException {
    Channel rtp = wire.bind(new InetSocketAddress(address, rtpPort));
    Channel rtcp;
    try {
      rtcp = wire.bind(new InetSocketAddress(address, rtpPort + 1));
    } catch (IOException busy) {
      rtp.unsafe().closeForcibly();
      throw busy;
    }
    return NettyPair.on(loops.get(loop), rtpPort, rtp, rtcp, strays);
  }

  @Override
  public boolean areAlive() {
    return loops.stream().noneMatch(EventLoop::isTerminated);
  }

  @Override
  public long[] threadIds() {
    return loops.stream()
        .mapToLong(loop -> ((SingleThreadEventExecutor) loop).threadProperties().id())
        .toArray();
  }

  @Override
  public void close() {
    group
        .shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS)
        .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
  }
}
