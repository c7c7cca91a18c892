package io.tandem.protocol.media.socket;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6} of Linux, the same on every 64-bit machine:
 *
 * <pre>
 *      0        2        4                8                                  24       28
 * in   | family | port   | address        |
 * in6  | family | port   | flow           | address                          | scope  |
 * </pre>
 *
 * <p>The family is in the machine's order, port and address in the network's.
 */
public final class SocketAddresses {
  /** Room for either. */
  public static final int MAX_OCTETS = 28;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;
  private static final int OCTETS_4 = 16;
  private static final int OCTETS_6 = 28;
  private static final ValueLayout.OfShort PORT =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private SocketAddresses() {}

  /** Octets that the address takes. */
  public static int octets(InetAddress address) {
    return address instanceof Inet6Address ? OCTETS_6 : OCTETS_4;
  }

  /**
   * Writes an address at an offset.
   *
   * @return octets written
   */
  public static int write(MemorySegment to, long at, InetSocketAddress address) {
    byte[] octets = address.getAddress().getAddress();
    to.set(PORT, at + 2, (short) address.getPort());
    if (octets.length == 4) {
      to.set(JAVA_SHORT_UNALIGNED, at, (short) AF_INET);
      MemorySegment.copy(octets, 0, to, JAVA_BYTE, at + 4, 4);
      to.set(JAVA_LONG_UNALIGNED, at + 8, 0L);
      return OCTETS_4;
    }
    to.set(JAVA_SHORT_UNALIGNED, at, (short) AF_INET6);
    to.set(JAVA_INT_UNALIGNED, at + 4, 0);
    MemorySegment.copy(octets, 0, to, JAVA_BYTE, at + 8, 16);
    int scope = address.getAddress() instanceof Inet6Address six ? six.getScopeId() : 0;
    to.set(JAVA_INT_UNALIGNED, at + 24, scope);
    return OCTETS_6;
  }

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException for a family that is neither
   */
  public static InetSocketAddress read(MemorySegment from, long at) {
    short family = from.get(JAVA_SHORT_UNALIGNED, at);
    int port = Short.toUnsignedInt(from.get(PORT, at + 2));
    boolean six = family == AF_INET6;
    if (!six && family != AF_INET) {
      throw new IllegalArgumentException("an address of family " + family);
    }
    byte[] octets = new byte[six ? 16 : 4];
    MemorySegment.copy(from, JAVA_BYTE, at + (six ? 8 : 4), octets, 0, octets.length);
    int scope = six ? from.get(JAVA_INT_UNALIGNED, at + 24) : 0;
    try {
      InetAddress host =
          scope == 0
              ? InetAddress.getByAddress(octets)
              : Inet6Address.getByAddress(null, octets, scope);
      return new InetSocketAddress(host, port);
    } catch (UnknownHostException neverWithFourOrSixteenOctets) {
      throw new IllegalArgumentException(neverWithFourOrSixteenOctets);
    }
  }

  /** Whether two addresses of one family are the same; an IPv6 flow label is no part of it. */
  public static boolean same(
      MemorySegment one, long oneAt, MemorySegment other, long otherAt, boolean six) {
    if (!six) {
      return one.get(JAVA_LONG_UNALIGNED, oneAt) == other.get(JAVA_LONG_UNALIGNED, otherAt);
    }
    return one.get(JAVA_INT_UNALIGNED, oneAt) == other.get(JAVA_INT_UNALIGNED, otherAt)
        && one.get(JAVA_LONG_UNALIGNED, oneAt + 8) == other.get(JAVA_LONG_UNALIGNED, otherAt + 8)
        && one.get(JAVA_LONG_UNALIGNED, oneAt + 16) == other.get(JAVA_LONG_UNALIGNED, otherAt + 16)
        && one.get(JAVA_INT_UNALIGNED, oneAt + 24) == other.get(JAVA_INT_UNALIGNED, otherAt + 24);
  }
}
