package io.tandem.protocol.media.loop;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tandem.protocol.media.socket.SocketAddresses;
import io.tandem.protocol.media.socket.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What one thread carries datagrams with: its calls, and memory that is allocated once. Belongs to
 * that thread.
 */
final class Hand {
  private static final int BUFFER_OCTETS =
      PacketInlet.MAX_DATAGRAM_OCTETS + PacketInlet.ROOM_OCTETS;

  private final SystemCalls calls = new SystemCalls();
  private final MemorySegment packetMemory = memory(BUFFER_OCTETS);
  private final MemorySegment copyMemory = memory(BUFFER_OCTETS);
  private final ByteBuf packet = Unpooled.wrappedBuffer(packetMemory.asByteBuffer());
  private final ByteBuf copy = Unpooled.wrappedBuffer(copyMemory.asByteBuffer());
  private final MemorySegment sender = memory(SocketAddresses.MAX_OCTETS);
  private final MemorySegment senderOctets = memory(4);
  private ByteBuf handled = packet;
  private long handledAddress = packetMemory.address();

  private static MemorySegment memory(int octets) {
    return Arena.ofAuto().allocate(octets, 8);
  }

  SystemCalls calls() {
    return calls;
  }

  /** Reads one datagram into the hand's own buffer, where there is one, and passes it on. */
  boolean read(NativeSocket from) {
    long whose = 0;
    long whoseOctets = 0;
    if (!from.isSureOfSender()) {
      senderOctets.set(JAVA_INT_UNALIGNED, 0, SocketAddresses.MAX_OCTETS);
      whose = sender.address();
      whoseOctets = senderOctets.address();
    }
    int octets =
        (int)
            calls.receive(
                from.descriptor(),
                packetMemory.address(),
                PacketInlet.MAX_DATAGRAM_OCTETS,
                whose,
                whoseOctets);
    if (octets >= 0) {
      packet.setIndex(0, octets);
    }
    holds(packet, packetMemory.address());
    return from.arrived(packet, sender, octets);
  }

  /**
   * A datagram is about to be passed on.
   *
   * @param address of the buffer's first octet
   */
  void holds(ByteBuf datagram, long address) {
    handled = datagram;
    handledAddress = address;
  }

  /** Where the octets of a datagram lie that is to be sent now. */
  @SuppressWarnings("ReferenceEquality") // this very buffer, not one with the same content
  long addressOf(ByteBuf datagram) {
    if (datagram == handled) {
      return handledAddress + datagram.readerIndex();
    }
    copy.clear().writeBytes(datagram, datagram.readerIndex(), datagram.readableBytes());
    return copyMemory.address();
  }
}
