package io.tandem.protocol.media.loop;

import io.netty.channel.epoll.Epoll;
import io.tandem.protocol.media.socket.OpenFiles;
import io.tandem.protocol.media.socket.Precedence;
import io.tandem.protocol.media.socket.Ring;
import io.tandem.protocol.media.socket.SystemCalls;
import java.util.function.Predicate;

/** What carries the media. */
public enum Wire {
  /** The system's own calls: Linux on x86-64 and aarch64. No garbage, connected sockets. */
  NATIVE {
    @Override
    public boolean available() {
      return SystemCalls.available();
    }

    @Override
    public MediaLoops open(int threads, Precedence wanted) {
      return new NativeLoops(threads, wanted, EpollArrivals::new, budget());
    }
  },

  /** The same with an io_uring that receives, where the kernel allows; never chosen by itself. */
  IO_URING {
    @Override
    public boolean available() {
      return Ring.available();
    }

    @Override
    public MediaLoops open(int threads, Precedence wanted) {
      return new NativeLoops(threads, wanted, RingArrivals::new, budget());
    }
  },

  /** Netty on Linux epoll through JNI. */
  EPOLL {
    @Override
    public boolean available() {
      return Epoll.isAvailable();
    }

    @Override
    public MediaLoops open(int threads, Precedence wanted) {
      return new NettyLoops(NettyWire.EPOLL, threads, wanted);
    }
  },

  /** Netty on the JDK's selector, on every platform. */
  NIO {
    @Override
    public boolean available() {
      return true;
    }

    @Override
    public MediaLoops open(int threads, Precedence wanted) {
      return new NettyLoops(NettyWire.NIO, threads, wanted);
    }
  };

  private static SocketBudget budget() {
    return new SocketBudget(OpenFiles.forSockets());
  }

  /** The best one this machine has. */
  public static Wire best() {
    return best(Wire::available);
  }

  static Wire best(Predicate<Wire> available) {
    return available.test(NATIVE) ? NATIVE : available.test(EPOLL) ? EPOLL : NIO;
  }

  /** The best one of Netty's. */
  public static Wire portable() {
    return best(wire -> wire != NATIVE && wire.available());
  }

  /** Whether this machine has it. */
  public abstract boolean available();

  /** Starts that many threads that ask to go before others. */
  public abstract MediaLoops open(int threads, Precedence wanted);
}
