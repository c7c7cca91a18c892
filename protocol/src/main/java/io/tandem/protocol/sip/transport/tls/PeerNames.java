package io.tandem.protocol.sip.transport.tls;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who a certificate says its owner is (RFC 5922 section 7): the hosts of SIP URIs among its
 * alternative names; only where it has none, its DNS names. Addresses are kept beside both.
 *
 * @param hosts lower case, without wildcards: RFC 5922 section 7.2 lets none match
 * @param addresses textual, as {@link InetAddress#getHostAddress} writes them
 */
public record PeerNames(Set<String> hosts, Set<String> addresses) {
  /** Nobody proved anything. */
  public static final PeerNames NONE = new PeerNames(Set.of(), Set.of());

  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int ADDRESS = 7;

  public PeerNames {
    hosts = Set.copyOf(hosts);
    addresses = Set.copyOf(addresses);
  }

  /** What that certificate, already found trustworthy, says. */
  public static PeerNames of(X509Certificate certificate) {
    Set<String> domains = new HashSet<>();
    Set<String> dns = new HashSet<>();
    Set<String> addresses = new HashSet<>();
    for (List<?> name : alternatives(certificate)) {
      String value = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
      switch ((Integer) name.get(0)) {
        case URI -> {
          if (value.startsWith("sip:") && value.indexOf('@') < 0) {
            domains.add(value.substring(4));
          }
        }
        case DNS -> {
          if (value.indexOf('*') < 0) {
            dns.add(value);
          }
        }
        case ADDRESS -> addresses.add(value);
        default -> {
          // mail, directory and other names are nobody SIP speaks to
        }
      }
    }
    return new PeerNames(domains.isEmpty() ? dns : domains, addresses);
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException unreadable) {
      return List.of(); // proves nothing
    }
  }

  /** Whether this is who we meant to reach: by name, or by address where we had no name. */
  public boolean covers(@Nullable String host, InetAddress address) {
    return host == null
        ? addresses.contains(address.getHostAddress())
        : hosts.contains(host.toLowerCase(Locale.ROOT));
  }

  public boolean isNobody() {
    return hosts.isEmpty() && addresses.isEmpty();
  }
}
