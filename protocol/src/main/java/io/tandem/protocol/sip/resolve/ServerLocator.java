package io.tandem.protocol.sip.resolve;

import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's way from a URI to servers (RFC 3263 section 4): the transport by NAPTR where the URI
 * leaves it open, the servers by SRV where it leaves the port open, else the addresses of the host.
 * Pure but for the questions that it asks.
 */
public final class ServerLocator {
  private static final int RECORDS_MAX = 16;
  private static final int SIP_PORT = 5060;
  private static final int SIPS_PORT = 5061;

  /** An address that was written out is good for as long as the URI is. */
  private static final long LITERAL_SECONDS = 86_400;

  private final Dns dns;
  private final List<TransportProtocol> spoken;
  private final boolean six;

  /**
   * @param spoken transports that we can reach others over, the one we like best first
   * @param six whether we reach IPv6 addresses
   */
  public ServerLocator(Dns dns, List<TransportProtocol> spoken, boolean six) {
    this.dns = dns;
    this.spoken = List.copyOf(spoken);
    this.six = six;
  }

  /** Where the URI leads; told once, at once where no question is needed. */
  public void locate(SipUri uri, Consumer<Located> then) {
    String maddr = uri.params().get("maddr");
    String host = maddr == null ? uri.host() : maddr;
    boolean literal = Destination.literal(host).isPresent();
    TransportProtocol named = named(uri);
    if (!uri.isSip() || (uri.transport() != null && named == null)) {
      then.accept(new Located.Nowhere(LITERAL_SECONDS));
      return;
    }
    Search search = new Search(uri, host, then);
    TransportProtocol usual = uri.isSecure() ? TransportProtocol.TLS : TransportProtocol.UDP;
    if (literal || uri.port() > 0) {
      search.addresses(named == null ? usual : named);
    } else if (named != null) {
      search.services(List.of(service(named, host)), named);
    } else {
      dns.ask(new Dns.Question(Dns.Kind.NAPTR, host), answer -> search.rules(answer, usual));
    }
  }

  /** The transport that the URI names; null where it leaves it open, or names none of ours. */
  private static @Nullable TransportProtocol named(SipUri uri) {
    if (uri.transport() == null) {
      return null;
    }
    TransportProtocol named = TransportProtocol.named(uri.transport()).orElse(null);
    if (named == null || named.isWebSocket()) {
      return null; // a web socket is opened by the other side alone
    }
    return uri.isSecure() ? TransportProtocol.TLS : named;
  }

  /** An SRV name, and what is spoken at the servers behind it. */
  private record Service(TransportProtocol protocol, String name) {}

  private static Service service(TransportProtocol protocol, String host) {
    return new Service(
        protocol,
        switch (protocol) {
              case UDP -> "_sip._udp.";
              case TCP -> "_sip._tcp.";
              default -> "_sips._tcp.";
            }
            + host);
  }

  private static int usualPort(TransportProtocol protocol) {
    return protocol.isSecure() ? SIPS_PORT : SIP_PORT;
  }

  /** One URI's way. */
  private final class Search {
    private final SipUri uri;
    private final String host;
    private final Consumer<Located> then;
    private long ttl = LITERAL_SECONDS;
    private @Nullable String failure;

    Search(SipUri uri, String host, Consumer<Located> then) {
      this.uri = uri;
      this.host = host;
      this.then = then;
    }

    /** Section 4.1: the services that we speak, the domain's favourite first. */
    void rules(Dns.Answer answer, TransportProtocol usual) {
      List<Service> services = new ArrayList<>();
      heard(answer).stream()
          .filter(Dns.Naptr.class::isInstance)
          .map(Dns.Naptr.class::cast)
          .filter(rule -> rule.flags().equalsIgnoreCase("s"))
          .sorted(Comparator.comparingInt(Dns.Naptr::order).thenComparingInt(Dns.Naptr::preference))
          .forEach(
              rule ->
                  protocol(rule.service())
                      .map(protocol -> new Service(protocol, rule.replacement()))
                      .ifPresent(services::add));
      if (services.isEmpty()) {
        for (TransportProtocol protocol : spoken) {
          if (protocol.isSecure() || !uri.isSecure()) {
            services.add(service(protocol, host));
          }
        }
      }
      services(services, usual);
    }

    private Optional<TransportProtocol> protocol(String service) {
      TransportProtocol protocol =
          switch (service.toUpperCase(Locale.ROOT)) {
            case "SIP+D2U" -> TransportProtocol.UDP;
            case "SIP+D2T" -> TransportProtocol.TCP;
            case "SIPS+D2T" -> TransportProtocol.TLS;
            default -> null;
          };
      return Optional.ofNullable(protocol)
          .filter(spoken::contains)
          .filter(each -> each.isSecure() || !uri.isSecure());
    }

