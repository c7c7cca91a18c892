package io.tandem.protocol.sip.transport;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.DefenceSettings;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transport.tls.PeerNames;
import io.tandem.protocol.sip.transport.tls.TlsContexts;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import io.tandem.protocol.sip.transport.tls.UnusableCertificate;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The SIP sockets of this edge. Made first, so that the layers above can be built on its {@link
 * #loop}; then {@link #start started} with the listener; {@link #close closed} once. Sending is
 * allowed from any thread and happens on the loop.
 */
public final class SipTransport implements AutoCloseable {
  /** How often a port that is free for one transport and taken for the other is passed over. */
  private static final int PORT_ATTEMPTS = 20;

  private final TransportSettings settings;
  private final Defence defence;
  private final NettySockets sockets;
  private final EventLoopGroup group;
  private final EventLoop eventLoop;
  private final EdgeLoop loop;
  private final TransportCounters counters = new TransportCounters();
  private final ChannelGroup listening = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<InetSocketAddress, UdpSocket> udpByLocal = new HashMap<>();
  private volatile LocalBinds bound = new LocalBinds(List.of());
  private final ExecutorService handshakes =
      Executors.newFixedThreadPool(2, new DefaultThreadFactory("sip-tls", true));
  private volatile Supplier<Set<InetSocketAddress>> needed = Set::of;
  private @Nullable TlsContexts tls;
  private @Nullable SipConnections streams;

  /** One that holds nobody to anything: for what speaks with known peers only. */
  public SipTransport(TransportSettings settings) {
    this(settings, new Defence(DefenceSettings.OPEN, new SecureRandom()));
  }

  /** One that asks the defence before it reads or answers. */
  public SipTransport(TransportSettings settings, Defence defence) {
    this.settings = settings;
    this.defence = defence;
    this.sockets = new NettySockets(settings.preferNative());
    this.group = sockets.oneLoop();
    this.eventLoop = group.next();
    this.loop = new NettyLoop(eventLoop);
  }

  /** The thread of all calls of this edge. */
  public EdgeLoop loop() {
    return loop;
  }

  /** Shows every message to somebody from now on. */
  public void watch(MessageWatch by) {
    counters.watch(by);
  }

  /** Who is limited and banned; to be used on the loop. */
  public Defence defence() {
    return defence;
  }

  public TransportCounters counters() {
    return counters;
  }

  /** Whether epoll is used. */
  public boolean isNative() {
    return sockets.isNative();
  }

  /** What is listened on, with real ports; empty before {@link #start}. */
  public List<Bind> listening() {
    return bound.all();
  }

  /**
   * Where we listen, as the peer knows it: what Via and Contact of a message to the target are to
   * show. Empty when no socket of ours has its protocol and address family.
   */
  public Optional<Bind> facing(Target target) {
    return switch (target) {
      case Flow flow -> {
        InetAddress peer = flow.remote().getAddress();
        Optional<Bind> same =
            bound.all().stream()
                .filter(b -> b.protocol() == flow.protocol() && b.address().equals(flow.local()))
                .findFirst();
        yield same.or(() -> bound.facing(flow.protocol(), peer)).map(b -> bound.shownTo(peer, b));
      }
      case Destination to -> {
        InetAddress peer = to.address().getAddress();
        yield bound.facing(to.protocol(), peer).map(bind -> bound.shownTo(peer, bind));
      }
    };
  }

  /**
   * Opens all sockets; when one cannot be opened, none stays open. Binds for UDP and TCP on one
   * address that leave their port open get the same one.
   *
   * @throws CannotListen naming the address, and whether its port is busy
   */
  public void start(SipListener listener) throws CannotListen {
    SipReceiver receiver =
        new SipReceiver(new SipParser(settings.limits()), listener, counters, defence, this::reply);
    tls = contexts();
    SipConnections connections =
        new SipConnections(
            sockets,
            eventLoop,
            settings.connections(),
            new Pipelines(settings, tls, handshakes),
            receiver,
            counters,
            () -> needed.get());
    streams = connections;
    for (int attempt = 1; ; attempt++) {
      try {
        bound = new LocalBinds(openAll(receiver, connections));
        return;
      } catch (CannotListen refused) {
        boolean unlucky = refused.isPortBusy() && leavesPortOpen(refused.bind());
        if (!unlucky || attempt == PORT_ATTEMPTS) {
          close();
          throw refused;
        }
        listening.close().awaitUninterruptibly();
        onLoopAndWait(udpByLocal::clear);
      }
    }
  }

  /** A port that was free for UDP may be taken for TCP: then another one is tried. */
  private boolean leavesPortOpen(Bind refused) {
    return !settings.binds().contains(refused)
        && settings.binds().stream()
            .anyMatch(
                asked ->
                    asked.protocol() == refused.protocol()
                        && asked.address().getPort() == 0
                        && asked.address().getAddress().equals(refused.address().getAddress()));
  }

  private List<Bind> openAll(SipReceiver receiver, SipConnections connections) throws CannotListen {
    List<Bind> opened = new ArrayList<>();
    for (Bind asked : settings.binds()) {
      Bind bind = withSharedPort(asked, opened);
      opened.add(
          switch (bind.protocol()) {
            case UDP -> openUdp(bind, receiver);
            default -> openStream(bind, connections);
          });
    }
    return opened;
  }

  /**
   * SIP over UDP and TCP is one port by custom, and a URI without transport may be tried on either
   * (RFC 3261 section 18.1.1): a port left open is the same for both.
   */
  private static Bind withSharedPort(Bind asked, List<Bind> opened) {
    if (asked.address().getPort() != 0) {
      return asked;
    }
    for (Bind other : opened) {
      if (isPair(other.protocol(), asked.protocol())
          && other.address().getAddress().equals(asked.address().getAddress())) {
        return new Bind(asked.protocol(), other.address(), asked.advertisedHost());
      }
    }
    return asked;
  }

  private static boolean isPair(TransportProtocol one, TransportProtocol other) {
    return (one == TransportProtocol.UDP && other == TransportProtocol.TCP)
        || (one == TransportProtocol.TCP && other == TransportProtocol.UDP);
  }

  private @Nullable TlsContexts contexts() throws CannotListen {
    TlsSettings certificates = settings.tls();
    Bind secure =
        settings.binds().stream().filter(b -> b.protocol().isSecure()).findFirst().orElse(null);
    if (certificates == null) {
      if (secure != null) {
        throw new CannotListen(secure, new IllegalStateException("there is no certificate"));
      }
      return null;
    }
    try {
      TlsContexts read = new TlsContexts(certificates);
      lookAgain(read, certificates.lookAgain().toMillis());
      return read;
    } catch (UnusableCertificate bad) {
      throw new CannotListen(secure == null ? settings.binds().getFirst() : secure, bad);
    }
  }

  private void lookAgain(TlsContexts read, long everyMillis) {
    loop.schedule(
        everyMillis,
        () -> {
          if (!handshakes.isShutdown()) {
            handshakes.execute(read::refresh);
            lookAgain(read, everyMillis);
          }
        });
  }

  /**
   * Reads certificates again if their files changed; done by itself every few seconds.
   *
   * @return whether new ones are in use
   */
  public boolean refreshCertificates() {
    TlsContexts contexts = tls;
    return contexts != null && contexts.refresh();
  }

  /**
   * Who the peer of a TLS connection proved to be by its certificate; to be asked on the loop.
   * Nobody on other transports, for a peer that showed none, and once the connection is gone.
   */
  public PeerNames peer(Flow flow) {
    return connections().peer(flow);
  }

  /** Whether a connection to that address is open or being made; to be asked on the loop. */
  public boolean isConnected(Destination to) {
    return connections().isOpen(to);
  }

  /** Whether that connection is open or being made; to be asked on the loop. Always over UDP. */
  public boolean isOpen(Flow flow) {
    return !flow.protocol().isReliable() || connections().isOpen(flow);
  }

  /** Whether the connection to that address is one that we made; to be asked on the loop. */
  public boolean isMadeByUs(Destination to) {
    return connections().isMadeByUs(to);
  }

  /** Stream connections that are open or being made. */
  public int openConnections() {
    SipConnections connections = streams;
    return connections == null ? 0 : connections.open();
  }

  /** What is allowed of connections. */
  public ConnectionLimits connectionLimits() {
    return settings.connections();
  }

  /**
   * Connections that somebody needs are not closed for having been idle.
   *
   * @param addresses of peers that are needed; asked on the loop, when a connection is idle
   */
  public void keep(Supplier<Set<InetSocketAddress>> addresses) {
    needed = addresses;
  }

  private Bind openUdp(Bind bind, SipReceiver receiver) throws CannotListen {
    Bootstrap bootstrap =
        sockets
            .datagrams(settings.socketBufferBytes())
            .group(eventLoop)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    // nothing is read before the socket's address is known: see below
                    channel.config().setAutoRead(false);
                  }
                });
    Channel channel = opened(bind, bootstrap.bind(bind.address()));
    Bind real = real(bind, channel);
    UdpSocket socket = new UdpSocket(real, channel, receiver, counters, defence, settings.sifted());
    onLoop(
        () -> {
          udpByLocal.put(real.address(), socket);
          channel.pipeline().addLast(socket);
          channel.config().setAutoRead(true);
        });
    return real;
  }

  private Bind openStream(Bind bind, SipConnections connections) throws CannotListen {
    ChannelFuture binding =
        connections.listener(bind.protocol()).group(eventLoop).bind(bind.address());
    return real(bind, opened(bind, binding));
  }

  private Channel opened(Bind bind, ChannelFuture binding) throws CannotListen {
    binding.awaitUninterruptibly();
    Throwable refused = binding.cause();
    if (refused != null) {
      throw new CannotListen(bind, refused);
    }
    listening.add(binding.channel());
    return binding.channel();
  }

  private static Bind real(Bind bind, Channel channel) {
    InetSocketAddress address = (InetSocketAddress) channel.localAddress();
    return new Bind(bind.protocol(), address, bind.advertisedHost());
  }

  /** Sends; what fails is counted and otherwise left to the peer's retransmission. */
  public void send(Target target, SipMessage message) {
    send(target, message, failure -> {});
  }

  /**
   * Sends a message.
   *
   * @param onFailure called on the loop, at most once, when it is known that the message did not
   *     leave; for UDP that it left does not mean that it arrives
   */
  public void send(Target target, SipMessage message, Consumer<SendFailure> onFailure) {
    onLoop(
        () -> {
          Consumer<SendFailure> counted =
              failure -> {
                counters.countSendFailure();
                onFailure.accept(failure);
              };
          switch (target) {
            case Flow flow when flow.protocol() == TransportProtocol.UDP ->
                sendUdp(udpByLocal.get(flow.local()), flow.remote(), message, counted);
            case Flow flow -> connections().send(flow, message, counted);
            case Destination to when to.protocol() == TransportProtocol.UDP ->
                sendUdp(udpFor(to.address()), to.address(), message, counted);
            case Destination to -> sendStream(to, message, counted);
          }
        });
  }

  private void sendUdp(
      @Nullable UdpSocket socket,
      InetSocketAddress to,
      SipMessage message,
      Consumer<SendFailure> onFailure) {
    if (socket == null) {
      onFailure.accept(SendFailure.NO_SOCKET);
    } else {
      socket.send(to, message, onFailure);
    }
  }

  private void sendStream(Destination to, SipMessage message, Consumer<SendFailure> onFailure) {
    Bind facing = facing(to).orElse(null);
    if (facing == null) {
      onFailure.accept(SendFailure.NO_SOCKET);
    } else {
      connections().send(facing.address(), to, message, onFailure);
    }
  }

  private @Nullable UdpSocket udpFor(InetSocketAddress remote) {
    return bound
        .facing(TransportProtocol.UDP, remote.getAddress())
        .map(bind -> udpByLocal.get(bind.address()))
        .orElse(null);
  }

  /**
   * Answers a request: on its connection while that is open, else to where its top Via says (RFC
   * 3261 section 18.2.2), over UDP from the socket that it came in on (RFC 3581 section 4).
   *
   * @param arrivedOn the flow of the request
   */
  public void reply(Flow arrivedOn, SipResponse response) {
    reply(arrivedOn, response, failure -> {});
  }

  /** {@link #reply(Flow, SipResponse)} with word of failure, as in {@link #send}. */
  public void reply(Flow arrivedOn, SipResponse response, Consumer<SendFailure> onFailure) {
    onLoop(
        () -> {
          Destination byVia =
              ViaRules.responseTo(response.topVia(), arrivedOn.protocol(), arrivedOn.remote());
          Target target = byVia;
          if (!arrivedOn.protocol().isReliable()) {
            target = new Flow(TransportProtocol.UDP, arrivedOn.local(), byVia.address(), 0);
          } else if (connections().isOpen(arrivedOn)) {
            target = arrivedOn;
          }
          send(target, response, onFailure);
        });
  }

  private SipConnections connections() {
    SipConnections connections = streams;
    if (connections == null) {
      throw new IllegalStateException("the transport was not started");
    }
    return connections;
  }

  private void onLoopAndWait(Runnable task) {
    eventLoop.submit(task).awaitUninterruptibly();
  }

  private void onLoop(Runnable task) {
    if (eventLoop.inEventLoop()) {
      task.run();
    } else {
      eventLoop.execute(task);
    }
  }

  /**
   * Closes all sockets and ends the loop; returns when that is done, at most 5 s later. Not to be
   * called on the loop.
   */
  @Override
  public void close() {
    listening.close().awaitUninterruptibly(1, TimeUnit.SECONDS);
    SipConnections connections = streams;
    if (connections != null && !group.isShuttingDown()) {
      onLoop(connections::closeAll);
    }
    handshakes.shutdown();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
