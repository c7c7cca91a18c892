package io.tandem.protocol.media.socket;

/**
 * Options of a socket, the same on x86-64 and aarch64.
 *
 * @param level SOL_SOCKET or a protocol
 * @param number within the level
 */
public record SocketOption(int level, int number) {
  /** Another socket of the same user may bind the same port, while both have it. */
  public static final SocketOption REUSE_PORT = new SocketOption(1, 15);

  /** Octets that may wait to be read; as much as the system allows. */
  public static final SocketOption RECEIVE_BUFFER = new SocketOption(1, 8);

  /** The same beyond what the system allows; the privileged only. */
  public static final SocketOption RECEIVE_BUFFER_FORCED = new SocketOption(1, 33);

  /** Each datagram brings the wall clock of its arrival, as seconds and nanoseconds. */
  public static final SocketOption TIMESTAMPS = new SocketOption(1, 35);

  /** The TOS octet of IPv4. */
  public static final SocketOption TOS = new SocketOption(0, 1);

  /** The traffic class of IPv6. */
  public static final SocketOption TRAFFIC_CLASS = new SocketOption(41, 67);

  /** No IPv4 on this IPv6 socket. */
  public static final SocketOption ONLY_SIX = new SocketOption(41, 26);
}
