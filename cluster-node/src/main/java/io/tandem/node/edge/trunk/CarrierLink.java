package io.tandem.node.edge.trunk;

import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.auth.DigestSession;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.Target;
import io.tandem.protocol.sip.trunk.TargetHealth;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One address of a trunk: asked with OPTIONS whether it answers, and registered with where the
 * terms say so. On the loop.
 */
final class CarrierLink {
  private static final Logger LOG = LoggerFactory.getLogger(CarrierLink.class);
  private static final long SECOND_NANOS = 1_000_000_000L;
  private static final long RETRY_NANOS = 30 * SECOND_NANOS;
  private static final int TRIES_MAX = 4;
  private static final long LONGEST_SECONDS = 86_400;
  private static final int TOO_BRIEF = 423;
  private static final String USER = "tandem";

  private final SipTransport transport;
  private final TransactionLayer layer;
  private final Tokens tokens;
  private final String trunkId;
  private final Carrier.Line line;
  private final @Nullable DigestSession session;
  private final @Nullable String username;
  private long registerSeconds;
  private String registerCredentials = HeaderName.AUTHORIZATION;
  private final String registerCallId;
  private final String registerTag;
  private TargetHealth health;
  private boolean probing;
  private boolean registering;
  private boolean registered;
  private long nextRegisterNanos;
  private long cseq;

  CarrierLink(
      SipTransport transport,
      TransactionLayer layer,
      Tokens tokens,
      Carrier carrier,
      Carrier.Line line,
      long nowNanos) {
    this.transport = transport;
    this.layer = layer;
    this.tokens = tokens;
    this.trunkId = carrier.id();
    this.line = line;
    TrunkTerms.Login login = carrier.terms().login();
    String password = login == null ? null : login.password().value().orElse(null);
    this.username = login == null ? null : login.username();
    this.session =
        login == null || password == null
            ? null
            : new DigestSession(login.username(), password, tokens::next);
    this.registerSeconds = login == null ? 0 : login.registerSeconds();
    this.registerCallId = tokens.next();
    this.registerTag = tokens.next();
    this.health = TargetHealth.unknown(nowNanos);
    this.nextRegisterNanos = nowNanos;
  }

  boolean isUsable() {
    return health.isUsable();
  }

  boolean isRegistered() {
    return registered;
  }

  /** A call there came to that end. */
  void callAnswered(boolean trouble, long nowNanos) {
    health = trouble ? health.failed(nowNanos) : health.answered(nowNanos);
  }

  /**
   * Asks and registers what is due.
   *
   * @param registers whether it is here that the trunk registers
   */
  void tick(boolean registers, long nowNanos) {
    if (!probing && health.isProbeDue(nowNanos)) {
      probing = true;
      health = health.probed(nowNanos);
      send(request(SipRequest.OPTIONS, line.uri(), tokens.next(), tokens.next(), 1), this::probed);
    }
    if (registers && registerSeconds > 0 && !registering && nextRegisterNanos - nowNanos <= 0) {
      registering = true;
      register(0, 0);
    }
  }

  private void probed(int status) {
    probing = false;
    long now = transport.loop().nanoTime();
    boolean before = health.isUsable();
    health = status == 408 || status == 503 ? health.failed(now) : health.answered(now);
    if (before != health.isUsable()) {
      LOG.warn("trunk {}: a target is {}", trunkId, before ? "in quarantine" : "back");
    }
  }

  private void register(int tries, int challenges) {
    String user = String.valueOf(username);
    NameAddress self = NameAddress.of(SipUri.sip(user, line.uri().host(), -1));
    cseq++;
    SipRequest request =
        SipRequest.builder(SipRequest.REGISTER, SipUri.sip(null, line.uri().host(), -1))
            .maxForwards(70)
            .from(self.withTag(registerTag))
            .to(self)
            .callId(registerCallId)
            .cseq(cseq)
            .contact(contact())
            .header(HeaderName.EXPIRES, Long.toString(registerSeconds))
            .build();
    SipRequest sent = authorized(request, registerCredentials);
    ClientTransactionId unused =
        layer.request(
            sent,
            line.destination(),
            new Ending(
                (status, response) -> {
                  if (response == null || tries >= TRIES_MAX) {
                    registeredAs(status, response);
                  } else if (answers(response, challenges > 0)) {
                    register(tries + 1, challenges + 1);
                  } else if (status == TOO_BRIEF && asksLonger(response)) {
                    register(tries + 1, challenges);
                  } else {
                    registeredAs(status, response);
                  }
                }));
  }

