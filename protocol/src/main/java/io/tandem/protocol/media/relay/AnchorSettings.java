package io.tandem.protocol.media.relay;

import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.socket.Precedence;
import java.net.InetAddress;
import java.time.Duration;

/**
 * How an anchor is set up.
 *
 * @param address to bind; also the one to put into SDP unless the edge has a public one
 * @param ports {@code tandem.rtp.ports}
 * @param eventLoops threads that carry media, 1 or more
 * @param warmPairs port pairs bound at once when the anchor opens; the rest when calls need them
 * @param quarantine how long a port rests between two calls
 * @param wire what carries the media
 */
public record AnchorSettings(
    InetAddress address,
    PortRange ports,
    int eventLoops,
    int warmPairs,
    Duration quarantine,
    Wire wire,
    Precedence precedence) {

  /**
   * @throws IllegalArgumentException on a loop count below one or a negative number
   */
  public AnchorSettings {
    if (eventLoops < 1 || warmPairs < 0 || quarantine.isNegative()) {
      throw new IllegalArgumentException(
          "an anchor needs at least one event loop, and no negative warmPairs or quarantine");
    }
  }

  /** One loop, 32 warm pairs, 10 s of quarantine, the best wire of this machine, favoured. */
  public static AnchorSettings of(InetAddress address, PortRange ports) {
    return new AnchorSettings(
        address, ports, 1, 32, Duration.ofSeconds(10), Wire.best(), Precedence.FAVOURED);
  }

  /** The same with another number of event loops. */
  public AnchorSettings withEventLoops(int loops) {
    return new AnchorSettings(address, ports, loops, warmPairs, quarantine, wire, precedence);
  }

  /** The same with another number of pairs bound at the start. */
  public AnchorSettings withWarmPairs(int pairs) {
    return new AnchorSettings(address, ports, eventLoops, pairs, quarantine, wire, precedence);
  }

  /** The same with another rest between two calls. */
  public AnchorSettings withQuarantine(Duration rest) {
    return new AnchorSettings(address, ports, eventLoops, warmPairs, rest, wire, precedence);
  }

  /** The same on another kind of socket. */
  public AnchorSettings withWire(Wire other) {
    return new AnchorSettings(address, ports, eventLoops, warmPairs, quarantine, other, precedence);
  }

  /** The same with threads that ask for another turn. */
  public AnchorSettings withPrecedence(Precedence other) {
    return new AnchorSettings(address, ports, eventLoops, warmPairs, quarantine, wire, other);
  }
}
