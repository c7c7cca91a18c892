package io.tandem.protocol.sip.transport;

import io.netty.util.NetUtil;
import io.tandem.protocol.sip.message.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address to send to; stream transports connect there, or reuse the connection that they have.
 *
 * @param address resolved
 * @param serverName the name that the address was looked up for: what a TLS server's certificate
 *     has to show (RFC 5922); null where there was none
 */
public record Destination(
    TransportProtocol protocol, InetSocketAddress address, @Nullable String serverName)
    implements Target {

  /** An address that no name stands behind. */
  public Destination(TransportProtocol protocol, InetSocketAddress address) {
    this(protocol, address, null);
  }

  @Override
  public InetSocketAddress remote() {
    return address;
  }

  /**
   * Where a URI with a literal address says to send (RFC 3263 section 4 without its DNS steps);
   * empty when the host is a name or the transport is not spoken here.
   */
  public static Optional<Destination> of(SipUri uri) {
    if (!uri.isSip()) {
      return Optional.empty();
    }
    String maddr = uri.params().get("maddr");
    String host = maddr == null ? uri.host() : maddr;
    return transport(uri)
        .flatMap(
            protocol ->
                literal(host)
                    .map(
                        address ->
                            new Destination(
                                protocol, new InetSocketAddress(address, port(protocol, uri)))));
  }

  private static int port(TransportProtocol protocol, SipUri uri) {
    return uri.port() < 0 && protocol.isSecure() ? 5061 : uri.portOrDefault();
  }

  /** A sips URI is reached over TLS, whichever stream it names (RFC 3261 section 26.2.2). */
  private static Optional<TransportProtocol> transport(SipUri uri) {
    Optional<TransportProtocol> named = TransportProtocol.named(uri.transport());
    return uri.isSecure()
        ? named.map(n -> n.isWebSocket() ? TransportProtocol.WSS : TransportProtocol.TLS)
        : named;
  }

  /** The address that a literal (IPv6 with or without brackets) stands for; no DNS is asked. */
  public static Optional<InetAddress> literal(@Nullable String host) {
    if (host == null) {
      return Optional.empty();
    }
    String bare =
        host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    return Optional.ofNullable(NetUtil.createInetAddressFromIpAddressString(bare));
  }

  /** The address as URIs and Vias write it: IPv6 in brackets. */
  public static String hostText(InetAddress address) {
    String text = NetUtil.toAddressString(address);
    return text.indexOf(':') >= 0 ? '[' + text + ']' : text;
  }
}
