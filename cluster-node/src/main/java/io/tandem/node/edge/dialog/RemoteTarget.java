package io.tandem.node.edge.dialog;

import io.tandem.protocol.sip.defence.Network;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where the other side of a dialog is reached: where it spoke last from, and once that connection
 * is closed, where it says that it listens. A peer is followed to another port, connection or, when
 * it has proved the same name by certificate or is one we trust, address; what knows the dialog's
 * tags but speaks from somewhere else is served, and does not draw our requests away.
 *
 * <p>On the loop only.
 */
public final class RemoteTarget {

  /** What is known of connections and addresses. */
  public interface Connections {

    /** Whether something sent there finds a connection. */
    boolean isOpen(Target target);

    /** Whether the connection there is one that we made: to where the peer listens. */
    boolean isMadeByUs(Destination to);

    /** Trunks and proxies of ours. */
    boolean trusts(InetAddress address);

    /** Who the peer of an open connection proved to be. */
    PeerNames peer(Flow flow);

    /** Those of a transport. */
    static Connections of(SipTransport transport) {
      return new Connections() {
        @Override
        public boolean isOpen(Target target) {
          return switch (target) {
            case Flow flow -> transport.isOpen(flow);
            case Destination to -> transport.isConnected(to);
          };
        }

        @Override
        public boolean isMadeByUs(Destination to) {
          return transport.isMadeByUs(to);
        }

        @Override
        public boolean trusts(InetAddress address) {
          return transport.defence().trusts(address);
        }

        @Override
        public PeerNames peer(Flow flow) {
          return transport.peer(flow);
        }
      };
    }
  }

  private final Connections connections;
  private final Target first;
  private final PeerNames proven;
  private Target last;

  /**
   * @param first where the dialog began
   */
  public RemoteTarget(Connections connections, Target first) {
    this.connections = connections;
    this.first = first;
    this.last = first;
    this.proven =
        first instanceof Flow flow && flow.protocol().isSecure()
            ? connections.peer(flow)
            : PeerNames.NONE;
  }

  /** Where it spoke last from, or where it was found: open or not. */
  public Target last() {
    return last;
  }

  /** Where the dialog began. */
  public Target first() {
    return first;
  }

  /** Where a request in the dialog goes now. */
  public Target now(Dialog dialog) {
    TransportProtocol protocol = last.protocol();
    if (!protocol.isReliable() || protocol.isWebSocket() || connections.isOpen(last)) {
      return last;
    }
    Destination named = Destination.of(dialog.nextHop()).orElse(null);
    if (named != null) {
      InetAddress host = named.address().getAddress();
      if (host.equals(address(last)) || connections.trusts(host)) {
        return new Destination(protocol, named.address());
      }
    }
    return first instanceof Destination ? first : last;
  }

  /** A request of it, in order, came in there. */
  public void heard(Flow from, Dialog dialog) {
    if (from.equals(last) || !follows(from)) {
      return;
    }
    if (last instanceof Destination && !from.protocol().isReliable()) {
      Destination named = Destination.of(dialog.nextHop()).orElse(null);
      boolean listensThere =
          named != null && named.address().getAddress().equals(from.remote().getAddress());
      if (listensThere) {
        // it may listen on another port than it sends from
        last = named.protocol() == from.protocol() ? named : last;
        return;
      }
    }
    last = from;
  }

  private boolean follows(Flow from) {
    if (last instanceof Destination to) {
      boolean same = to.protocol() == from.protocol() && to.address().equals(from.remote());
      if (same || (connections.isOpen(to) && connections.isMadeByUs(to))) {
        return false;
      }
    }
    // RFC 3261 18.1.1: what is too long for UDP comes over TCP, once
    boolean mayChange = last.protocol().isReliable() && !connections.isOpen(last);
    return (from.protocol() == last.protocol() || mayChange) && isSamePeer(from);
  }

  private boolean isSamePeer(Flow from) {
    InetAddress there = from.remote().getAddress();
    return Network.of(there).equals(Network.of(address(last)))
        || (connections.trusts(there) && connections.trusts(address(last)))
        || (!proven.isNobody() && proven.equals(connections.peer(from)));
  }

  private static InetAddress address(Target target) {
    InetSocketAddress remote =
        switch (target) {
          case Flow flow -> flow.remote();
          case Destination to -> to.address();
        };
    return remote.getAddress();
  }
}
