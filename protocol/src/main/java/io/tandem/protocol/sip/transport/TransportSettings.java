package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.sieve.Sifted;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the transport listens and what it allows.
 *
 * @param binds at least one
 * @param limits of a message, checked before it is parsed
 * @param connections limits of stream connections
 * @param socketBufferBytes asked of the operating system for UDP, which may give less
 * @param preferNative epoll where it is available, else NIO
 * @param tls needed where a bind is TLS or WSS, and for connections out over TLS
 * @param webSocketPath where WS and WSS are opened
 * @param webSocketOrigins pages that may open them; empty for any
 * @param sifted which requests may be dropped before they are read (ADR 13)
 */
public record TransportSettings(
    List<Bind> binds,
    SipLimits limits,
    ConnectionLimits connections,
    int socketBufferBytes,
    boolean preferNative,
    @Nullable TlsSettings tls,
    String webSocketPath,
    List<String> webSocketOrigins,
    List<Sifted> sifted) {

  public TransportSettings {
    binds = List.copyOf(binds);
    webSocketOrigins = List.copyOf(webSocketOrigins);
    sifted = List.copyOf(sifted);
  }

  /** The defaults: 4 MB buffers, {@link ConnectionLimits#DEFAULT}, no certificates. */
  public static TransportSettings listeningOn(Bind... binds) {
    return new TransportSettings(
        List.of(binds),
        SipLimits.DEFAULT,
        ConnectionLimits.DEFAULT,
        4 << 20,
        true,
        null,
        "/",
        List.of(),
        Sifted.opening(List.of()));
  }

  /** With one more address to listen on. */
  public TransportSettings alsoOn(Bind bind) {
    List<Bind> all = new java.util.ArrayList<>(binds);
    all.add(bind);
    return new TransportSettings(
        all,
        limits,
        connections,
        socketBufferBytes,
        preferNative,
        tls,
        webSocketPath,
        webSocketOrigins,
        sifted);
  }

  public TransportSettings withLimits(SipLimits newLimits) {
    return new TransportSettings(
        binds,
        newLimits,
        connections,
        socketBufferBytes,
        preferNative,
        tls,
        webSocketPath,
        webSocketOrigins,
        sifted);
  }

  public TransportSettings withConnections(ConnectionLimits newLimits) {
    return new TransportSettings(
        binds,
        limits,
        newLimits,
        socketBufferBytes,
        preferNative,
        tls,
        webSocketPath,
        webSocketOrigins,
        sifted);
  }

  public TransportSettings withConnections(int max, int maxPerAddress) {
    return withConnections(
        new ConnectionLimits(
            max,
            maxPerAddress,
            connections.connectTimeout(),
            connections.idleTimeout(),
            connections.messageTimeout()));
  }

  public TransportSettings withTimeouts(Duration connect, Duration idle, Duration message) {
    return withConnections(
        new ConnectionLimits(
            connections.max(), connections.maxPerAddress(), connect, idle, message));
  }

  public TransportSettings withNative(boolean preferred) {
    return new TransportSettings(
        binds,
        limits,
        connections,
        socketBufferBytes,
        preferred,
        tls,
        webSocketPath,
        webSocketOrigins,
        sifted);
  }

  public TransportSettings withTls(TlsSettings certificates) {
    return new TransportSettings(
        binds,
        limits,
        connections,
        socketBufferBytes,
        preferNative,
        certificates,
        webSocketPath,
        webSocketOrigins,
        sifted);
  }

  public TransportSettings withWebSocket(String path, List<String> origins) {
    return new TransportSettings(
        binds, limits, connections, socketBufferBytes, preferNative, tls, path, origins, sifted);
  }

  /** With calls to these numbers never dropped before they are read (TEL-12). */
  public TransportSettings sparing(List<String> emergencyNumbers) {
    return new TransportSettings(
        binds,
        limits,
        connections,
        socketBufferBytes,
        preferNative,
        tls,
        webSocketPath,
        webSocketOrigins,
        Sifted.opening(emergencyNumbers));
  }
}
