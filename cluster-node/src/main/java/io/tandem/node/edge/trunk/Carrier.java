package io.tandem.node.edge.trunk;

import io.netty.util.NetUtil;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.defence.Cidr;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.resolve.Located;
import io.tandem.protocol.sip.resolve.ServerOrder;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import io.tandem.protocol.sip.trunk.NumberPlan;
import io.tandem.protocol.sip.trunk.OutboundPlan;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trunk as this edge uses it.
 *
 * @param on whether it is used for new calls
 * @param places its targets in the order of the terms, with the servers they lead to just now
 */
public record Carrier(
    String id,
    boolean on,
    TrunkTerms terms,
    NumberPlan numbers,
    List<Cidr> ranges,
    List<Place> places) {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

  /** An address of a carrier. */
  public record Line(SipUri uri, Destination destination) {}

  /**
   * A target of the terms.
   *
   * @param text as it stands there
   * @param servers none before its name was looked up
   */
  record Place(String text, SipUri uri, List<Located.Server> servers) {
    Place {
      servers = List.copyOf(servers);
    }

    Place at(List<Located.Server> found) {
      return new Place(text, uri, found);
    }

    /** What one of its servers is called among all of the trunk. */
    String key(Located.Server server) {
      Destination to = server.destination();
      return text + " " + to.protocol() + " " + NetUtil.toSocketAddressString(to.address());
    }
  }

  /** The view of a trunk; empty before it is defined. */
  static Optional<Carrier> of(TrunkState trunk) {
    TrunkTerms terms = trunk.terms();
    if (terms == null) {
      return Optional.empty();
    }
    TrunkTerms.Numbers numbers = terms.numbers();
    List<Place> places = new ArrayList<>();
    for (String text : terms.targets()) {
      SipUri.parse(text)
          .ifPresentOrElse(
              uri -> places.add(new Place(text, uri, List.of())),
              () -> LOG.warn("trunk {}: a target is no SIP URI", trunk.id()));
    }
    List<Cidr> ranges = new ArrayList<>();
    terms.addresses().forEach(range -> Cidr.parse(range).ifPresent(ranges::add));
    return Optional.of(
        new Carrier(
            trunk.id(),
            trunk.on(),
            terms,
            new NumberPlan(
                NumberPlan.Style.named(numbers.style()),
                numbers.country(),
                numbers.trunkPrefix(),
                numbers.internationalPrefix(),
                numbers.technicalPrefix()),
            List.copyOf(ranges),
            List.copyOf(places)));
  }

  /** With another view of one target. */
  Carrier with(Place place) {
    return new Carrier(
        id,
        on,
        terms,
        numbers,
        ranges,
        places.stream().map(each -> each.text().equals(place.text()) ? place : each).toList());
  }

  /** Every server, the targets in their order and the servers of each by priority. */
  public Map<String, Line> targets() {
    Map<String, Line> targets = new LinkedHashMap<>();
    for (Place place : places) {
      place.servers().stream()
          .sorted(Comparator.comparingInt(Located.Server::priority))
          .forEach(
              server ->
                  targets.putIfAbsent(
                      place.key(server), new Line(place.uri(), server.destination())));
    }
    return targets;
  }

  /** Whether a call from that address is its. */
  boolean covers(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address))
        || places.stream()
            .flatMap(place -> place.servers().stream())
            .anyMatch(server -> server.destination().address().getAddress().equals(address));
  }

  /** Whether a certificate that was shown is its. */
  boolean covers(PeerNames peer) {
    return terms.certificates().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(peer.hosts()::contains);
  }

  /** As far as routing goes: a target's servers as the lot falls (RFC 2782). */
  OutboundPlan.Trunk forRouting(RandomGenerator random) {
    return new OutboundPlan.Trunk(
        id,
        terms.routes().stream()
            .map(route -> new OutboundPlan.Route(route.prefix(), route.rank()))
            .toList(),
        places.stream()
            .flatMap(place -> ServerOrder.drawn(place.servers(), random).stream().map(place::key))
            .distinct()
            .toList());
  }
}
