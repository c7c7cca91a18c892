package io.tandem.node.edge;

import io.tandem.node.edge.register.Registering;
import io.tandem.node.endpoint.EndpointCommand;
import io.tandem.node.endpoint.EndpointReply;
import io.tandem.node.endpoint.EndpointRules;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.readmodel.SipBinding;
import io.tandem.protocol.sip.auth.DigestAnswer;
import io.tandem.protocol.sip.auth.DigestGate;
import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.auth.DigestVerdict;
import io.tandem.protocol.sip.auth.NonceMint;
import io.tandem.protocol.sip.auth.StoredHa1;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers the phones of our endpoints (RFC 3261 10.3) with digest authentication, the algorithm
 * chosen per endpoint (TEL-1).
 *
 * <p>The directory may lag a moment behind an endpoint that was just made or given another
 * password. So an answer that is wrong by the directory, but to a challenge of ours, is judged once
 * more by what the endpoint itself says. Strangers gain nothing by it: whether there is such a name
 * or not, the endpoint is asked all the same and the refusal leaves after the same pause, and only
 * so many are asked a second; over that they are told to come later.
 */
final class Registrar {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
  private static final int REMEMBERED_NONCES = 50_000;
  private static final long NONCE_LIFE_MILLIS = 300_000;

  /** Who keeps a flow says something more often than that (RFC 5626 section 4.4). */
  private static final int FLOW_TIMER_SECONDS = 120;

  private static final int ASKED_AT_ONCE = 40;
  private static final int ASKED_PER_SECOND = 20;

  /** Longer than an endpoint takes to be loaded and to answer. */
  private static final long REFUSED_AFTER_MILLIS = 150;

  private final Edge edge;
  private final EdgeWorld world;
  private final DigestGate gate;
  private final Decoys decoys;
  private final AskBudget asks = new AskBudget(ASKED_AT_ONCE, ASKED_PER_SECOND);

  Registrar(Edge edge, EdgeWorld world) {
    this.edge = edge;
    this.world = world;
    // every edge of a cluster has the same blinding key: a nonce of another is stale, not forged
    byte[] secret =
        world
            .blinder()
            .blind("sip-nonce", world.settings().realm())
            .getBytes(StandardCharsets.US_ASCII);
    NonceMint mint =
        new NonceMint(
            secret,
            world.settings().realm(),
            edge.ref() + " phones",
            NONCE_LIFE_MILLIS,
            new SecureRandom());
    this.decoys = new Decoys(world.directory(), world.blinder(), edge.loop().nanoTime());
    this.gate = new DigestGate(world.settings().realm(), mint, REMEMBERED_NONCES);
  }

  /**
   * Who asks.
   *
   * @param realm in which it logs in: its domain where an account has that for its realm, else the
   *     node's. It is told by what was asked alone, so that a challenge does not tell whether there
   *     is such a user (ACC-8)
   */
  private record Name(String user, String realm) {
    /** What such a user logs in with: nothing where its realm is another. */
    EndpointState.@Nullable Credentials of(@Nullable EndpointState endpoint) {
      EndpointState.Credentials all = endpoint == null ? null : endpoint.credentials();
      return all != null && all.realm().equals(realm) ? all : null;
    }
  }

  private Name named(SipUri uri) {
    String domain = uri.host().toLowerCase(Locale.ROOT);
    return new Name(
        uri.userText(),
        world.directory().realmOwner(domain).isPresent() ? domain : world.settings().realm());
  }

  void register(ServerTransactionId id, SipRequest request, Flow flow) {
    Name name = named(request.to().uri());
    String user = name.user();
    EndpointState.Credentials credentials = name.of(world.directory().endpoint(user).orElse(null));
    Optional<DigestAnswer> answer =
        Optional.ofNullable(request.header(HeaderName.AUTHORIZATION)).flatMap(DigestAnswer::parse);
    if (answer.isEmpty()) {
      challenge(id, request, name, credentials, false);
      return;
    }
    if (!defence().mayTry(user, source(flow), edge.loop().nanoTime())) {
      busy(id, request);
      return;
    }
    switch (judge(answer.get(), SipRequest.REGISTER, name, credentials)) {
      case ACCEPTED -> accepted(id, request, flow, user);
      case WRONG_CREDENTIALS -> askEndpoint(id, request, flow, name, answer.get());
      case STALE, REPLAYED -> challenge(id, request, name, credentials, true);
      case FORGED_NONCE, ALGORITHM_NOT_OFFERED, WRONG_REALM ->
          challenge(id, request, name, credentials, false);
    }
  }

