package io.tandem.protocol.sip.sieve;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import io.tandem.protocol.sip.defence.Cidr;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The filter at one UDP socket of Linux, set and taken away by its options (socket(7):
 * SO_ATTACH_FILTER needs no privilege). On the channel's loop.
 */
final class Sieve {
  private static final Logger LOG = LoggerFactory.getLogger(Sieve.class);
  private static final int SOL_SOCKET = 1;
  private static final int PROGRAM_OCTETS = 16;
  private static final int FILTER_OFFSET = 8;
  private static final int MEMINFO_OCTETS = 36;
  private static final int DROPS_OFFSET = 32;

  private static final RawUnixChannelOption ATTACH =
      new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, 26, PROGRAM_OCTETS);
  private static final RawUnixChannelOption DETACH =
      new RawUnixChannelOption("SO_DETACH_FILTER", SOL_SOCKET, 27, Integer.BYTES);
  private static final RawUnixChannelOption MEMINFO =
      new RawUnixChannelOption("SO_MEMINFO", SOL_SOCKET, 55, MEMINFO_OCTETS);

  private final EpollDatagramChannel channel;
  private final List<Sifted> sifted;

  private Sieve(EpollDatagramChannel channel, List<Sifted> sifted) {
    this.channel = channel;
    this.sifted = sifted;
  }

  /** At a socket that can have one, on a machine whose system tells what it dropped. */
  static Optional<Sieve> at(Channel channel, List<Sifted> sifted) {
    if (!(channel instanceof EpollDatagramChannel epoll)) {
      return Optional.empty();
    }
    Sieve sieve = new Sieve(epoll, sifted);
    try {
      long unused = sieve.dropped();
      return Optional.of(sieve);
    } catch (ChannelException unknown) {
      LOG.info("this system does not count what it drops at a socket: nothing is sifted there");
      return Optional.empty();
    }
  }

  /**
   * From now on only these shares come in; the filter takes the place of the one before.
   *
   * @return whether the system took it
   */
  boolean set(Openness open, List<Cidr> trusted) {
    try {
      if (open.isAll()) {
        return channel
            .config()
            .setOption(DETACH, ByteBuffer.allocateDirect(Integer.BYTES).order(nativeOrder()));
      }
      ByteBuffer filter = SieveProgram.of(sifted, trusted, open).octets();
      ByteBuffer program = ByteBuffer.allocateDirect(PROGRAM_OCTETS).order(nativeOrder());
      program.putShort(0, (short) (filter.remaining() / Long.BYTES));
      program.putLong(FILTER_OFFSET, MemorySegment.ofBuffer(filter).address());
      boolean taken = channel.config().setOption(ATTACH, program);
      java.lang.ref.Reference.reachabilityFence(filter);
      return taken;
    } catch (ChannelException refused) {
      LOG.warn("the system takes no filter at a socket: {}", refused.getMessage());
      return false;
    }
  }

  /** Datagrams that the system threw away at this socket: sifted, or because it was full. */
  long dropped() {
    ByteBuffer memory = channel.config().getOption(MEMINFO);
    return memory.order(nativeOrder()).getInt(DROPS_OFFSET) & 0xffff_ffffL;
  }

  private static ByteOrder nativeOrder() {
    return ByteOrder.nativeOrder();
  }
}
