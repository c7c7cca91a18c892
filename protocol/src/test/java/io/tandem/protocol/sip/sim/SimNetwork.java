package io.tandem.protocol.sip.sim;

import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transaction.SipWire;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Inbound;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.ViaRules;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * UDP without sockets: real messages, as bytes, between named ports, lost, doubled and delayed by a
 * seed under virtual time. TCP is the same without loss, doubling and reordering.
 */
public final class SimNetwork {

  private final VirtualLoop loop;
  private final Random random;
  private final Map<InetSocketAddress, SipListener> nodes = new HashMap<>();
  private final List<String> seen = new ArrayList<>();
  private int lossPercent;
  private int doublePercent;
  private int delayMsMax = 1;

  /** A network that loses nothing and delivers after 1 ms. */
  public SimNetwork(VirtualLoop loop, long seed) {
    this.loop = loop;
    this.random = new Random(seed);
  }

  /** From now on it loses, doubles and reorders. */
  public SimNetwork worse(int lossPercent, int doublePercent, int delayMsMax) {
    this.lossPercent = lossPercent;
    this.doublePercent = doublePercent;
    this.delayMsMax = delayMsMax;
    return this;
  }

  /** Every message sent so far: {@code 5060>5070 INVITE} or {@code 5070>5060 180 INVITE}. */
  public List<String> seen() {
    return seen;
  }

  /** The wire of a node on that port of 127.0.0.1. */
  public SipWire wire(int port) {
    return new Port(new InetSocketAddress("127.0.0.1", port));
  }

  /** Who hears what arrives at that port; without one, sending there fails. */
  public void attach(int port, SipListener listener) {
    nodes.put(new InetSocketAddress("127.0.0.1", port), listener);
  }

  /** Where that port is. */
  public static Destination at(int port) {
    return new Destination(TransportProtocol.UDP, new InetSocketAddress("127.0.0.1", port));
  }

  /** Puts bytes on the wire as if from that port. */
  public void inject(int from, int to, byte[] bytes) {
    deliver(
        TransportProtocol.UDP,
        new InetSocketAddress("127.0.0.1", from),
        new InetSocketAddress("127.0.0.1", to),
        bytes);
  }

  /** Puts bytes on the wire as if from an address anywhere. */
  public void inject(InetSocketAddress from, int to, byte[] bytes) {
    deliver(TransportProtocol.UDP, from, new InetSocketAddress("127.0.0.1", to), bytes);
  }

  private final class Port implements SipWire {
    private final InetSocketAddress own;

    Port(InetSocketAddress own) {
      this.own = own;
    }

    @Override
    public void send(SipRequest request, Target target, Consumer<SendFailure> onFailure) {
      InetSocketAddress to =
          switch (target) {
            case Flow flow -> flow.remote();
            case Destination destination -> destination.address();
          };
      transmit(target.protocol(), to, request, onFailure);
    }

    @Override
    public void respond(SipResponse response, Flow flow, Consumer<SendFailure> onFailure) {
      Destination to = ViaRules.responseTo(response.topVia(), flow.protocol(), flow.remote());
      transmit(flow.protocol(), to.address(), response, onFailure);
    }

    @Override
    public Via via(Target target, String branch) {
      return Via.ours(target.protocol().name(), "127.0.0.1", own.getPort(), branch);
    }

    private void transmit(
        TransportProtocol protocol,
        InetSocketAddress to,
        SipMessage message,
        Consumer<SendFailure> onFailure) {
      seen.add(own.getPort() + ">" + to.getPort() + " " + name(message));
      if (!nodes.containsKey(to)) {
        onFailure.accept(SendFailure.REFUSED);
        return;
      }
      byte[] bytes = message.toBytes();
      boolean udp = protocol == TransportProtocol.UDP;
      int copies = udp && random.nextInt(100) < doublePercent ? 2 : 1;
      for (int i = 0; i < copies; i++) {
        boolean lost = udp && random.nextInt(100) < lossPercent;
        int delayMs = udp ? 1 + random.nextInt(delayMsMax) : 1;
        if (!lost) {
          loop.schedule(delayMs, () -> deliver(protocol, own, to, bytes));
        }
      }
    }
  }

  private static String name(SipMessage message) {
    return switch (message) {
      case SipRequest request -> request.method();
      case SipResponse response -> response.status() + " " + response.cseq().method();
    };
  }

  private void deliver(
      TransportProtocol protocol, InetSocketAddress from, InetSocketAddress to, byte[] bytes) {
    SipListener listener = nodes.get(to);
    if (listener == null) {
      return;
    }
    Flow flow = new Flow(protocol, to, from, 0);
    switch (new SipParser().parse(bytes)) {
      case ParseOutcome.Good(SipMessage message) ->
          listener.received(new Inbound(asSeen(message, from), flow, loop.nanoTime()));
      case ParseOutcome outcome ->
          throw new IllegalStateException("what we sent cannot be read: " + outcome);
    }
  }

  private static SipMessage asSeen(SipMessage message, InetSocketAddress from) {
    return message instanceof SipRequest request
        ? request.withTopVia(ViaRules.seen(request.topVia(), from))
        : message;
  }
}