    /**
     * Section 4.2: the first service that has servers; where there is none, the host itself.
     *
     * @param usual how the host itself is spoken to
     */
    void services(List<Service> services, TransportProtocol usual) {
      if (services.isEmpty()) {
        addresses(usual);
        return;
      }
      Service first = services.getFirst();
      List<Service> rest = services.subList(1, services.size());
      dns.ask(
          new Dns.Question(Dns.Kind.SRV, first.name()),
          answer -> {
            List<Dns.Srv> servers =
                heard(answer).stream()
                    .filter(Dns.Srv.class::isInstance)
                    .map(Dns.Srv.class::cast)
                    .sorted(Comparator.comparingInt(Dns.Srv::priority))
                    .limit(RECORDS_MAX)
                    .toList();
            boolean notHere = servers.size() == 1 && servers.getFirst().target().isEmpty();
            if (notHere) { // RFC 2782: a target of "." says that the service is not offered
              tell(List.of());
            } else if (servers.isEmpty()) {
              services(rest, usual);
            } else {
              servers(first.protocol(), servers, 0, new ArrayList<>());
            }
          });
    }

    private void servers(
        TransportProtocol protocol, List<Dns.Srv> of, int at, List<Located.Server> found) {
      if (at == of.size()) {
        tell(found);
        return;
      }
      Dns.Srv server = of.get(at);
      resolve(
          server.target(),
          addresses -> {
            // a host with several addresses has its weight once: the further ones come after it
            for (int i = 0; i < addresses.size(); i++) {
              found.add(
                  new Located.Server(
                      to(protocol, addresses.get(i), server.port()),
                      server.priority(),
                      i == 0 ? server.weight() : 0));
            }
            servers(protocol, of, at + 1, found);
          });
    }

    /** The host itself, at the port that the URI or custom says. */
    void addresses(TransportProtocol protocol) {
      if (!spoken.contains(protocol)) {
        tell(List.of());
        return;
      }
      int port = uri.port() > 0 ? uri.port() : usualPort(protocol);
      resolve(
          host,
          addresses -> {
            List<Located.Server> found = new ArrayList<>();
            for (InetAddress address : addresses) {
              found.add(new Located.Server(to(protocol, address, port), found.size(), 0));
            }
            tell(found);
          });
    }

    /**
     * RFC 5922: what a TLS server has to prove is the name of the URI, not that of an SRV target.
     */
    private Destination to(TransportProtocol protocol, InetAddress address, int port) {
      boolean literal = Destination.literal(uri.host()).isPresent();
      return new Destination(
          protocol, new InetSocketAddress(address, port), literal ? null : uri.host());
    }

    private void resolve(String name, Consumer<List<InetAddress>> found) {
      InetAddress literal = Destination.literal(name).orElse(null);
      if (literal != null) {
        found.accept(List.of(literal));
        return;
      }
      dns.ask(
          new Dns.Question(Dns.Kind.A, name),
          four -> {
            List<InetAddress> addresses = new ArrayList<>(addresses(four));
            if (!six) {
              found.accept(addresses);
              return;
            }
            dns.ask(
                new Dns.Question(Dns.Kind.AAAA, name),
                more -> {
                  addresses.addAll(addresses(more));
                  found.accept(addresses);
                });
          });
    }

    private List<InetAddress> addresses(Dns.Answer answer) {
      return heard(answer).stream()
          .filter(Dns.Address.class::isInstance)
          .map(entry -> ((Dns.Address) entry).address())
          .limit(RECORDS_MAX)
          .toList();
    }

    /** The records of an answer, and how long all of this is good. */
    private List<Dns.Entry> heard(Dns.Answer answer) {
      return switch (answer) {
        case Dns.Found found -> {
          ttl = Math.min(ttl, found.ttlSeconds());
          yield found.entries();
        }
        case Dns.Nothing nothing -> {
          ttl = Math.min(ttl, nothing.ttlSeconds());
          yield List.of();
        }
        case Dns.Failed failed -> {
          failure = failed.why();
          yield List.of();
        }
      };
    }

    private void tell(List<Located.Server> found) {
      String why = failure;
      if (found.isEmpty()) {
        then.accept(why == null ? new Located.Nowhere(ttl) : new Located.Unknown(why));
      } else {
        // something could not be asked: what is known is used, and asked again soon
        long seconds = why == null ? ttl : Math.min(ttl, DnsMemory.RETRY_SECONDS);
        then.accept(new Located.Servers(found, seconds));
      }
    }
  }
}
