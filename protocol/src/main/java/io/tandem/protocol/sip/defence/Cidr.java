package io.tandem.protocol.sip.defence;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses, {@code 192.0.2.0/24} or {@code 2001:db8::/32}; one address without a
 * length.
 */
public record Cidr(InetAddress first, int length) {

  /** Reads one; empty when the text is no range. */
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address =
        NetUtil.createInetAddressFromIpAddressString(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return Optional.empty();
    }
    int bits = address.getAddress().length * 8;
    String tail = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
    if (!tail.matches("\\d{1,3}") || Integer.parseInt(tail) > bits) {
      return Optional.empty();
    }
    return Optional.of(new Cidr(address, Integer.parseInt(tail)));
  }

  /** Whether an address is in it. */
  public boolean contains(InetAddress address) {
    byte[] own = first.getAddress();
    byte[] other = address.getAddress();
    if (own.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit += 8) {
      int mask = 0xff << Math.max(0, bit + 8 - length);
      if (((own[bit / 8] ^ other[bit / 8]) & mask & 0xff) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return NetUtil.toAddressString(first) + "/" + length;
  }
}
