package io.tandem.node.boot;

import io.tandem.node.edge.BanKeeper;
import io.tandem.node.edge.DoorWatch;
import io.tandem.node.edge.Edge;
import io.tandem.node.edge.EdgeLines;
import io.tandem.node.edge.EdgeSettings;
import io.tandem.node.edge.EdgeWorld;
import io.tandem.node.edge.Heartbeat;
import io.tandem.node.edge.HepExport;
import io.tandem.node.edge.Observation;
import io.tandem.node.edge.TapWatch;
import io.tandem.node.edge.voice.VoiceDesk;
import io.tandem.node.intercept.CaseStore;
import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.privacy.DisclosureLog;
import io.tandem.persistence.readmodel.CallIndex;
import io.tandem.persistence.readmodel.EdgeHeartbeats;
import io.tandem.persistence.readmodel.SipBans;
import io.tandem.persistence.readmodel.SipBindings;
import io.tandem.persistence.readmodel.SipTraces;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.socket.OpenFiles;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.observe.Hep3;
import io.tandem.protocol.sip.resolve.DnsMemory;
import io.tandem.protocol.sip.resolve.NettyDns;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.CannotListen;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SIP and media front end of a node, listening. */
public final class EdgeFront implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeFront.class);
  private static final int DNS_ANSWERS_MAX = 10_000;
  private static final Duration STORE_WITHIN = Duration.ofSeconds(5);

  private final SipTransport transport;
  private final MediaAnchor anchor;
  private final VoiceDesk voice;
  private final Edge edge;
  private final Heartbeat heartbeat;
  private final BanKeeper bans;
  private final TapWatch taps;
  private final InterceptDesk intercepts;
  private final HepExport hep;
  private final NettyDns dns;

  private EdgeFront(
      SipTransport transport,
      MediaAnchor anchor,
      VoiceDesk voice,
      Edge edge,
      Heartbeat heartbeat,
      BanKeeper bans,
      TapWatch taps,
      InterceptDesk intercepts,
      HepExport hep,
      NettyDns dns) {
    this.dns = dns;
    this.bans = bans;
    this.taps = taps;
    this.intercepts = intercepts;
    this.hep = hep;
    this.transport = transport;
    this.anchor = anchor;
    this.voice = voice;
    this.edge = edge;
    this.heartbeat = heartbeat;
  }

  static EdgeFront start(Node node, EdgeLines lines) {
    Settings settings = node.settings();
    MediaAnchor anchor = anchor(settings.rtp());
    VoiceDesk voice = VoiceParts.desk(node, anchor);
    SipTransport transport =
        new SipTransport(
            SipTransportOf.settings(settings.sip()),
            new Defence(SipTransportOf.defence(settings.sip().defence()), new SecureRandom()));
    EdgeRef ref = new EdgeRef(settings.name(), node.startedAt().toEpochMilli());
    HepExport hep = hep(settings.sip().hep());
    Observation observation = observation(node, ref, transport, hep);
    NettyDns dns = dns(settings.sip(), transport);
    EdgeWorld world =
        new EdgeWorld(
            ref,
            edgeSettings(settings),
            transport,
            anchor,
            voice,
            node.gateway(),
            node.directory(),
            new SipBindings(node.stores().journal()),
            new CallIndex(node.stores().journal()),
            node.secrets().blinder(),
            new AesGcmSealer(node.stores().keys(), node.parts().wall()),
            node.parts().edgeClock().apply(transport.loop(), node.parts().wall()),
            node.blocking(),
            node.meters(),
            observation,
            StirParts.vouching(node),
            new DoorWatch(node.security(), node.secrets().blinder(), node.directory()),
            intercepts(node),
            lines::tell,
            new DnsMemory(dns, System::nanoTime, DNS_ANSWERS_MAX));
    Edge edge = new Edge(world);
    Heartbeat heartbeat =
        new Heartbeat(edge, world, new EdgeHeartbeats(node.stores().journal()), System::nanoTime);
    BanKeeper bans = new BanKeeper(world, new SipBans(node.stores().journal()));
    TapWatch taps = new TapWatch(edge, world);
    EdgeFront front =
        new EdgeFront(
            transport, anchor, voice, edge, heartbeat, bans, taps, world.intercepts(), hep, dns);
    DefenceMeters.register(node.meters(), transport);
    AnchorMeters.register(node.meters(), anchor);
    try {
      heartbeat.start();
      lines.serve(edge);
      edge.start();
      bans.start();
      taps.start();
      observation.start();
      return front;
    } catch (CannotListen e) {
      front.close();
      throw new CannotStart("tandem.sip: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      front.close();
      throw e;
    }
  }

  private static Observation observation(
      Node node, EdgeRef ref, SipTransport transport, HepExport hep) {
    return new Observation(
        ref.name(),
        transport.loop(),
        node.parts().wall(),
        node.blocking(),
        new SipTraces(node.stores().journal()),
        node.meters(),
        hep);
  }

  private static InterceptDesk intercepts(Node node) {
    return new InterceptDesk(
        new DisclosureLog(
            node.stores().journal(),
            node.secrets().signing().verifying(),
            node.settings().privacy().officers()),
        node.secrets().signing(),
        new CaseStore(node.settings().directory(), node.stores().keys(), node.parts().wall()),
        node.secrets().blinder(),
        node.parts().wall());
  }

  private static NettyDns dns(SipSettings sip, SipTransport transport) {
    return new NettyDns(
        sip.nameServers().stream().map(SipTransportOf::nameServer).toList(), transport.loop());
  }

  private static HepExport hep(SipSettings.Hep hep) {
    if (hep.collector().isEmpty()) {
      return HepExport.NONE;
    }
    int colon = hep.collector().lastIndexOf(':');
    InetSocketAddress collector =
        new InetSocketAddress(
            SipTransportOf.resolved(
                "tandem.sip.hep.collector", hep.collector().substring(0, colon)),
            Integer.parseInt(hep.collector().substring(colon + 1)));
    try {
      return HepExport.to(collector, new Hep3(hep.id(), hep.key()), !hep.whole());
    } catch (IOException e) {
      throw new CannotStart("tandem.sip.hep.collector: " + e.getMessage(), e);
    }
  }

  private static EdgeSettings edgeSettings(Settings settings) {
    SipSettings sip = settings.sip();
    Settings.Rtp rtp = settings.rtp();
    return new EdgeSettings(
        sip.realm(),
        rtp.advertised().isEmpty()
            ? SipTransportOf.resolved("tandem.rtp.host", rtp.host()).getHostAddress()
            : rtp.advertised(),
        timers(sip.t1().toMillis()),
        sip.minExpires(),
        sip.maxExpires(),
        sip.session(),
        sip.earlyMedia(),
        sip.samePairMax(),
        rtp.security(),
        STORE_WITHIN,
        sip.knownCallersOnly(),
        new EdgeSettings.Emergency(
            Set.copyOf(sip.emergency().numbers()), sip.emergency().announcement()));
  }

  /** RFC 3261 17.1.1.1: T1 is the network's round trip; T2 and T4 stay in proportion. */
  private static SipTimers timers(long t1Millis) {
    SipTimers standard = SipTimers.RFC_3261;
    return new SipTimers(
        t1Millis,
        Math.max(standard.t2Ms(), 8 * t1Millis),
        Math.max(standard.t4Ms(), 10 * t1Millis),
        standard.tryingAfterMs());
  }

  private static MediaAnchor anchor(Settings.Rtp rtp) {
    PortRange ports = new PortRange(rtp.firstPort(), rtp.lastPort());
    if (MediaAnchor.pairsMax(ports) < ports.pairs()) {
      LOG.warn(
          "tandem.rtp.ports: {} holds {} pairs, but of the {} files this process may open it takes"
              + " at most {} pairs: {} calls at a time, a third fewer while all of them talk;"
              + " raise ulimit -n for more",
          ports,
          ports.pairs(),
          OpenFiles.limit(),
          MediaAnchor.pairsMax(ports),
          MediaAnchor.pairsMax(ports) / 2);
    }
    AnchorSettings anchor =
        AnchorSettings.of(SipTransportOf.resolved("tandem.rtp.host", rtp.host()), ports)
            .withWire(rtp.loop().wire())
            .withPrecedence(rtp.precedence());
    return switch (MediaAnchor.open(anchor, System::nanoTime)) {
      case MediaAnchor.Opening.Opened(MediaAnchor opened) -> opened;
      case MediaAnchor.Opening.Refused(String reason) ->
          throw new CannotStart("tandem.rtp: " + reason, new IllegalStateException(reason));
    };
  }

  /** Where SIP over UDP is listened for; over TCP it is the same. */
  public InetSocketAddress sipAddress() {
    return sipAddress(TransportProtocol.UDP);
  }

  /** Where a transport that is configured is listened for. */
  public InetSocketAddress sipAddress(TransportProtocol protocol) {
    return transport.listening().stream()
        .filter(bind -> bind.protocol() == protocol)
        .findFirst()
        .orElseThrow()
        .address();
  }

  /** The edge itself. */
  public Edge edge() {
    return edge;
  }

  /** The media anchor. */
  public MediaAnchor anchor() {
    return anchor;
  }

  @Override
  public void close() {
    heartbeat.close();
    bans.close();
    taps.close();
    dns.close();
    edge.close();
    voice.close();
    anchor.close();
    intercepts.close();
    try {
      hep.close();
    } catch (IOException e) {
      LOG.warn("the socket to the collector did not close: {}", e.toString());
    }
  }
}