  /**
   * Whether a request that is no REGISTER comes from the phone that its From names; it is answered
   * here when it does not prove that.
   */
  boolean proves(ServerTransactionId id, SipRequest request, Flow flow) {
    Name name = named(request.from().uri());
    String user = name.user();
    EndpointState.Credentials credentials = name.of(world.directory().endpoint(user).orElse(null));
    DigestAnswer answer =
        Optional.ofNullable(request.header(HeaderName.AUTHORIZATION))
            .flatMap(DigestAnswer::parse)
            .orElse(null);
    long now = edge.loop().nanoTime();
    if (answer == null) {
      challenge(id, request, name, credentials, false);
      return false;
    }
    if (!defence().mayTry(user, source(flow), now)) {
      busy(id, request);
      return false;
    }
    DigestVerdict verdict = judge(answer, request.method(), name, credentials);
    if (verdict == DigestVerdict.WRONG_CREDENTIALS) {
      wrongPassword(user, flow, now);
      refuse(id, request, now, null);
    } else if (verdict != DigestVerdict.ACCEPTED) {
      challenge(id, request, name, credentials, verdict.stale());
    }
    return verdict == DigestVerdict.ACCEPTED;
  }

  private DigestVerdict judge(
      DigestAnswer answer,
      String method,
      Name name,
      EndpointState.@Nullable Credentials credentials) {
    boolean own = answer.username().equals(name.user());
    return gate.check(
        name.realm(),
        answer,
        method,
        own ? stored(credentials) : null,
        offer(name.user(), credentials),
        nowMillis());
  }

  /** The directory says no; the endpoint has the last word. */
  private void askEndpoint(
      ServerTransactionId id, SipRequest request, Flow flow, Name name, DigestAnswer answer) {
    String user = name.user();
    long began = edge.loop().nanoTime();
    if (!asks.take(began)) {
      busy(id, request);
      return;
    }
    Origin origin =
        new Origin(TimedId.at("register", world.clock().now().wall()), request.callId(), "edge");
    var unused =
        world
            .gateway()
            .ask(new EntityKey(EndpointRules.NAME, user), new EndpointCommand.Read(), origin)
            .whenCompleteAsync(
                (reply, failure) -> {
                  EndpointState.Credentials own =
                      reply instanceof EndpointReply.View view ? name.of(view.state()) : null;
                  switch (judge(answer, SipRequest.REGISTER, name, own)) {
                    case ACCEPTED -> accepted(id, request, flow, user);
                    case ALGORITHM_NOT_OFFERED -> challenge(id, request, name, own, false);
                    case STALE, REPLAYED, FORGED_NONCE, WRONG_REALM, WRONG_CREDENTIALS -> {
                      if (failure == null) {
                        wrongPassword(user, flow, began);
                      }
                      refuse(id, request, began, failure);
                    }
                  }
                },
                edge.loop());
  }

  /** Nobody is judged just now, whether there is such a name or not. */
  private void busy(ServerTransactionId id, SipRequest request) {
    count("busy");
    edge.respond(
        id, SipMaker.later(request, 503, edge.tokens().next(), "too many wrong passwords", 2));
  }

  /** At the same time after the request for a name that is there and one that is not. */
  private void refuse(
      ServerTransactionId id, SipRequest request, long began, @Nullable Throwable failure) {
    boolean away = failure != null;
    count(away ? "unavailable" : "forbidden");
    SipResponse response =
        away
            ? SipMaker.later(request, 503, edge.tokens().next(), "the endpoint is away", 5)
            : SipMaker.response(request, 403, edge.tokens().next());
    long spent = (edge.loop().nanoTime() - began) / 1_000_000;
    var unused =
        edge.loop()
            .schedule(Math.max(0, REFUSED_AFTER_MILLIS - spent), () -> edge.respond(id, response));
  }

