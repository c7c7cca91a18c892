package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.message.Via;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A line of a user agent: an identity that registers, calls and is called. Its methods may be
 * called from any thread.
 */
public final class UaLine {

  private final UserAgent agent;
  private final UaIdentity identity;
  private final CallHandler handler;
  private final Challenges challenges;
  private final Registration registration;

  UaLine(UserAgent agent, UaIdentity identity, CallHandler handler) {
    this.agent = agent;
    this.identity = identity;
    this.handler = handler;
    this.challenges = new Challenges(identity, agent.tokens()::next);
    this.registration = new Registration(this);
  }

  /** Who it is. */
  public UaIdentity identity() {
    return identity;
  }

  /**
   * Registers and keeps the registration fresh.
   *
   * @return what the registrar said the first time
   */
  public CompletableFuture<UaAnswer> register(long expiresSeconds) {
    CompletableFuture<UaAnswer> outcome = new CompletableFuture<>();
    agent.onLoop(() -> registration.register(expiresSeconds, outcome));
    return outcome;
  }

  /** Takes the registration back. */
  public CompletableFuture<UaAnswer> unregister() {
    return register(0);
  }

  /** Calls somebody through the proxy. */
  public UaCall call(SipUri to, CallMedia media) {
    return call(to, media, List.of());
  }

  /** Calls somebody, with headers of the caller's choice on the INVITE. */
  public UaCall call(SipUri to, CallMedia media, List<HeaderField> headers) {
    UaCall call = UaCall.outgoing(this, to, media, headers);
    agent.onLoop(call::start);
    return call;
  }

  UserAgent agent() {
    return agent;
  }

  CallHandler handler() {
    return handler;
  }

  Challenges challenges() {
    return challenges;
  }

  void close() {
    registration.stop();
  }

  /** Where this line is reached from there. */
  NameAddress contact(Target target) {
    Via via = agent.wire().via(target, "contact");
    SipUri own = SipUri.sip(identity.user(), via.host(), via.port());
    boolean reliable = target.protocol().isReliable();
    return NameAddress.of(reliable ? own.withParam("transport", target.protocol().uriName()) : own);
  }
}