  /** Whether a challenge, of the registrar or of a proxy before it, can be answered. */
  private boolean answers(SipResponse response, boolean answered) {
    boolean proxy = response.status() == 407;
    DigestSession own = session;
    if (own == null || (response.status() != 401 && !proxy)) {
      return false;
    }
    registerCredentials = proxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION;
    return own.challenged(
        response.headers().all(proxy ? HeaderName.PROXY_AUTHENTICATE : HeaderName.WWW_AUTHENTICATE),
        answered);
  }

  /**
   * The registrar wants to hear of us less often (RFC 3261 section 10.2.8): so it is from now on.
   */
  private boolean asksLonger(SipResponse response) {
    String least = response.header("Min-Expires");
    if (least == null || !least.strip().matches("\\d{1,9}")) {
      return false;
    }
    long seconds = Long.parseLong(least.strip());
    if (seconds <= registerSeconds || seconds > LONGEST_SECONDS) {
      return false;
    }
    registerSeconds = seconds;
    return true;
  }

  private void registeredAs(int status, @Nullable SipResponse response) {
    long now = transport.loop().nanoTime();
    registering = false;
    registered = status >= 200 && status < 300;
    if (registered && response != null) {
      nextRegisterNanos = now + granted(response) * 9 / 10 * SECOND_NANOS;
    } else {
      LOG.warn("trunk {}: registration ended with {}", trunkId, status);
      nextRegisterNanos = now + RETRY_NANOS;
    }
  }

  /** What the registrar gave our contact; at least ten seconds, so that nobody makes us storm. */
  private long granted(SipResponse response) {
    SipUri own = contact().uri();
    long seconds = response.expiresSeconds() > 0 ? response.expiresSeconds() : registerSeconds;
    for (NameAddress contact : response.contacts()) {
      if (contact.uri().host().equals(own.host())
          && contact.uri().port() == own.port()
          && contact.expiresSeconds() >= 0) {
        seconds = contact.expiresSeconds();
      }
    }
    return Math.max(10, seconds);
  }

  /** The request with an answer to the last challenge, where there was one. */
  SipRequest authorized(SipRequest request, String header) {
    DigestSession own = session;
    return own == null
        ? request
        : own.answer(request.method(), request.uri().toString())
            .map(answer -> request.with(header, answer))
            .orElse(request);
  }

  /**
   * The same INVITE once more with credentials, after a 401 or 407; empty when there are none or
   * they were refused.
   */
  Optional<SipRequest> answering(SipRequest invite, SipResponse challenge) {
    boolean proxy = challenge.status() == 407;
    String carried = proxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION;
    List<String> challenges =
        challenge
            .headers()
            .all(proxy ? HeaderName.PROXY_AUTHENTICATE : HeaderName.WWW_AUTHENTICATE);
    DigestSession own = session;
    if (own == null || !own.challenged(challenges, invite.header(carried) != null)) {
      return Optional.empty();
    }
    return Optional.of(
        authorized(
            invite.with(HeaderName.CSEQ, (invite.cseq().number() + 1) + " " + invite.method()),
            carried));
  }

  /** Where that target reaches us. */
  NameAddress contact() {
    return NameAddress.of(address(username == null ? USER : username, line.destination()));
  }

  private SipUri address(String user, Target target) {
    var bind =
        transport
            .facing(target)
            .orElseThrow(() -> new IllegalStateException("no socket of ours faces the trunk"));
    SipUri uri = SipUri.sip(user, bind.sentByHost(), bind.address().getPort());
    return target.protocol().isReliable()
        ? uri.withParam("transport", target.protocol().name().toLowerCase(Locale.ROOT))
        : uri;
  }

  private SipRequest request(String method, SipUri uri, String callId, String tag, long number) {
    return SipRequest.builder(method, uri)
        .maxForwards(70)
        .from(NameAddress.of(address(USER, line.destination())).withTag(tag))
        .to(NameAddress.of(uri))
        .callId(callId)
        .cseq(number)
        .contact(contact())
        .build();
  }

  private void send(SipRequest request, IntConsumer ended) {
    ClientTransactionId unused =
        layer.request(
            request, line.destination(), new Ending((status, response) -> ended.accept(status)));
  }

  /** One final word: a status, 408 where nothing came, 503 where nothing left. */
  private record Ending(Final then) implements ClientUser {

    interface Final {
      void with(int status, @Nullable SipResponse response);
    }

    @Override
    public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
      if (response.isFinal()) {
        then.with(response.status(), response);
      }
    }

    @Override
    public void onTimeout(ClientTransactionId id) {
      then.with(408, null);
    }

    @Override
    public void onTransportError(ClientTransactionId id, SendFailure failure) {
      then.with(503, null);
    }
  }
}
