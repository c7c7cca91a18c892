package io.tandem.node.system;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.refer.Replaces;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.ua.AnswerPlan;
import io.tandem.protocol.sip.ua.CallHandler;
import io.tandem.protocol.sip.ua.CallMedia;
import io.tandem.protocol.sip.ua.UaAnswer;
import io.tandem.protocol.sip.ua.UaCall;
import io.tandem.protocol.sip.ua.UaIdentity;
import io.tandem.protocol.sip.ua.UaLine;
import io.tandem.protocol.sip.ua.UserAgent;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Phones of ours over real sockets: agents that register and answer, and callers. */
public final class Telephones implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final SipTransport transport;
  private final UserAgent agent;
  private final Destination node;
  private final List<UaCall> rung = new CopyOnWriteArrayList<>();

  /** Phones that know a node. */
  public Telephones(InetSocketAddress sip) {
    this(
        TransportSettings.listeningOn(Bind.udp(HOST, 0)),
        new Destination(TransportProtocol.UDP, sip));
  }

  /** The same over another transport. */
  public Telephones(TransportSettings own, Destination node) {
    this.node = node;
    try {
      transport = new SipTransport(own);
      agent = UserAgent.start(transport);
    } catch (Exception e) {
      throw new AssertionError("no socket for the phones", e);
    }
  }

  /** An agent's phone that answers after a moment. */
  public UaLine phone(String name) {
    return phone(name, AnswerPlan.answering(agent.loop(), 20, Telephones::silence));
  }

  /** An agent's phone that does as it is told; registered when this returns. */
  public UaLine phone(String name, CallHandler handler) {
    UaLine line =
        agent.line(
            new UaIdentity(name, HOST, null, Market.password(name), node),
            call -> {
              rung.add(call);
              handler.onCall(call);
            });
    try {
      UaAnswer answer = line.register(600).get(10, TimeUnit.SECONDS);
      if (!answer.isSuccess()) {
        throw new AssertionError("the registration was answered with " + answer.status());
      }
      return line;
    } catch (Exception e) {
      throw new AssertionError("the phone could not register", e);
    }
  }

  /** Registers somebody and gives what the registrar said. */
  public UaAnswer register(String name, String password, long seconds) {
    return within(registering(name, password, seconds));
  }

  /** The same without waiting. */
  public CompletableFuture<UaAnswer> registering(String name, String password, long seconds) {
    return registering(name, HOST, password, seconds);
  }

  /** The same of a phone whose address of record is in a domain. */
  public CompletableFuture<UaAnswer> registering(
      String name, String domain, String password, long seconds) {
    UaLine line =
        agent.line(new UaIdentity(name, domain, null, password, node), call -> call.refuse(486));
    return line.register(seconds);
  }

  /** A plan for a phone. */
  public AnswerPlan plan(int status) {
    return status == 200
        ? AnswerPlan.answering(agent.loop(), 20, Telephones::silence)
        : AnswerPlan.refusing(agent.loop(), status);
  }

  /** Calls the campaign's number. */
  public UaCall call() {
    return callFrom(Market.CALLER);
  }

  /** The same, from another number. */
  public UaCall callFrom(String number) {
    return callFrom(number, silence());
  }

  /** The same with headers of the caller's choice. */
  public UaCall callFrom(String number, List<HeaderField> headers) {
    return callFrom(number, silence(), headers);
  }

  /** The same with a voice. */
  public UaCall callFrom(String number, CallMedia media) {
    return callFrom(number, media, List.of());
  }

  /** The same with a voice and headers. */
  public UaCall callFrom(String number, CallMedia media, List<HeaderField> headers) {
    UaLine line =
        agent.line(new UaIdentity(number, HOST, null, null, node), call -> call.refuse(486));
    return line.call(SipUri.sip(Market.NUMBER, HOST, node.address().getPort()), media, headers);
  }

  /** A phone of somebody's calls the node in the place of another dialog (RFC 3891). */
  public UaCall callAs(String name, String password, String replaces) {
    UaLine line =
        agent.line(new UaIdentity(name, HOST, null, password, node), call -> call.refuse(486));
    return line.call(
        SipUri.sip("tandem", HOST, node.address().getPort()),
        silence(),
        List.of(
            HeaderField.of(HeaderName.REQUIRE, Replaces.OPTION),
            HeaderField.of(Replaces.HEADER, replaces)));
  }

  /** What a phone does when it is let ring: nothing, until {@link #answer}. */
  public CallHandler ringing() {
    return AnswerPlan.ringingOnly(agent.loop());
  }

  /** Picks up a phone that rings. */
  public void answer(UaCall ringing) {
    agent.loop().execute(() -> ringing.answer(silence()));
  }

  /** Waits until so many calls in all have reached a phone, and gives the last of them. */
  public UaCall awaitRung(int calls) {
    Market.await(calls + " phones have rung", () -> rung.size() >= calls);
    return rung.get(calls - 1);
  }

  /** The call's id, as the phone was shown it. */
  public static String callId(UaCall atPhone) {
    return atPhone.invite().header("X-Tandem-Call");
  }

  /** What comes of something that ends by itself. */
  public static <T> T within(CompletableFuture<T> future) {
    try {
      return future.get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("nothing came of it", e);
    }
  }

  /** Calls that reached a phone, in order. */
  public List<UaCall> rung() {
    return rung;
  }

  /** Where they listen. */
  public int port() {
    return transport.listening().getFirst().address().getPort();
  }

  /** The user agent all phones share. */
  public UserAgent agent() {
    return agent;
  }

  /** Where the node is. */
  public Destination node() {
    return node;
  }

  private static CallMedia silence() {
    return CallMedia.none(HOST, 9_000);
  }

  @Override
  public void close() {
    transport.close();
  }
}
