package io.tandem.protocol.sip.transport;

import java.time.Duration;

/**
 * What is allowed of stream connections, all transports together.
 *
 * @param max both directions
 * @param maxPerAddress accepted from one IPv4 address or IPv6 /64
 * @param connectTimeout for an outgoing connection, handshakes included
 * @param idleTimeout a connection without a byte for so long is closed
 * @param messageTimeout handshakes, and a message after its first byte, end in this time
 */
public record ConnectionLimits(
    int max,
    int maxPerAddress,
    Duration connectTimeout,
    Duration idleTimeout,
    Duration messageTimeout) {

  /** 20 000 connections, 2 000 from one address, idle 10 minutes, a message 10 s. */
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          20_000, 2_000, Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofSeconds(10));
}
