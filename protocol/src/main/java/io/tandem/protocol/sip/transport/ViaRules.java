package io.tandem.protocol.sip.transport;

import io.netty.util.NetUtil;
import io.tandem.protocol.sip.message.Via;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What a server does with the topmost Via (RFC 3261 section 18.2, RFC 3581 section 4); pure. */
public final class ViaRules {
  private ViaRules() {}

  /**
   * The top Via of a request as seen by us: {@code received} where the sent-by is not the source
   * address or the sender asks for rport, and the source port as rport. What a sender claims to
   * have been received from is overwritten.
   */
  public static Via seen(Via via, InetSocketAddress source) {
    String address = NetUtil.toAddressString(source.getAddress());
    if (via.wantsRport()) {
      return via.seenFrom(address, source.getPort());
    }
    if (via.received() != null || !isHost(via.host(), address)) {
      return via.seenFrom(address, 0);
    }
    return via;
  }

  private static boolean isHost(String host, String address) {
    if (host.equals(address)) {
      return true;
    }
    return host.startsWith("[")
        && Destination.literal(host)
            .map(literal -> NetUtil.toAddressString(literal).equals(address))
            .orElse(false);
  }

  /**
   * Where the response to a request goes when it cannot go back on its connection (section 18.2.2):
   * the received address, else sent-by; port from rport, else sent-by, else the default. A maddr is
   * followed only to a multicast address: to any other it would make us shoot at third parties.
   *
   * @param via the top Via after {@link #seen}
   * @param source where the request came from, for a sent-by that is a name
   */
  public static Destination responseTo(
      Via via, TransportProtocol protocol, InetSocketAddress source) {
    InetAddress multicast =
        Destination.literal(via.maddr()).filter(InetAddress::isMulticastAddress).orElse(null);
    if (multicast != null) {
      return new Destination(protocol, new InetSocketAddress(multicast, via.portOrDefault()));
    }
    int port = via.rport() > 0 && !protocol.isReliable() ? via.rport() : via.portOrDefault();
    InetAddress host = host(via, source.getAddress());
    return new Destination(
        protocol,
        host.equals(source.getAddress()) && port == source.getPort()
            ? source
            : new InetSocketAddress(host, port));
  }

  private static InetAddress host(Via via, InetAddress source) {
    String named = via.received() == null ? via.host() : via.received();
    return NetUtil.toAddressString(source).equals(named)
        ? source // nearly always, and then nothing is read
        : Destination.literal(via.received())
            .or(() -> Destination.literal(via.host()))
            .orElse(source);
  }
}
