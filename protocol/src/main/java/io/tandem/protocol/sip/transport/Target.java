package io.tandem.protocol.sip.transport;

import java.net.InetSocketAddress;

/** Where a message goes: to an address, or back on the flow that another came from. */
public sealed interface Target permits Flow, Destination {
  TransportProtocol protocol();

  /** The peer's address. */
  InetSocketAddress remote();
}
