package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transport.EdgeLoop;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A line's binding at its registrar (RFC 3261 10.2), refreshed before it ends. On the loop. */
final class Registration {

  private static final long FAILED_RETRY_MS = 30_000;

  private final UaLine line;
  private final String callId;
  private final String fromTag;
  private long cseq;
  private long expiresSeconds;
  private boolean wanted;
  private EdgeLoop.@Nullable Timer refresh;

  Registration(UaLine line) {
    this.line = line;
    this.callId = line.agent().tokens().next();
    this.fromTag = line.agent().tokens().next();
  }

  void register(long wantedSeconds, CompletableFuture<UaAnswer> outcome) {
    wanted = wantedSeconds > 0;
    expiresSeconds = wantedSeconds;
    send(outcome);
  }

  private void send(CompletableFuture<UaAnswer> outcome) {
    EdgeLoop.Timer running = refresh;
    if (running != null) {
      running.cancel();
    }
    new Exchange(line, line.identity().proxy(), this::attempt, answer -> heard(answer, outcome))
        .start();
  }

  private SipRequest attempt() {
    UaIdentity identity = line.identity();
    NameAddress self = NameAddress.of(identity.display(), identity.address());
    cseq++;
    return SipRequest.builder(SipRequest.REGISTER, SipUri.sip(null, identity.domain(), -1))
        .maxForwards(70)
        .from(self.withTag(fromTag))
        .to(self)
        .callId(callId)
        .cseq(cseq)
        .contact(line.contact(identity.proxy()))
        .header(HeaderName.EXPIRES, Long.toString(expiresSeconds))
        .header(HeaderName.USER_AGENT, UserAgent.NAME)
        .build();
  }

  private void heard(UaAnswer answer, CompletableFuture<UaAnswer> outcome) {
    SipResponse response = answer.response();
    long minimum = response == null ? -1 : minExpires(response);
    if (answer.status() == 423 && minimum > expiresSeconds) {
      expiresSeconds = minimum; // 10.2.8: ask again for what the registrar allows
      send(outcome);
      return;
    }
    if (wanted) {
      long inMs = answer.isSuccess() && response != null ? refreshMs(response) : FAILED_RETRY_MS;
      refresh = line.agent().loop().schedule(inMs, () -> send(new CompletableFuture<>()));
    }
    outcome.complete(answer);
  }

  private static long minExpires(SipResponse response) {
    String given = response.header(HeaderName.MIN_EXPIRES);
    boolean number = given != null && given.matches("[0-9]{1,9}");
    return number ? Long.parseLong(given) : -1;
  }

  /** At nine tenths of what was granted: time enough for a lost refresh to be repeated. */
  private long refreshMs(SipResponse response) {
    SipUri own = line.contact(line.identity().proxy()).uri();
    long granted = response.expiresSeconds();
    for (NameAddress contact : response.contacts()) {
      boolean mine = own.host().equals(contact.uri().host()) && own.port() == contact.uri().port();
      if (mine && contact.expiresSeconds() >= 0) {
        granted = contact.expiresSeconds();
      }
    }
    return Math.max(1, granted > 0 ? granted : expiresSeconds) * 900;
  }

  /** Stops refreshing and tells nobody. */
  void stop() {
    wanted = false;
    EdgeLoop.Timer running = refresh;
    if (running != null) {
      running.cancel();
    }
  }
}
