package io.tandem.protocol.sip.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * Memory for datagrams that are about to leave, the same again and again: what a turn of the loop
 * sends lies one behind the other in it, and once all of it has left it begins anew. Asking a pool
 * for each cost more than copying. It goes with its channel, by the collector. On the loop only.
 */
final class OneSendBuffer {
  /** The answers of a turn; what is more comes from the pool. */
  private static final int ROOM_BYTES = 256 * 1_024;

  private final ByteBuf own = Unpooled.wrappedBuffer(ByteBuffer.allocateDirect(ROOM_BYTES)).clear();
  private final ByteBufAllocator pool;

  /**
   * @param pool asked where there is no room
   */
  OneSendBuffer(ByteBufAllocator pool) {
    this.pool = pool;
  }

  /** The octets in direct memory, to be released once they have left. */
  ByteBuf holding(byte[] octets) {
    if (own.refCnt() == 1) {
      own.clear();
    }
    if (own.writableBytes() < octets.length) {
      return pool.directBuffer(octets.length).writeBytes(octets);
    }
    int from = own.writerIndex();
    own.writeBytes(octets);
    return own.retainedSlice(from, octets.length);
  }
}
