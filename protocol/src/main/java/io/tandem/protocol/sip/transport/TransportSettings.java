package io.tandem.protocol.sip.transport;

import io.tandem.protocol.sip.message.SipLimits;
import java.time.Duration;
import java.util.List;

/**
 * How the transport listens and what it allows.
 *
 * @param binds at least one
 * @param limits of a message, checked before it is parsed
 * @param socketBufferBytes asked of the operating system for UDP, which may give less
 * @param maxConnections TCP, both directions together
 * @param maxConnectionsPerAddress TCP, accepted from one IP address
 * @param connectTimeout for an outgoing connection
 * @param idleTimeout a connection without a byte for so long is closed
 * @param frameTimeout a message must arrive whole in this time after its first byte
 * @param preferNative epoll where it is available, else NIO
 */
public record TransportSettings(
    List<Bind> binds,
    SipLimits limits,
    int socketBufferBytes,
    int maxConnections,
    int maxConnectionsPerAddress,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration frameTimeout,
    boolean preferNative) {

  /** The defaults: 4 MB buffers, 20 000 connections, 2 000 from one address, idle 10 minutes. */
  public static TransportSettings listeningOn(Bind... binds) {
    return new TransportSettings(
        List.of(binds),
        SipLimits.DEFAULT,
        4 << 20,
        20_000,
        2_000,
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        Duration.ofSeconds(10),
        true);
  }

  public TransportSettings withLimits(SipLimits newLimits) {
    return new TransportSettings(
        binds,
        newLimits,
        socketBufferBytes,
        maxConnections,
        maxConnectionsPerAddress,
        connectTimeout,
        idleTimeout,
        frameTimeout,
        preferNative);
  }

  public TransportSettings withConnections(int max, int maxPerAddress) {
    return new TransportSettings(
        binds,
        limits,
        socketBufferBytes,
        max,
        maxPerAddress,
        connectTimeout,
        idleTimeout,
        frameTimeout,
        preferNative);
  }

  public TransportSettings withTimeouts(Duration connect, Duration idle, Duration frame) {
    return new TransportSettings(
        binds,
        limits,
        socketBufferBytes,
        maxConnections,
        maxConnectionsPerAddress,
        connect,
        idle,
        frame,
        preferNative);
  }

  public TransportSettings withNative(boolean preferred) {
    return new TransportSettings(
        binds,
        limits,
        socketBufferBytes,
        maxConnections,
        maxConnectionsPerAddress,
        connectTimeout,
        idleTimeout,
        frameTimeout,
        preferred);
  }
}
