package io.tandem.protocol.sip.transport;

import io.netty.util.NetUtil;
import io.tandem.protocol.sip.message.SipUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An address to send to; TCP connects there, or reuses the connection that it has.
 *
 * @param address resolved
 */
public record Destination(TransportProtocol protocol, InetSocketAddress address) implements Target {

  /**
   * Where a URI with a literal address says to send (RFC 3263 section 4 without its DNS steps);
   * empty when the host is a name or the transport is not spoken here.
   */
  public static Optional<Destination> of(SipUri uri) {
    if (!uri.scheme().equals("sip")) {
      return Optional.empty();
    }
    String maddr = uri.params().get("maddr");
    String host = maddr == null ? uri.host() : maddr;
    return TransportProtocol.named(uri.transport())
        .flatMap(
            protocol ->
                literal(host)
                    .map(
                        address ->
                            new Destination(
                                protocol, new InetSocketAddress(address, uri.portOrDefault()))));
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
