package io.tandem.protocol.sip.defence;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What is told apart by address: an IPv4 address, or the /64 of an IPv6 address, for whoever has
 * one address of it has them all.
 */
public record Network(boolean v6, long bits) {
  private static final int PREFIX_BYTES = 8;

  /** The network of an address. An IPv4 address in IPv6 dress is the IPv4 address. */
  public static Network of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4
        ? new Network(false, ByteBuffer.wrap(bytes).getInt() & 0xffffffffL)
        : new Network(true, ByteBuffer.wrap(bytes, 0, PREFIX_BYTES).getLong());
  }

  /** Whether both are of one network. */
  public static boolean same(InetAddress one, InetAddress other) {
    return one.equals(other)
        || (one instanceof Inet6Address
            && other instanceof Inet6Address
            && of(one).equals(of(other)));
  }

  /** As {@link #toString} writes it; empty when it is nothing of the kind. */
  public static Optional<Network> parse(String text) {
    String bare = text.endsWith("/64") ? text.substring(0, text.length() - 3) : text;
    InetAddress address = NetUtil.createInetAddressFromIpAddressString(bare);
    return address == null ? Optional.empty() : Optional.of(of(address));
  }

  /** {@code 192.0.2.7} or {@code 2001:db8:0:1::/64}. */
  @Override
  public String toString() {
    byte[] bytes =
        v6
            ? ByteBuffer.allocate(16).putLong(bits).array()
            : ByteBuffer.allocate(4).putInt((int) bits).array();
    try {
      String text = NetUtil.toAddressString(InetAddress.getByAddress(bytes));
      return v6 ? text + "/64" : text;
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException("4 and 16 octets are addresses", impossible);
    }
  }
}
