package io.tandem.node.edge.trunk;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.tandem.node.directory.Directory;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.trunk.TrunkCommand;
import io.tandem.node.trunk.TrunkReply;
import io.tandem.node.trunk.TrunkRules;
import io.tandem.persistence.trunk.TrunkState;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.defence.Cidr;
import io.tandem.protocol.sip.resolve.Dns;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import io.tandem.protocol.sip.trunk.OutboundPlan;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All trunks of this edge, as the directory has them. On the loop only. */
public final class Carriers {
  private static final Logger LOG = LoggerFactory.getLogger(Carriers.class);
  private static final long TICK_MILLIS = 1_000;

  private final String edgeName;
  private final SipTransport transport;
  private final TransactionLayer layer;
  private final Tokens tokens;
  private final Directory directory;
  private final EntityGateway gateway;
  private final MeterRegistry meters;
  private final Vouching vouching;
  private final Whereabouts whereabouts;
  private final RandomGenerator random = new SplittableRandom();
  private final Map<String, TrunkState> seen = new HashMap<>();
  private final Map<String, Carrier> carriers = new HashMap<>();
  private final Map<String, Map<String, CarrierLink>> links = new HashMap<>();
  private final Map<String, List<String>> admitted = new HashMap<>();

  /**
   * @param edgeName this node's
   * @param dns where carriers' names are looked up
   */
  public Carriers(
      String edgeName,
      SipTransport transport,
      TransactionLayer layer,
      Tokens tokens,
      Directory directory,
      EntityGateway gateway,
      MeterRegistry meters,
      Vouching vouching,
      Dns dns) {
    this.vouching = vouching;
    this.edgeName = edgeName;
    this.transport = transport;
    this.layer = layer;
    this.tokens = tokens;
    this.directory = directory;
    this.gateway = gateway;
    this.meters = meters;
    this.whereabouts = new Whereabouts(dns, transport, this::moved);
  }

  /** Begins to look after them, once a second. The sockets are open. */
  public void start() {
    transport.loop().execute(this::tick);
  }

  private void tick() {
    var timer = transport.loop().schedule(TICK_MILLIS, this::tick);
    LOG.trace("next look at the trunks: {}", timer);
    long now = transport.loop().nanoTime();
    boolean changed = false;
    for (TrunkState trunk : directory.trunks()) {
      TrunkState before = seen.put(trunk.id(), trunk);
      boolean same =
          before != null
              && before.on() == trunk.on()
              && java.util.Objects.equals(before.terms(), trunk.terms());
      if (!same) {
        changed = true;
        Carrier.of(trunk).ifPresent(carrier -> takeOver(carrier, now));
      }
    }
    if (changed) {
      trust();
    }
    for (Carrier carrier : List.copyOf(carriers.values())) {
      whereabouts.look(carrier, now);
      tick(carrier, now);
    }
  }

  /** The first of its servers that answers is the one that is registered with. */
  private void tick(Carrier carrier, long now) {
    TrunkTerms.Login login = carrier.terms().login();
    boolean ours = login != null && (login.edge().isEmpty() || login.edge().equals(edgeName));
    Map<String, CarrierLink> of = links.getOrDefault(carrier.id(), Map.of());
    CarrierLink registrar =
        of.values().stream()
            .filter(CarrierLink::isUsable)
            .findFirst()
            .or(() -> of.values().stream().findFirst())
            .orElse(null);
    of.values().forEach(link -> link.tick(ours && link == registrar, now));
  }

  private void takeOver(Carrier carrier, long now) {
    carriers.put(carrier.id(), carrier);
    links.put(carrier.id(), Map.of());
    whereabouts.forget(carrier);
    whereabouts.look(carrier, now);
    meters.gauge(
        "tandem.trunk.targets.usable", Tags.of("trunk", carrier.id()), carrier.id(), this::usable);
  }

  private void moved(String trunkId, Carrier.Place place) {
    Carrier carrier = carriers.get(trunkId);
    if (carrier != null) {
      Carrier now = carrier.with(place);
      carriers.put(trunkId, now);
      relink(now, transport.loop().nanoTime());
      trust();
    }
  }

  /** A link a server; those that stay keep what is known of them. */
  private void relink(Carrier carrier, long now) {
    Map<String, CarrierLink> before = links.getOrDefault(carrier.id(), Map.of());
    Map<String, CarrierLink> after = new LinkedHashMap<>();
    if (carrier.on()) {
      for (Map.Entry<String, Carrier.Line> each : carrier.targets().entrySet()) {
        CarrierLink known = before.get(each.getKey());
        if (known != null) {
          after.put(each.getKey(), known);
        } else if (transport.facing(each.getValue().destination()).isEmpty()) {
          LOG.warn("trunk {}: no socket of ours reaches a target", carrier.id());
        } else {
          after.put(
              each.getKey(),
              new CarrierLink(transport, layer, tokens, carrier, each.getValue(), now));
        }
      }
    }
    links.put(carrier.id(), after);
  }

