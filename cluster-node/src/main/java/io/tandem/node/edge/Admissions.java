package io.tandem.node.edge;

import io.tandem.node.edge.trunk.CallerId;
import io.tandem.node.edge.trunk.Carrier;
import io.tandem.node.edge.trunk.Carriers;
import io.tandem.persistence.call.Arrival;
import io.tandem.persistence.trunk.TrunkTerms;
import io.tandem.protocol.sip.auth.DigestAnswer;
import io.tandem.protocol.sip.auth.DigestGate;
import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.auth.DigestVerdict;
import io.tandem.protocol.sip.auth.NonceMint;
import io.tandem.protocol.sip.auth.StoredHa1;
import io.tandem.protocol.sip.defence.Offence;
import io.tandem.protocol.sip.identity.Verification;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who brings a call, and whether it is taken from them (TEL-3, MKT-10): a trunk is known by its
 * certificate, its address or its credentials; its limits are the trunk entity's to keep. Where
 * only known callers are served, strangers are challenged. On the loop only.
 */
final class Admissions {
  private static final int RETRY_AFTER_SECONDS = 5;
  private static final long NONCE_LIFE_MILLIS = 60_000;
  private static final int REMEMBERED_NONCES = 20_000;

  private final Edge edge;
  private final EdgeWorld world;
  private final Carriers carriers;
  private final DigestGate gate;
  private final Map<ServerTransactionId, Waiting> waiting = new HashMap<>();

  /** An INVITE whose trunk is being asked. */
  private record Waiting(SipRequest invite, CallSession call) {}

  Admissions(Edge edge, EdgeWorld world, Carriers carriers) {
    this.edge = edge;
    this.world = world;
    this.carriers = carriers;
    byte[] secret =
        world
            .blinder()
            .blind("sip-nonce", world.settings().realm())
            .getBytes(StandardCharsets.US_ASCII);
    this.gate =
        new DigestGate(
            world.settings().realm(),
            new NonceMint(
                secret,
                world.settings().realm(),
                edge.ref() + " trunks",
                NONCE_LIFE_MILLIS,
                new SecureRandom()),
            REMEMBERED_NONCES);
  }

  /** The trunk a call comes from. */
  Optional<Carrier> carrier(SipRequest invite, Flow flow) {
    return carriers.knownBy(flow).or(() -> byCredentials(invite, flow));
  }

  private Optional<Carrier> byCredentials(SipRequest invite, Flow flow) {
    String given = invite.header(HeaderName.PROXY_AUTHORIZATION);
    DigestAnswer answer = given == null ? null : DigestAnswer.parse(given).orElse(null);
    if (answer == null) {
      return Optional.empty();
    }
    long now = edge.loop().nanoTime();
    if (!world.transport().defence().mayTry(answer.username(), flow.remote().getAddress(), now)) {
      return Optional.empty();
    }
    Carrier claimed = carriers.withLogin(answer.username()).orElse(null);
    DigestVerdict verdict =
        gate.check(
            answer,
            SipRequest.INVITE,
            stored(claimed),
            DigestOffer.BOTH,
            world.clock().now().wall().toEpochMilli());
    if (verdict == DigestVerdict.ACCEPTED && claimed != null) {
      world.transport().defence().letIn(answer.username(), flow.remote().getAddress(), now);
      return Optional.of(claimed);
    }
    if (verdict == DigestVerdict.WRONG_CREDENTIALS) {
      world.transport().defence().wrongPassword(answer.username(), flow.remote().getAddress(), now);
      world.doors().wrongPassword(answer.username(), flow.remote().getAddress());
    }
    return Optional.empty();
  }

  private @Nullable StoredHa1 stored(@Nullable Carrier carrier) {
    TrunkTerms.Login login = carrier == null ? null : carrier.terms().login();
    String password = login == null ? null : login.password().value().orElse(null);
    return login == null || password == null
        ? null
        : StoredHa1.of(login.username(), world.settings().realm(), password);
  }

  /** A call to nobody is remembered of its sender (ACC-8). */
  void nobodys(Flow flow) {
    world
        .transport()
        .defence()
        .offended(flow.remote().getAddress(), Offence.UNKNOWN_NUMBER, edge.loop().nanoTime());
  }

  /** Whether nobody unknown is served here. */
  boolean refusesStrangers() {
    return world.settings().knownCallersOnly();
  }

  /** A stranger is asked who it is. */
  SipResponse challenge(SipRequest invite, String tag) {
    SipResponse response = SipMaker.response(invite, 407, tag);
    for (String challenge :
        gate.challenges(DigestOffer.BOTH, false, world.clock().now().wall().toEpochMilli())) {
      response = response.adding(HeaderName.PROXY_AUTHENTICATE, challenge);
    }
    return response;
  }

