package io.tandem.node.edge;

import java.net.Inet4Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Which addresses of a description can be meant for us. Pure. */
final class Reach {
  private static final int CARRIER_NAT = 100;
  private static final int UNIQUE_LOCAL = 0xfc;

  private Reach() {}

  /**
   * Whether a described address can be reached from where its owner's signalling is: a private one
   * of somebody who signals from a public one belongs to a network behind NAT.
   *
   * @param signalling null where it is not known
   */
  static boolean isWithin(InetAddress described, @Nullable InetAddress signalling) {
    return !isPrivate(described) || (signalling != null && isPrivate(signalling));
  }

  /** RFC 1918, RFC 6598 and RFC 4193, and what is of one link or machine. */
  private static boolean isPrivate(InetAddress address) {
    byte[] octets = address.getAddress();
    boolean shared =
        address instanceof Inet4Address
            ? octets[0] == CARRIER_NAT && (octets[1] & 0xc0) == 0x40
            : (octets[0] & 0xfe) == UNIQUE_LOCAL;
    return shared
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || address.isLoopbackAddress();
  }
}
