package io.tandem.protocol.sip.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sockets that are not looked at again a moment after the last look: what arrives meanwhile is read
 * together. A thread that is woken for each datagram of a hundred calls a second spends more on
 * waking, and on code and data that others have pushed out of the caches since, than on the
 * datagram.
 *
 * <p>What comes after a pause is read at once; what comes right after something else waits for up
 * to {@link #BEAT_NANOS}. A loop that has work never rests.
 */
final class CalmSockets implements IoHandler {

  /** Of the half second of timer T1 (RFC 3261 17.1.1.1) nobody misses it. */
  static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

  private final IoHandler sockets;
  private final LongSupplier nanos;
  private final LongConsumer rest;
  private long lookedNanos;

  /**
   * @param nanos a clock that only goes on, {@code System::nanoTime}
   * @param rest lets so many nanoseconds pass, {@code LockSupport::parkNanos}
   */
  CalmSockets(IoHandler sockets, LongSupplier nanos, LongConsumer rest) {
    this.sockets = sockets;
    this.nanos = nanos;
    this.rest = rest;
    this.lookedNanos = nanos.getAsLong() - BEAT_NANOS;
  }

  static IoHandlerFactory over(IoHandlerFactory sockets) {
    return loop ->
        new CalmSockets(sockets.newHandler(loop), System::nanoTime, LockSupport::parkNanos);
  }

  @Override
  public int run(IoHandlerContext loop) {
    long left = BEAT_NANOS - (nanos.getAsLong() - lookedNanos);
    if (left > BEAT_NANOS / 2 && loop.canBlock()) {
      rest.accept(left);
    }
    int handled = sockets.run(loop);
    lookedNanos = nanos.getAsLong();
    return handled;
  }

  @Override
  public void initialize() {
    sockets.initialize();
  }

  @Override
  public void prepareToDestroy() {
    sockets.prepareToDestroy();
  }

  @Override
  public void destroy() {
    sockets.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return sockets.register(handle);
  }

  @Override
  public void wakeup() {
    sockets.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> type) {
    return sockets.isCompatible(type);
  }
}
