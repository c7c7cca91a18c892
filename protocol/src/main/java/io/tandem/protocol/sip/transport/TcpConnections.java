package io.tandem.protocol.sip.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.tandem.protocol.sip.message.SipMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The TCP connections of this edge: accepted under limits, made on demand, found again by flow or
 * by the peer's address. Everything on the loop.
 */
final class TcpConnections {
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private final NettySockets sockets;
  private final EventLoop loop;
  private final TransportSettings settings;
  private final SipReceiver receiver;
  private final TransportCounters counters;
  private final Map<Long, TcpConnection> byId = new HashMap<>();
  private final Map<InetSocketAddress, TcpConnection> byRemote = new HashMap<>();
  private final Map<InetAddress, Integer> acceptedFrom = new HashMap<>();
  private long lastId;

  TcpConnections(
      NettySockets sockets,
      EventLoop loop,
      TransportSettings settings,
      SipReceiver receiver,
      TransportCounters counters) {
    this.sockets = sockets;
    this.loop = loop;
    this.settings = settings;
    this.receiver = receiver;
    this.counters = counters;
    long period = Math.max(10, Math.min(5_000, settings.frameTimeout().toMillis() / 2));
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

  ServerBootstrap listener() {
    return sockets
        .listener()
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel);
              }
            });
  }

  private void accept(Channel channel) {
    InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
    InetSocketAddress local = (InetSocketAddress) channel.localAddress();
    if (remote == null || local == null) {
      var _ = channel.close(); // gone before it was looked at
      return;
    }
    int fromThere = acceptedFrom.getOrDefault(remote.getAddress(), 0);
    if (byId.size() >= settings.maxConnections()
        || fromThere >= settings.maxConnectionsPerAddress()) {
      counters.countConnectionRefused();
      var _ = channel.close();
      return;
    }
    acceptedFrom.put(remote.getAddress(), fromThere + 1);
    channel
        .closeFuture()
        .addListener(
            closed ->
                acceptedFrom.computeIfPresent(
                    remote.getAddress(), (address, count) -> count == 1 ? null : count - 1));
    TcpConnection connection = connection(local, remote, channel);
    byRemote.putIfAbsent(remote, connection);
  }

  private TcpConnection connection(
      InetSocketAddress local, InetSocketAddress remote, @Nullable Channel accepted) {
    Flow flow = new Flow(TransportProtocol.TCP, local, remote, ++lastId);
    SipStreamDecoder decoder = new SipStreamDecoder(settings.limits());
    TcpConnection connection = new TcpConnection(flow, decoder, this, System.nanoTime());
    byId.put(flow.connectionId(), connection);
    if (accepted != null) {
      accepted.pipeline().addLast(decoder, connection);
    }
    return connection;
  }

  boolean isOpen(Flow flow) {
    return byId.containsKey(flow.connectionId());
  }

  void send(Flow flow, SipMessage message, Consumer<SendFailure> onFailure) {
    TcpConnection connection = byId.get(flow.connectionId());
    if (connection == null) {
      onFailure.accept(SendFailure.FLOW_GONE);
    } else {
      connection.send(message, onFailure);
    }
  }

  /** Sends on the connection that there is to this address, or makes one. */
  void send(
      InetSocketAddress local,
      InetSocketAddress remote,
      SipMessage message,
      Consumer<SendFailure> onFailure) {
    TcpConnection connection = byRemote.get(remote);
    if (connection == null) {
      if (byId.size() >= settings.maxConnections()) {
        counters.countConnectionRefused();
        onFailure.accept(SendFailure.CONGESTED);
        return;
      }
      connection = connect(local, remote);
    }
    connection.send(message, onFailure);
  }

  private TcpConnection connect(InetSocketAddress local, InetSocketAddress remote) {
    SipStreamDecoder decoder = new SipStreamDecoder(settings.limits());
    Flow flow = new Flow(TransportProtocol.TCP, local, remote, ++lastId);
    TcpConnection connection = new TcpConnection(flow, decoder, this, System.nanoTime());
    byId.put(flow.connectionId(), connection);
    byRemote.put(remote, connection);
    Bootstrap bootstrap =
        sockets
            .connector()
            .group(loop)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) settings.connectTimeout().toMillis())
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(decoder, connection);
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

  void gone(TcpConnection connection) {
    if (byId.remove(connection.flow().connectionId()) != null) {
      byRemote.remove(connection.flow().remote(), connection);
      connection.notConnected();
      receiver.closed(connection.flow());
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    List<TcpConnection> all = new ArrayList<>(byId.values());
    long idleNanos = settings.idleTimeout().toNanos();
    long frameNanos = settings.frameTimeout().toNanos();
    for (TcpConnection connection : all) {
      connection.sweep(now, idleNanos, frameNanos);
    }
  }

  void closeAll() {
    List<TcpConnection> all = new ArrayList<>(byId.values());
    all.forEach(TcpConnection::close);
  }
}
