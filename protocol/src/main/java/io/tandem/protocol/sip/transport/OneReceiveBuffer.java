package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Receives into the same memory again and again: datagrams are copied out before the next are read,
 * and room for a batch of the longest there are is too much to be asked of a pool each time. Only
 * the pages that datagrams reach are ever touched. It goes with its channel, by the collector.
 *
 * <p>The first read of a turn has room for a few more datagrams than the turn before found, and
 * each further read for twice as many: room costs its preparation whether it is filled or not. A
 * read that was not filled has emptied the socket, and nothing is asked to hear that there is
 * nothing: epoll tells what comes after it (Netty's is level-triggered since 4.2).
 */
final class OneReceiveBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int SPARE = 2;

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
      private int room = SPARE; // of the first read of a turn
      private int asked;
      private int taken;

      @Override
      public void reset(ChannelConfig config) {
        super.reset(config);
        asked = 0;
        taken = 0;
      }

      @Override
      public int guess() {
        return Math.max(room, asked) * octets;
      }

      @Override
      public ByteBuf allocate(ByteBufAllocator unused) {
        ByteBuf own = buffer;
        if (own == null || own.refCnt() != 1) {
          own = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(atOnce * octets));
          buffer = own;
        }
        asked = asked == 0 ? room : Math.min(atOnce, 2 * asked);
        return own.slice(0, asked * octets).clear().retain();
      }

      @Override
      public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
        int got = lastBytesRead() / octets; // of a batch each counts in full
        taken += got;
        return got == asked && super.continueReading(maybeMore);
      }

      @Override
      public void readComplete() {
        room = Math.min(atOnce, taken + SPARE);
        super.readComplete();
      }
    };
  }
}
