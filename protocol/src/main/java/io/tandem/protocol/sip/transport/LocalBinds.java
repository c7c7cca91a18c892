package io.tandem.protocol.sip.transport;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Which of our sockets faces a peer, and what address of ours the peer knows it by. Where several
 * could, the kernel's route decides; where the socket is bound to the wildcard and nothing is
 * advertised, the address that the route leaves from is shown.
 */
final class LocalBinds {
  /** Routes remembered; a scan of ours by strangers costs a look-up each, no memory. */
  private static final int MAX_ROUTES = 4_096;

  private final List<Bind> binds;
  private final UnaryOperator<InetAddress> route;
  private final Map<InetAddress, InetAddress> routes = new ConcurrentHashMap<>();

  LocalBinds(List<Bind> binds) {
    this(binds, LocalBinds::askKernel);
  }

  /** For tests: the route from peer to the address of ours that packets to it leave from. */
  LocalBinds(List<Bind> binds, UnaryOperator<InetAddress> route) {
    this.binds = List.copyOf(binds);
    this.route = route;
  }

  List<Bind> all() {
    return binds;
  }

  /** The socket that faces the peer, as bound; empty when none has its protocol and family. */
  Optional<Bind> facing(TransportProtocol protocol, InetAddress peer) {
    List<Bind> able = new ArrayList<>(2);
    for (Bind bind : binds) {
      if (bind.protocol() == protocol && reaches(bind.address().getAddress(), peer)) {
        able.add(bind);
      }
    }
    if (able.size() <= 1) {
      return able.stream().findFirst();
    }
    InetAddress leaving = leavingFor(peer);
    return able.stream()
        .filter(bind -> bind.address().getAddress().equals(leaving))
        .findFirst()
        .or(() -> able.stream().filter(LocalBinds::isWildcard).findFirst())
        .or(() -> able.stream().findFirst());
  }

  /** The bind with an address that means something to the peer. */
  Bind shownTo(InetAddress peer, Bind bind) {
    if (!isWildcard(bind) || bind.advertisedHost() != null) {
      return bind;
    }
    return new Bind(
        bind.protocol(), new InetSocketAddress(leavingFor(peer), bind.address().getPort()));
  }

  private static boolean isWildcard(Bind bind) {
    return bind.address().getAddress().isAnyLocalAddress();
  }

  private static boolean reaches(InetAddress local, InetAddress peer) {
    if (local instanceof Inet6Address && local.isAnyLocalAddress()) {
      return true;
    }
    return local instanceof Inet6Address == peer instanceof Inet6Address;
  }

  private InetAddress leavingFor(InetAddress peer) {
    if (routes.size() >= MAX_ROUTES) {
      routes.clear();
    }
    return routes.computeIfAbsent(peer, route);
  }

  /** Connecting a datagram socket sends nothing: it asks the routing table. */
  private static InetAddress askKernel(InetAddress peer) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(peer, 9));
      return socket.getLocalAddress();
    } catch (IOException | RuntimeException noRoute) {
      // the message cannot leave either: what it shows does not matter
      return InetAddress.getLoopbackAddress();
    }
  }
}
