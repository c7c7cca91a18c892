package io.tandem.node.boot;

import io.tandem.protocol.sip.defence.Cidr;
import io.tandem.protocol.sip.defence.DefenceSettings;
import io.tandem.protocol.sip.defence.Rate;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.ConnectionLimits;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link SipSettings} as the transport wants them. */
final class SipTransportOf {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  private SipTransportOf() {}

  static TransportSettings settings(SipSettings sip) {
    SipSettings.Limits limits = sip.limits();
    TransportSettings settings =
        TransportSettings.listeningOn(binds(sip).toArray(new Bind[0]))
            .withLimits(
                new SipLimits(limits.messageBytes(), limits.headers(), limits.headerBytes()))
            .withConnections(
                new ConnectionLimits(
                    limits.connections(),
                    limits.connectionsPerAddress(),
                    limits.connectTimeout(),
                    limits.idleTimeout(),
                    limits.messageTimeout()))
            .withWebSocket(sip.webSocket().path(), sip.webSocket().origins())
            .sparing(sip.emergency().numbers());
    TlsSettings tls = tls(sip.tls());
    return tls == null ? settings : settings.withTls(tls);
  }

  /** A burst is five seconds' worth; of attempts to register, twenty. */
  static DefenceSettings defence(SipSettings.Defence defence) {
    return new DefenceSettings(
        new Rate(defence.newPerSecond(), 5 * defence.newPerSecond()),
        new Rate(defence.messagesPerSecond(), 5 * defence.messagesPerSecond()),
        DefenceSettings.DEFAULT.refusals(),
        new Rate(defence.triesPerSecond(), 20),
        defence.trusted().stream().map(Cidr::parse).flatMap(Optional::stream).toList(),
        defence.tracked(),
        (int) defence.waitMax().toMillis());
  }

  private static List<Bind> binds(SipSettings sip) {
    InetAddress host = resolved("tandem.sip.host", sip.host());
    String advertised = sip.advertised().isEmpty() ? null : sip.advertised();
    boolean certified = !sip.tls().certificates().isEmpty();
    int wss = sip.webSocket().securePort();
    if (wss >= 0 && !certified) {
      String allowed = "-1 while tandem.sip.tls.certificates is empty";
      throw new CannotStart(
          "tandem.sip.websocket.secure-port: found " + wss + ", allowed: " + allowed,
          new IllegalArgumentException(allowed));
    }
    List<Bind> binds = new ArrayList<>();
    add(binds, TransportProtocol.UDP, host, sip.port(), advertised);
    add(binds, TransportProtocol.TCP, host, sip.port(), advertised);
    add(binds, TransportProtocol.TLS, host, certified ? sip.tls().port() : -1, advertised);
    add(binds, TransportProtocol.WS, host, sip.webSocket().port(), advertised);
    add(binds, TransportProtocol.WSS, host, wss, advertised);
    return binds;
  }

  private static void add(
      List<Bind> binds,
      TransportProtocol protocol,
      InetAddress host,
      int port,
      @Nullable String advertised) {
    if (port >= 0) {
      binds.add(new Bind(protocol, new InetSocketAddress(host, port), advertised));
    }
  }

  private static @Nullable TlsSettings tls(SipSettings.Tls tls) {
    if (tls.certificates().isEmpty()) {
      return null;
    }
    List<TlsSettings.Pair> pairs =
        tls.certificates().stream()
            .map(pair -> pair.strip().split("\\s+", 2))
            .map(files -> new TlsSettings.Pair(Path.of(files[0]), Path.of(files[1])))
            .toList();
    return new TlsSettings(
        pairs,
        TlsSettings.ClientCertificates.valueOf(tls.clientCertificates().name()),
        tls.trusted().isEmpty() ? null : Path.of(tls.trusted()),
        tls.lowest().equals("TLSv1.3") ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2"),
        LOOK_AGAIN);
  }

  static InetSocketAddress nameServer(String text) {
    int colon = text.lastIndexOf(':');
    return new InetSocketAddress(
        resolved("tandem.sip.name-servers", text.substring(0, colon)),
        Integer.parseInt(text.substring(colon + 1)));
  }

  static InetAddress resolved(String key, String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CannotStart(key + ": found '" + host + "', allowed: an address of this machine", e);
    }
  }
}