  private void challenge(
      ServerTransactionId id,
      SipRequest request,
      Name name,
      EndpointState.@Nullable Credentials credentials,
      boolean stale) {
    count("challenged");
    SipResponse response = SipMaker.response(request, 401, edge.layer().tag(id));
    for (String challenge :
        gate.challenges(name.realm(), offer(name.user(), credentials), stale, nowMillis())) {
      response = response.adding(HeaderName.WWW_AUTHENTICATE, challenge);
    }
    edge.respondOnce(id, response);
  }

  private DigestOffer offer(String user, EndpointState.@Nullable Credentials credentials) {
    return decoys.offer(user, credentials, edge.loop().nanoTime());
  }

  private static @Nullable StoredHa1 stored(EndpointState.@Nullable Credentials credentials) {
    return credentials == null
        ? null
        : new StoredHa1(clear(credentials.ha1Md5()), clear(credentials.ha1Sha256()));
  }

  private static @Nullable String clear(Personal<String> secret) {
    return secret.value().orElse(null);
  }

  private void accepted(ServerTransactionId id, SipRequest request, Flow flow, String user) {
    defence().letIn(user, source(flow), edge.loop().nanoTime());
    Duration kept =
        flow.protocol().isReliable()
            ? world.transport().connectionLimits().idleTimeout()
            : Duration.ZERO;
    switch (Registering.of(
        request, world.settings().minExpires(), world.settings().maxExpires(), kept)) {
      case Registering.Refused no -> {
        count(no.status() == 423 ? "too brief" : "malformed");
        SipResponse refused = SipMaker.response(request, no.status(), edge.tokens().next());
        edge.respond(
            id,
            no.status() == 423
                ? refused.with("Min-Expires", Long.toString(no.leastSeconds()))
                : refused);
      }
      case Registering.Readable(Registering registering) -> {
        Instant now = world.clock().now().wall();
        String from = Phones.flow(flow.protocol(), flow.remote());
        String way = FlowRelay.way(world, flow);
        var unused =
            CompletableFuture.supplyAsync(
                    () ->
                        world
                            .bindings()
                            .update(
                                user,
                                now,
                                held -> registering.after(held, edge.ref().name(), from, way, now)),
                    world.blocking())
                .whenCompleteAsync(
                    (bound, failure) -> answer(id, request, registering, now, bound, failure),
                    edge.loop());
      }
    }
  }

  private void answer(
      ServerTransactionId id,
      SipRequest request,
      Registering registering,
      Instant now,
      @Nullable List<SipBinding> bound,
      @Nullable Throwable failure) {
    if (bound == null) {
      LOG.warn("a registration could not be stored: {}", String.valueOf(failure));
      count("unavailable");
      edge.respond(
          id,
          SipMaker.later(request, 503, edge.tokens().next(), "the location service is away", 5));
      return;
    }
    if (!registering.isIn(bound)) {
      count("too many devices");
      edge.respond(id, SipMaker.response(request, 403, edge.tokens().next()));
      return;
    }
    edge.phones().forget(registering.user());
    count("accepted");
    List<String> supported = request.optionTags(HeaderName.SUPPORTED);
    String gruuHost = supported.contains("gruu") ? request.to().uri().host() : null;
    SipResponse ok = SipMaker.response(request, 200, edge.tokens().next());
    for (SipBinding binding : bound) {
      ok = ok.adding(HeaderName.CONTACT, Registering.contact(binding, now, gruuHost));
    }
    if (registering.outbound()) {
      ok =
          ok.with(HeaderName.REQUIRE, Registering.OUTBOUND)
              .with("Flow-Timer", Integer.toString(FLOW_TIMER_SECONDS));
    }
    if (supported.contains("path")) {
      for (String proxy : registering.path()) {
        ok = ok.adding(HeaderName.PATH, proxy);
      }
    }
    edge.respond(id, ok);
  }

  private void wrongPassword(String user, Flow flow, long nanos) {
    defence().wrongPassword(user, source(flow), nanos);
    world.doors().wrongPassword(user, source(flow));
  }

  private Defence defence() {
    return world.transport().defence();
  }

  private static InetAddress source(Flow flow) {
    return flow.remote().getAddress();
  }

  private long nowMillis() {
    return world.clock().now().wall().toEpochMilli();
  }

  private void count(String outcome) {
    world.meters().counter("tandem.edge.registrations", "outcome", outcome).increment();
  }
}
