package io.tandem.node.edge.trunk;

import io.tandem.protocol.sip.resolve.Dns;
import io.tandem.protocol.sip.resolve.Located;
import io.tandem.protocol.sip.resolve.ServerLocator;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where carriers' targets lead (RFC 3263), looked up again when what was said is no longer good.
 * When nobody can say, what was known stays. On the loop.
 */
final class Whereabouts {
  private static final Logger LOG = LoggerFactory.getLogger(Whereabouts.class);
  private static final long SECOND_NANOS = 1_000_000_000L;

  /** A target whose servers are good until then; asked for again only once the answer is here. */
  private record Due(boolean asking, long atNanos) {}

  /** Hears that a target leads elsewhere. */
  @FunctionalInterface
  interface Moved {
    void to(String trunkId, Carrier.Place place);
  }

  private final Dns dns;
  private final SipTransport transport;
  private final Moved moved;
  private final Map<String, Map<String, Due>> lookUps = new HashMap<>();
  private final Map<String, Carrier.Place> known = new HashMap<>();
  private @Nullable ServerLocator locator;

  Whereabouts(Dns dns, SipTransport transport, Moved moved) {
    this.dns = dns;
    this.transport = transport;
    this.moved = moved;
  }

  /** Its terms have changed: nothing is known of its targets. */
  void forget(Carrier carrier) {
    lookUps.put(carrier.id(), new HashMap<>());
    carrier.places().forEach(place -> known.remove(key(carrier.id(), place.text())));
  }

  /**
   * Asks for those of its targets that are due; an address that is written out is there at once.
   */
  void look(Carrier carrier, long nowNanos) {
    Map<String, Due> due = lookUps.computeIfAbsent(carrier.id(), id -> new HashMap<>());
    for (Carrier.Place place : carrier.places()) {
      Due last = due.get(place.text());
      if (last == null || (!last.asking() && last.atNanos() - nowNanos <= 0)) {
        due.put(place.text(), new Due(true, nowNanos));
        locator().locate(place.uri(), found -> located(carrier.id(), place, found, due));
      }
    }
  }

  @SuppressWarnings("ReferenceEquality") // this very map: another one is of other terms
  private void located(String trunkId, Carrier.Place asked, Located found, Map<String, Due> due) {
    if (lookUps.get(trunkId) != due) {
      return; // the terms have changed since
    }
    long now = transport.loop().nanoTime();
    due.put(asked.text(), new Due(false, now + found.ttlSeconds() * SECOND_NANOS));
    Carrier.Place before = known.getOrDefault(key(trunkId, asked.text()), asked);
    List<Located.Server> servers =
        switch (found) {
          case Located.Servers some -> some.servers();
          case Located.Nowhere _ -> List.of();
          case Located.Unknown unknown -> {
            LOG.warn("trunk {}: a target was not found: {}", trunkId, unknown.why());
            yield before.servers();
          }
        };
    if (servers.isEmpty()) {
      LOG.warn("trunk {}: a target leads nowhere", trunkId);
    }
    if (!servers.equals(before.servers())) {
      Carrier.Place after = before.at(servers);
      known.put(key(trunkId, asked.text()), after);
      moved.to(trunkId, after);
    }
  }

  private static String key(String trunkId, String target) {
    return trunkId + " " + target;
  }

  /** What is spoken is known once the sockets are open. */
  private ServerLocator locator() {
    ServerLocator made = locator;
    if (made == null) {
      List<Bind> binds = transport.listening();
      made =
          new ServerLocator(
              dns,
              Stream.of(TransportProtocol.UDP, TransportProtocol.TCP, TransportProtocol.TLS)
                  .filter(each -> binds.stream().anyMatch(bind -> bind.protocol() == each))
                  .toList(),
              binds.stream().anyMatch(Whereabouts::reachesSix));
      locator = made;
    }
    return made;
  }

  private static boolean reachesSix(Bind bind) {
    InetAddress address = bind.address().getAddress();
    return address instanceof Inet6Address || address.isAnyLocalAddress();
  }
}
