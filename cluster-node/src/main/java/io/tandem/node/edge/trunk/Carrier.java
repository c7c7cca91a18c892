package io.tandem.node.edge.trunk;

import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.defence.Cidr;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import io.tandem.protocol.sip.trunk.NumberPlan;
import io.tandem.protocol.sip.trunk.OutboundPlan;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A trunk as this edge uses it.
 *
 * @param on whether it is used for new calls
 * @param targets that can be reached from here, by their text, in the order of the terms
 */
public record Carrier(
    String id,
    boolean on,
    TrunkTerms terms,
    NumberPlan numbers,
    List<Cidr> ranges,
    Map<String, Line> targets) {
  private static final Logger LOG = LoggerFactory.getLogger(Carrier.class);

  /** An address of a carrier. */
  public record Line(SipUri uri, Destination destination) {}

  /** The view of a trunk; empty before it is defined. */
  static Optional<Carrier> of(TrunkState trunk) {
    TrunkTerms terms = trunk.terms();
    if (terms == null) {
      return Optional.empty();
    }
    TrunkTerms.Numbers numbers = terms.numbers();
    Map<String, Line> targets = new java.util.LinkedHashMap<>();
    for (String text : terms.targets()) {
      line(text)
          .ifPresentOrElse(
              line -> targets.put(text, line),
              () -> LOG.warn("trunk {}: a target has no address that is a literal", trunk.id()));
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
            targets));
  }

  /** A name goes with the address in {@code maddr}: it is what a TLS server has to prove. */
  private static Optional<Line> line(String text) {
    return SipUri.parse(text)
        .flatMap(
            uri ->
                Destination.of(uri)
                    .map(
                        to ->
                            Destination.literal(uri.host()).isPresent()
                                ? new Line(uri, to)
                                : new Line(
                                    uri,
                                    new Destination(to.protocol(), to.address(), uri.host()))));
  }

  /** Whether a call from that address is its. */
  boolean covers(InetAddress address) {
    return ranges.stream().anyMatch(range -> range.contains(address))
        || targets.values().stream()
            .anyMatch(line -> line.destination().address().getAddress().equals(address));
  }

  /** Whether a certificate that was shown is its. */
  boolean covers(PeerNames peer) {
    return terms.certificates().stream()
        .map(name -> name.toLowerCase(Locale.ROOT))
        .anyMatch(peer.hosts()::contains);
  }

  /** As far as routing goes. */
  OutboundPlan.Trunk forRouting() {
    return new OutboundPlan.Trunk(
        id,
        terms.routes().stream()
            .map(route -> new OutboundPlan.Route(route.prefix(), route.rank()))
            .toList(),
        List.copyOf(targets.keySet()));
  }
}
