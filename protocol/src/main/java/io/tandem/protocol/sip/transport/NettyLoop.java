package io.tandem.protocol.sip.transport;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The {@link EdgeLoop} of a Netty event loop. */
record NettyLoop(EventLoop loop) implements EdgeLoop {
  @Override
  public boolean inLoop() {
    return loop.inEventLoop();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(long delayMillis, Runnable task) {
    ScheduledFuture<?> scheduled = loop.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }
}
