package io.tandem.protocol.sip.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.tandem.protocol.sip.defence.Network;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.transport.stream.Framing;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The stream connections of this edge: accepted under limits, made on demand, found again by flow
 * or by the peer's address. Everything on the loop.
 */
final class SipConnections {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  /** Where a peer is reached; the port that it listens on, or the one that it came from. */
  private record Peer(TransportProtocol protocol, InetSocketAddress address) {}

  private final NettySockets sockets;
  private final EventLoop loop;
  private final ConnectionLimits limits;
  private final SipReceiver receiver;
  private final TransportCounters counters;
  private final Pipelines pipelines;
  private final Map<Long, SipConnection> byId = new HashMap<>();
  private final Map<Peer, SipConnection> byRemote = new HashMap<>();
  private final Map<Network, Integer> acceptedFrom = new HashMap<>();
  private final Supplier<Set<InetSocketAddress>> needed;
  private long lastId;

  SipConnections(
      NettySockets sockets,
      EventLoop loop,
      ConnectionLimits limits,
      Pipelines pipelines,
      SipReceiver receiver,
      TransportCounters counters,
      Supplier<Set<InetSocketAddress>> needed) {
    this.sockets = sockets;
    this.loop = loop;
    this.limits = limits;
    this.pipelines = pipelines;
    this.receiver = receiver;
    this.counters = counters;
    this.needed = needed;
    long period = Math.max(10, Math.min(5_000, limits.messageTimeout().toMillis() / 2));
    loop.scheduleWithFixedDelay(this::sweep, period, period, TimeUnit.MILLISECONDS)
        .addListener(
            done -> {
              // ends with the loop
            });
  }

  SipReceiver receiver() {
    return receiver;
  }

  TransportCounters counters() {
    return counters;
  }

  int open() {
    return byId.size();
  }

