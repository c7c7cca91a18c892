package io.tandem.ops.system;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.Metronome;
import io.tandem.protocol.media.playout.RtpEndpoint;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.AudioSession;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UaLine;
import io.tandem.protocol.sip.ua.UserAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Many phones of ours in one socket, each with real voice: a packet every 20 ms while it is in a
 * call.
 */
final class Handsets implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final ScheduledExecutorService beats =
      Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("beats").factory());
  private final Metronome metronome = Metronome.of(beats);
  private final SipTransport transport;
  private final UserAgent agent;
  private final List<RtpEndpoint> endpoints = new CopyOnWriteArrayList<>();

  Handsets() {
    try {
      transport = new SipTransport(TransportSettings.listeningOn(Bind.udp(HOST, 0)));
      agent = UserAgent.start(transport);
    } catch (Exception e) {
      throw new AssertionError("no socket for the phones", e);
    }
  }

  /** An agent's phone that answers after a moment; registered at the node when this returns. */
  void phone(String name, InetSocketAddress node) {
    UaLine line =
        agent.line(
            new UaIdentity(name, HOST, null, Stall.password(name), udp(node)),
            AnswerPlan.answering(agent.loop(), 20, () -> voice(697)));
    try {
      UaAnswer answer = line.register(600).get(10, TimeUnit.SECONDS);
      if (!answer.isSuccess()) {
        throw new AssertionError("the registration was answered with " + answer.status());
      }
    } catch (Exception e) {
      throw new AssertionError("the phone " + name + " could not register", e);
    }
  }

  /** Calls a number. */
  UaCall call(String number, InetSocketAddress node) {
    UaIdentity caller = new UaIdentity(Stall.CALLER, HOST, null, null, udp(node));
    UaLine line = agent.line(caller, call -> call.refuse(486));
    return line.call(
        SipUri.sip(number, node.getAddress().getHostAddress(), node.getPort()), voice(440));
  }

  private static Destination udp(InetSocketAddress node) {
    return new Destination(TransportProtocol.UDP, node);
  }

  private CallMedia voice(double hertz) {
    try {
      RtpEndpoint endpoint =
          RtpEndpoint.open(InetAddress.getByName(HOST), G711.ULAW, metronome, System::nanoTime);
      endpoints.add(endpoint);
      endpoint.playTone(hertz, 0.5);
      return new Voice(endpoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Voice(RtpEndpoint endpoint) implements CallMedia {
    @Override
    public AudioSession session() {
      return AudioSession.g711(HOST, endpoint.localAddress().getPort());
    }

    @Override
    public void described(Sdp remote) {
      remote
          .audioEndpoint()
          .ifPresent(to -> endpoint.sendTo(new InetSocketAddress(to.address(), to.rtpPort())));
    }

    @Override
    public void ended() {
      endpoint.close();
    }
  }

  @Override
  public void close() {
    transport.close();
    endpoints.forEach(RtpEndpoint::close);
    beats.shutdownNow();
  }
}
