package io.tandem.protocol.media.loop;

import io.netty.channel.epoll.Epoll;

/** What carries the media. */
public enum Wire {
  /** Netty on Linux epoll through JNI. */
  EPOLL {
    @Override
    public boolean available() {
      return Epoll.isAvailable();
    }

    @Override
    public MediaLoops open(int threads) {
      return new NettyLoops(NettyWire.EPOLL, threads);
    }
  },

  /** Netty on the JDK's selector, on every platform. */
  NIO {
    @Override
    public boolean available() {
      return true;
    }

    @Override
    public MediaLoops open(int threads) {
      return new NettyLoops(NettyWire.NIO, threads);
    }
  };

  /** The best one this machine has. */
  public static Wire best() {
    return EPOLL.available() ? EPOLL : NIO;
  }

  /** Whether this machine has it. */
  public abstract boolean available();

  /** Starts that many threads. */
  public abstract MediaLoops open(int threads);
}
