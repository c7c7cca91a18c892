package io.tandem.node.webhook;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * Which addresses the platform calls on behalf of a tenant: those of the public Internet, and no
 * address of this machine, its network or its cloud's metadata (ACC-7), by the registries of RFC
 * 6890. To be asked after a name is resolved, of the very address that is connected to.
 */
public final class PublicAddresses {

  /** A range of IPv4 addresses. */
  private record Range(int network, int bits) {
    boolean has(int address) {
      return bits == 0 || (address ^ network) >>> (32 - bits) == 0;
    }
  }

  private static final List<Range> CLOSED =
      List.of(
          range(0, 0, 8),
          range(10, 0, 8),
          range(100, 64, 10),
          range(127, 0, 8),
          range(169, 254, 16),
          range(172, 16, 12),
          new Range(192 << 24, 24), // 192.0.0.0/24
          new Range(192 << 24 | 2 << 8, 24), // 192.0.2.0/24
          new Range(192 << 24 | 88 << 16 | 99 << 8, 24), // 192.88.99.0/24
          range(192, 168, 16),
          range(198, 18, 15),
          new Range(198 << 24 | 51 << 16 | 100 << 8, 24), // 198.51.100.0/24
          new Range(203 << 24 | 113 << 8, 24), // 203.0.113.0/24
          range(224, 0, 4),
          range(240, 0, 4));

  private static final int IPV4_BYTES = 4;

  private final Set<String> allowed;

  /**
   * @param allowed addresses that may be called all the same, as the operator says
   */
  public PublicAddresses(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /** Whether an address may be called. */
  public boolean may(InetAddress address) {
    return allowed.contains(address.getHostAddress()) || isPublic(address.getAddress());
  }

  private static boolean isPublic(byte[] address) {
    if (address.length == IPV4_BYTES) {
      return isPublic4(address, 0);
    }
    int first = word(address, 0);
    if (first == 0x2002) { // 6to4 carries an IPv4 address
      return isPublic4(address, 2);
    }
    if (first == 0x64 && word(address, 2) == 0xFF9B) { // so does NAT64
      return isPublic4(address, 12);
    }
    boolean documentation =
        first == 0x2001 && (word(address, 2) == 0xDB8 || word(address, 2) < 0x200);
    return (first & 0xE000) == 0x2000 && !documentation; // global unicast is 2000::/3
  }

  private static boolean isPublic4(byte[] bytes, int at) {
    int address = (word(bytes, at) << 16) | word(bytes, at + 2);
    return CLOSED.stream().noneMatch(range -> range.has(address));
  }

  private static int word(byte[] bytes, int at) {
    return ((bytes[at] & 0xFF) << 8) | (bytes[at + 1] & 0xFF);
  }

  private static Range range(int first, int second, int bits) {
    return new Range(first << 24 | second << 16, bits);
  }
}