  private double usable(String trunkId) {
    Map<String, CarrierLink> of = links.get(trunkId);
    return of == null ? 0 : of.values().stream().filter(CarrierLink::isUsable).count();
  }

  /** Carriers send many calls from few addresses: they are held to their trunk's limits instead. */
  private void trust() {
    List<Cidr> ranges = new ArrayList<>();
    for (Carrier carrier : carriers.values()) {
      ranges.addAll(carrier.ranges());
      for (Carrier.Line line : carrier.targets().values()) {
        InetAddress address = line.destination().address().getAddress();
        ranges.add(new Cidr(address, address.getAddress().length * 8));
      }
    }
    transport.defence().trustAlso(ranges);
  }

  /** The trunk that a request comes from, by the certificate it was sent under or its address. */
  public Optional<Carrier> knownBy(Flow flow) {
    if (carriers.isEmpty()) {
      return Optional.empty();
    }
    PeerNames peer =
        flow.protocol() == TransportProtocol.TLS ? transport.peer(flow) : PeerNames.NONE;
    for (Carrier carrier : carriers.values()) {
      if (carrier.covers(peer)) {
        return Optional.of(carrier);
      }
    }
    InetAddress address = flow.remote().getAddress();
    return carriers.values().stream().filter(carrier -> carrier.covers(address)).findFirst();
  }

  /** The trunks with credentials under that user name. */
  public Optional<Carrier> withLogin(String username) {
    return carriers.values().stream()
        .filter(
            carrier ->
                carrier.terms().login() instanceof TrunkTerms.Login login
                    && login.username().equals(username))
        .findFirst();
  }

  /** What vouches for the caller of a call out; empty where nothing is signed. */
  Optional<String> identity(CallerId from, String to) {
    return vouching.identity(from.number(), to, from.own());
  }

  long nowNanos() {
    return transport.loop().nanoTime();
  }

  @Nullable CarrierLink link(String trunkId, String target) {
    Map<String, CarrierLink> of = links.get(trunkId);
    return of == null ? null : of.get(target);
  }

  @Nullable Carrier carrier(String trunkId) {
    return carriers.get(trunkId);
  }

  /** Whether a trunk has registered where it should. */
  public boolean isRegistered(String trunkId) {
    Map<String, CarrierLink> of = links.get(trunkId);
    return of != null && of.values().stream().anyMatch(CarrierLink::isRegistered);
  }

  /** The tries of a call to a number, in order. */
  public CarrierCall call(String callId, String e164) {
    List<OutboundPlan.Attempt> attempts =
        OutboundPlan.of(
            e164,
            carriers.values().stream()
                .filter(Carrier::on)
                .map(carrier -> carrier.forRouting(random))
                .toList(),
            (trunk, target) -> {
              CarrierLink link = link(trunk, target);
              return link != null && link.isUsable();
            });
    return new CarrierCall(this, callId, e164, attempts);
  }

  /** What a trunk's limits say of a call: empty that it fits, else why not. */
  public void admit(Carrier carrier, String callId, Consumer<Optional<String>> then) {
    if (!carrier.on()) {
      then.accept(Optional.of("OFF"));
      return;
    }
    if (!carrier.terms().limited()
        || admitted.getOrDefault(callId, List.of()).contains(carrier.id())) {
      then.accept(Optional.empty());
      return;
    }
    admitted.computeIfAbsent(callId, id -> new ArrayList<>()).add(carrier.id());
    var unused =
        gateway
            .ask(key(carrier.id()), new TrunkCommand.Admit(callId), origin(callId, "admit"))
            .whenCompleteAsync(
                (reply, failure) ->
                    then.accept(
                        switch (reply) {
                          case TrunkReply.Admitted _ -> Optional.empty();
                          case TrunkReply.NotAdmitted no -> {
                            forget(carrier.id(), callId);
                            yield Optional.of(no.reason());
                          }
                          case null, default -> Optional.of("UNAVAILABLE");
                        }),
                transport.loop());
  }

  /** It was not counted: there is nothing to give back. */
  private void forget(String trunkId, String callId) {
    List<String> trunks = admitted.get(callId);
    if (trunks != null && trunks.remove(trunkId) && trunks.isEmpty()) {
      admitted.remove(callId);
    }
  }

  /** The call is over: what its trunks count of it comes back (MKT-10). */
  public void over(String callId) {
    List<String> trunks = admitted.remove(callId);
    if (trunks != null) {
      trunks.forEach(trunk -> release(trunk, callId));
    }
  }

  private void release(String trunkId, String callId) {
    var unused =
        gateway.attest(
            key(trunkId), new TrunkCommand.Release(callId), origin(callId, "release/" + trunkId));
  }

  private static EntityKey key(String trunkId) {
    return new EntityKey(TrunkRules.NAME, trunkId);
  }

  private Origin origin(String callId, String what) {
    return new Origin(callId + "/" + what, callId, "edge/" + edgeName);
  }
}
