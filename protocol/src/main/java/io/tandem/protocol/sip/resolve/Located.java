package io.tandem.protocol.sip.resolve;

import io.tandem.protocol.sip.transport.Destination;
import java.util.List;

/** Where a URI leads. */
public sealed interface Located {

  /** How long it is good. */
  long ttlSeconds();

  /**
   * A server.
   *
   * @param priority the lower is tried first (RFC 2782)
   * @param weight of those with one priority, how often it is tried first
   */
  record Server(Destination destination, int priority, int weight) {}

  /** There are servers, at least one. */
  record Servers(List<Server> servers, long ttlSeconds) implements Located {
    public Servers {
      servers = List.copyOf(servers);
    }
  }

  /** The name leads nowhere. */
  record Nowhere(long ttlSeconds) implements Located {}

  /** Nobody could say just now. */
  record Unknown(String why) implements Located {
    @Override
    public long ttlSeconds() {
      return DnsMemory.RETRY_SECONDS;
    }
  }
}