  /** The E.164 digits that a caller dialled; empty when it is no number. */
  static String dialled(SipRequest invite, @Nullable Carrier carrier) {
    String user = invite.uri().userText();
    return carrier == null ? digits(user) : carrier.numbers().read(user).orElse("");
  }

  /** The caller's: a trunk asserts it (RFC 3325), from others it is what From says. */
  static String caller(SipRequest invite, @Nullable Carrier carrier) {
    if (carrier == null) {
      return digits(invite.from().uri().userText());
    }
    Stream<SipUri> asserted =
        invite.addresses(HeaderName.P_ASSERTED_IDENTITY).stream().map(NameAddress::uri);
    String from = invite.from().uri().userText();
    return Stream.concat(asserted.map(SipUri::userText), Stream.of(from))
        .flatMap(user -> carrier.numbers().read(user).stream())
        .findFirst()
        .orElseGet(() -> digits(from));
  }

  /**
   * Whom other networks are shown as the caller (TEL-12): the number that a trunk brought, as
   * another's. Whoever else calls claims a number that nobody has verified: of them they see the
   * number that was called, which is ours.
   */
  static CallerId callerId(
      SipRequest invite, @Nullable Carrier carrier, String number, String called) {
    if (CallerShown.isHidden(invite)) {
      return CallerId.NOBODY;
    }
    return carrier == null
        ? new CallerId(called, null, true)
        : new CallerId(number, invite.from().display(), false);
  }

  /** What only a network we trust may say of a call (RFC 3325, RFC 7044), taken off. */
  static SipRequest unasserted(SipRequest invite) {
    return invite.without(HeaderName.P_ASSERTED_IDENTITY).without(HeaderName.HISTORY_INFO);
  }

  /**
   * Asks the trunk's limits, then who vouches for the caller.
   *
   * @param from E.164 digits of the caller
   * @param to E.164 digits of our number
   * @param take the call fits; it is dropped when it does not, or the caller gave up meanwhile
   */
  void admit(
      Carrier carrier, CallSession call, SipRequest invite, String from, String to, Runnable take) {
    ServerTransactionId id = call.callerInvite().transaction();
    waiting.put(id, new Waiting(invite, call));
    carriers.admit(
        carrier,
        call.callId(),
        refusal -> {
          if (refusal.isEmpty()) {
            judge(
                invite,
                from,
                to,
                verification -> {
                  if (waiting.remove(id) != null) {
                    call.callerInvite().arrived(arrival(carrier, verification));
                    take.run();
                  }
                });
          } else if (waiting.remove(id) != null) {
            drop(call);
            refuse(call, invite, refusal.get());
          }
        });
  }

  private void drop(CallSession call) {
    call.relay().close();
    carriers.over(call.callId());
  }

  private static Arrival arrival(Carrier carrier, Verification verification) {
    return new Arrival(
        carrier.id(),
        verification.verstat(),
        verification instanceof Verification.Vouched vouched ? vouched.attestation().name() : "",
        verification instanceof Verification.Doubtful doubtful ? doubtful.why() : "");
  }

  /** Who vouches for the caller's number (TEL-12). */
  private void judge(SipRequest invite, String from, String to, Consumer<Verification> then) {
    world
        .vouching()
        .judge(
            invite.header("Identity"),
            from,
            to,
            edge.loop(),
            verification -> {
              world
                  .meters()
                  .counter("tandem.sip.identity", "result", verification.verstat())
                  .increment();
              then.accept(verification);
            });
  }

  private void refuse(CallSession call, SipRequest invite, String reason) {
    int status = reason.equals("OFF") ? 403 : 503;
    String tag = call.caller().dialog().localTag();
    edge.count("trunk " + reason.toLowerCase(java.util.Locale.ROOT), status);
    edge.respond(
        call.callerInvite().transaction(),
        status == 403
            ? SipMaker.response(invite, 403, tag)
            : SipMaker.later(invite, 503, tag, "the trunk is at its limit", RETRY_AFTER_SECONDS));
  }

  /** The caller gave up while its trunk was being asked: whether that was so. */
  boolean cancelled(ServerTransactionId id) {
    Waiting gone = waiting.remove(id);
    if (gone == null) {
      return false;
    }
    drop(gone.call());
    edge.respond(
        id, SipMaker.response(gone.invite(), 487, gone.call().caller().dialog().localTag()));
    return true;
  }

  /**
   * E.164 digits of a user part: a plus, dashes, dots and brackets are for people (RFC 3966). Empty
   * when it is no number.
   */
  static String digits(String user) {
    StringBuilder digits = new StringBuilder(15);
    for (int i = 0; i < user.length(); i++) {
      char c = user.charAt(i);
      if (c >= '0' && c <= '9') {
        digits.append(c);
      } else if (c != '+' && c != '-' && c != '.' && c != '(' && c != ')') {
        return "";
      }
    }
    return digits.length() > 15 ? "" : digits.toString();
  }
}
