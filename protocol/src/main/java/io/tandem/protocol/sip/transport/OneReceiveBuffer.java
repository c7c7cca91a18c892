package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Receives into the same memory again and again: datagrams are copied out before the next are read,
 * and room for a batch of the longest there are is too much to be asked of a pool each time. Only
 * the pages that datagrams reach are ever touched. It goes with its channel, by the collector.
 *
 * <p>The first read of a turn has room for one datagram, for on a quiet day there is one, and each
 * further read for twice as many: a batch costs its preparation whether it is filled or not.
 */
final class OneReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
  private final int octets;
  private final int atOnce;

  /**
   * @param octets room for a datagram
   * @param atOnce at most so many in one read
   * @param messages read in turn before something else is done
   */
  OneReceiveBuffer(int octets, int atOnce, int messages) {
    super(messages);
    this.octets = octets;
    this.atOnce = atOnce;
  }

  @Override
  @SuppressWarnings("deprecation") // what the interface asks for
  public RecvByteBufAllocator.Handle newHandle() {
    return new MaxMessageHandle() {
      private @Nullable ByteBuf buffer;
      private int next = 1;

      @Override
      public void reset(ChannelConfig config) {
        super.reset(config);
        next = 1;
      }

      @Override
      public int guess() {
        return next * octets;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator unused) {
        ByteBuf own = buffer;
        if (own == null || own.refCnt() != 1) {
          own = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(atOnce * octets));
          buffer = own;
        }
        int room = next * octets;
        next = Math.min(atOnce, 2 * next);
        return own.slice(0, room).clear().retain();
      }
    };
  }
}
