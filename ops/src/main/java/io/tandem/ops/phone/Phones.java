package io.tandem.ops.phone;

import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.CannotListen;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UaLine;
import io.tandem.protocol.sip.ua.UserAgent;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Some telephones on one socket and one loop, that know one node. */
public final class Phones implements AutoCloseable {
  /** Where the phones are. */
  public static final String HOST = "127.0.0.1";

  private final SipTransport transport;
  private final UserAgent agent;
  private final Destination node;

  private Phones(SipTransport transport, UserAgent agent, Destination node) {
    this.transport = transport;
    this.agent = agent;
    this.node = node;
  }

  /**
   * Phones on a free port.
   *
   * @throws IllegalStateException when there is no socket for them
   */
  public static Phones open(InetSocketAddress node, Tap.Ear ear) {
    SipTransport transport = new SipTransport(TransportSettings.listeningOn(Bind.udp(HOST, 0)));
    UserAgent agent =
        new UserAgent(
            transport.loop(),
            Tap.on(new TransportWire(transport), ear),
            SipTimers.RFC_3261,
            new Tokens());
    try {
      transport.start(Tap.before(agent.listener(), ear));
    } catch (CannotListen e) {
      transport.close();
      throw new IllegalStateException("no socket for the phones: " + e.getMessage(), e);
    }
    return new Phones(transport, agent, new Destination(TransportProtocol.UDP, node));
  }

  /**
   * A line that registers or calls.
   *
   * @param password null for a line that is never challenged
   */
  public UaLine line(String user, @Nullable String password, CallHandler handler) {
    return agent.line(new UaIdentity(user, HOST, null, password, node), handler);
  }

  /** The user agent they share. */
  public UserAgent agent() {
    return agent;
  }

  @Override
  public void close() {
    transport.close();
  }
}
