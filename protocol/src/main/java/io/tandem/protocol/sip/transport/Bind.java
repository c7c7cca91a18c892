package io.tandem.protocol.sip.transport;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An address to listen on.
 *
 * @param address port 0 takes any free one
 * @param advertisedHost what Via and Contact show instead of the address (behind NAT, or where the
 *     address is the wildcard); null shows the address itself
 */
public record Bind(
    TransportProtocol protocol, InetSocketAddress address, @Nullable String advertisedHost) {

  public Bind(TransportProtocol protocol, InetSocketAddress address) {
    this(protocol, address, null);
  }

  public static Bind udp(String host, int port) {
    return new Bind(TransportProtocol.UDP, new InetSocketAddress(host, port));
  }

  public static Bind tcp(String host, int port) {
    return new Bind(TransportProtocol.TCP, new InetSocketAddress(host, port));
  }

  /** The host for Via and Contact, IPv6 in brackets. */
  public String sentByHost() {
    return advertisedHost != null ? advertisedHost : Destination.hostText(address.getAddress());
  }

  /** {@code udp 127.0.0.1:5060}. */
  @Override
  public String toString() {
    return protocol.uriName() + " " + NetUtil.toSocketAddressString(address);
  }
}