  ServerBootstrap listener(TransportProtocol protocol) {
    return sockets
        .listener()
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel, protocol);
              }
            });
  }

  private void accept(Channel channel, TransportProtocol protocol) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    if (remote == null || local == null) {
      var _ = channel.close(); // gone before it was looked at
      return;
    }
    Network network = Network.of(remote.getAddress());
    int fromThere = acceptedFrom.getOrDefault(network, 0);
    if (byId.size() >= limits.max()
        || fromThere >= limits.maxPerAddress()
        || !receiver.admitsConnection(remote.getAddress(), System.nanoTime())) {
      counters.countConnectionRefused();
      var _ = channel.close();
      return;
    }
    acceptedFrom.put(network, fromThere + 1);
    channel
        .closeFuture()
        .addListener(
            closed ->
                acceptedFrom.computeIfPresent(
                    network, (there, count) -> count == 1 ? null : count - 1));
    Framing framing = pipelines.framing(protocol);
    SipConnection connection =
        new SipConnection(
            new Flow(protocol, local, remote, ++lastId), framing, null, this, System.nanoTime());
    byId.put(connection.flow().connectionId(), connection);
    byRemote.putIfAbsent(new Peer(protocol, remote), connection);
    pipelines.accepted(channel, protocol, framing, connection);
  }

  /** From now on the peer is also reached over this connection where it says that it listens. */
  void alias(SipConnection connection, int port) {
    byRemote.putIfAbsent(peerAt(connection.flow(), port), connection);
  }

  private static Peer peerAt(Flow flow, int port) {
    return new Peer(flow.protocol(), new InetSocketAddress(flow.remote().getAddress(), port));
  }

  /** Who the peer of an open connection proved to be; nobody for a flow that is gone. */
  PeerNames peer(Flow flow) {
    SipConnection connection = byId.get(flow.connectionId());
    return connection == null ? PeerNames.NONE : connection.peer();
  }

  boolean isOpen(Destination to) {
    return byRemote.containsKey(new Peer(to.protocol(), to.address()));
  }

  boolean isMadeByUs(Destination to) {
    SipConnection connection = byRemote.get(new Peer(to.protocol(), to.address()));
    return connection != null && connection.isMadeByUs();
  }

  boolean isOpen(Flow flow) {
    return byId.containsKey(flow.connectionId());
  }

  void send(Flow flow, SipMessage message, Consumer<SendFailure> onFailure) {
    SipConnection connection = byId.get(flow.connectionId());
    if (connection == null) {
      onFailure.accept(SendFailure.FLOW_GONE);
    } else {
      connection.send(message, onFailure);
    }
  }

  /** Sends on the connection that there is to this address, or makes one. */
  void send(
      InetSocketAddress local,
      Destination to,
      SipMessage message,
      Consumer<SendFailure> onFailure) {
    SipConnection connection = byRemote.get(new Peer(to.protocol(), to.address()));
    if (connection == null || isOfAnother(connection, to.serverName())) {
      if (to.protocol().isWebSocket() || !pipelines.canSpeak(to.protocol())) {
        onFailure.accept(
            to.protocol().isWebSocket() ? SendFailure.FLOW_GONE : SendFailure.NO_SOCKET);
        return;
      }
      if (byId.size() >= limits.max()) {
        counters.countConnectionRefused();
        onFailure.accept(SendFailure.CONGESTED);
        return;
      }
      connection = connect(local, to);
    }
    connection.send(message, onFailure);
  }

  /** One address may serve several names; a connection is good for those it was proven for. */
  private static boolean isOfAnother(SipConnection connection, @Nullable String serverName) {
    return serverName != null
        && !serverName.equals(connection.serverName())
        && !connection.peer().covers(serverName, connection.flow().remote().getAddress());
  }

  private SipConnection connect(InetSocketAddress local, Destination to) {
    Framing framing = pipelines.framing(to.protocol());
    InetSocketAddress remote = to.address();
    Flow flow = new Flow(to.protocol(), local, remote, ++lastId);
    SipConnection connection =
        new SipConnection(flow, framing, to.serverName(), this, System.nanoTime()).madeByUs();
    byId.put(flow.connectionId(), connection);
    byRemote.put(new Peer(to.protocol(), remote), connection);
    Bootstrap bootstrap =
        sockets
            .connector()
            .group(loop)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) limits.connectTimeout().toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    pipelines.connecting(channel, to.protocol(), framing, connection);
                  }
                });
    // carriers know us by the address that we listen on: connections leave from it too
    ChannelFuture connecting =
        local.getAddress().isAnyLocalAddress()
            ? bootstrap.connect(remote)
            : bootstrap.connect(remote, new InetSocketAddress(local.getAddress(), 0));
    connecting.addListener(
        made -> {
          if (!made.isSuccess()) {
            gone(connection);
          }
        });
    return connection;
  }

  void gone(SipConnection connection) {
    if (byId.remove(connection.flow().connectionId()) != null) {
      Flow flow = connection.flow();
      byRemote.remove(new Peer(flow.protocol(), flow.remote()), connection);
      if (connection.aliasPort() > 0) {
        byRemote.remove(peerAt(flow, connection.aliasPort()), connection);
      }
      connection.notConnected();
      receiver.closed(connection.flow());
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    List<SipConnection> all = new ArrayList<>(byId.values());
    long idleNanos = limits.idleTimeout().toNanos();
    long frameNanos = limits.messageTimeout().toNanos();
    Set<InetSocketAddress> inUse = null;
    for (SipConnection connection : all) {
      boolean idle = connection.isIdle(now, idleNanos);
      if (idle) {
        inUse = inUse == null ? needed.get() : inUse;
      }
      connection.sweep(now, idle && !connection.isOneOf(inUse), frameNanos);
    }
  }

  void closeAll() {
    List<SipConnection> all = new ArrayList<>(byId.values());
    all.forEach(SipConnection::close);
  }
}
