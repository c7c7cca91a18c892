package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.dialog.Outcome;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.Exchanges;
import io.tandem.protocol.sip.dialog.SessionTimer;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One side of a connected call describes itself anew (hold, mute, new ports) by re-INVITE or
 * UPDATE: that passes to the other side and back with the media still anchored, also where the
 * offer comes late, in the 2xx. What describes nothing new only refreshes this leg and is answered
 * here (RFC 4028). On the loop only.
 */
final class Renegotiation {
  private final Edge edge;
  private final RandomGenerator random;
  private final Map<ServerTransactionId, ClientTransactionId> passing = new HashMap<>();

  Renegotiation(Edge edge, RandomGenerator random) {
    this.edge = edge;
    this.random = random;
  }

  /**
   * A change on its way through: who asked what, and what we asked the other side.
   *
   * @param offer null when the other side is to make it
   */
  private record Passing(
      ServerTransactionId id,
      SipRequest request,
      CallSession call,
      Party from,
      Party to,
      @Nullable Sdp offer,
      SipRequest passed) {}

  /** An INVITE or UPDATE in a dialog of the call. */
  void request(ServerTransactionId id, SipRequest request, CallSession call, Party from) {
    boolean offers = request.body().length > 0;
    Sdp offer = SdpPass.of(request).orElse(null);
    boolean update = request.is(SipRequest.UPDATE);
    if (call.legs().phase() != Legs.Phase.CONNECTED) {
      early(id, request, offers);
    } else if (from.policy().refuses(request)) {
      edge.respond(id, from.policy().tooBrief(request, null));
    } else if (offers && (offer == null || edge.objects(offer))) {
      edge.respond(id, SipMaker.response(request, 488, null));
    } else if (update ? !offers : offer != null && from.said(offer)) {
      refreshed(id, request, call, from, offer);
    } else {
      pass(id, request, call, from, offer);
    }
  }

  /** RFC 3261 14.2, RFC 3311 5.2: the INVITE itself, and its offer, have no answer yet. */
  private void early(ServerTransactionId id, SipRequest request, boolean offers) {
    if (request.is(SipRequest.UPDATE) && !offers) {
      edge.respond(id, SipMaker.response(request, 200, null));
    } else {
      refuse(id, request, Exchanges.Refusal.TOO_SOON);
    }
  }

  private void refuse(ServerTransactionId id, SipRequest request, Exchanges.Refusal refusal) {
    SipResponse no = SipMaker.response(request, refusal.status(), null);
    int seconds = random.nextInt(Exchanges.RETRY_AFTER_SECONDS_MAX + 1);
    edge.respond(
        id,
        refusal == Exchanges.Refusal.TOO_SOON
            ? no.with(HeaderName.RETRY_AFTER, Integer.toString(seconds))
            : no);
  }

  /** Nothing new for the other side: this leg's timer and target are refreshed (RFC 4028 9). */
  private void refreshed(
      ServerTransactionId id,
      SipRequest request,
      CallSession call,
      Party from,
      @Nullable Sdp offer) {
    Exchanges.Refusal refusal = offer == null ? null : from.exchanges().onInvite().orElse(null);
    if (refusal != null) {
      refuse(id, request, refusal);
      return;
    }
    if (offer != null) {
      from.heardOffer(offer);
    }
    byte[] answer = offer == null ? null : from.pass().answeredAgain();
    grant(id, request, call, from, answer);
  }

  /** The 200, with what it agrees about the session timer. */
  private void grant(
      ServerTransactionId id,
      SipRequest request,
      CallSession call,
      Party from,
      byte @Nullable [] description) {
    SessionTimer timer = from.policy().answering(request);
    SipResponse plain =
        from.policy()
            .granted(
                SipMaker.response(request, 200, null)
                    .withContact(edge.maker().contact(from.target()))
                    .with(HeaderName.ALLOW, SipMaker.ALLOW),
                request,
                timer);
    SipResponse ok = description == null ? plain : plain.withBody(Sdp.CONTENT_TYPE, description);
    from.keep(timer);
    if (request.is(SipRequest.INVITE)) {
      edge.pendingAcks().send(id, ok, () -> call.on(new LegInput.CallerSilent()));
    } else {
      edge.respond(id, ok);
    }
  }

  private void pass(
      ServerTransactionId id,
      SipRequest request,
      CallSession call,
      Party from,
      @Nullable Sdp offer) {
    Party to = call.opposite(from).orElse(null);
    boolean update = request.is(SipRequest.UPDATE);
    Optional<Exchanges.Refusal> refusal =
        update ? from.exchanges().onUpdate(true) : from.exchanges().onInvite();
    boolean byUpdate = update && to != null && to.takesUpdate();
    if (refusal.isPresent()) {
      refuse(id, request, refusal.get());
    } else if (to == null || !(byUpdate ? to.exchanges().mayOffer() : to.exchanges().mayInvite())) {
      refuse(id, request, Exchanges.Refusal.PENDING);
    } else {
      boolean offers = offer != null;
      from.exchanges(update ? from.exchanges().theyOffer() : from.exchanges().theyInvite(offers));
      to.exchanges(byUpdate ? to.exchanges().weOffer() : to.exchanges().weInvite(offers));
      SipRequest passed = passed(byUpdate ? SipRequest.UPDATE : SipRequest.INVITE, call, to, offer);
      Passing change = new Passing(id, request, call, from, to, offer, passed);
      ClientTransactionId asked =
          edge.layer()
              .request(
                  passed,
                  to.target(),
                  new Outcome(ending -> ended(change, ending), () -> acknowledgeAgain(change)));
      if (!update) {
        passing.put(id, asked);
      }
    }
  }

  /**
   * Who asked gave up: so do we on the other side, whose answer, usually a 487, is the answer to
   * both (RFC 3261 9.1, 9.2). Whether it was under way here.
   */
  boolean cancelled(ServerTransactionId invite) {
    ClientTransactionId asked = passing.get(invite);
    if (asked != null) {
      edge.layer().cancel(asked, null);
    }
    return asked != null;
  }

  private SipRequest passed(String method, CallSession call, Party to, @Nullable Sdp offer) {
    Dialog.Spoken spoken = to.dialog().request(method);
    to.dialog(spoken.next());
    SipRequest.Builder built =
        spoken
            .request()
            .contact(edge.maker().contact(to.target()))
            .header(HeaderName.ALLOW, SipMaker.ALLOW);
    if (offer != null) {
      built.body(Sdp.CONTENT_TYPE, to.pass().offered(call.voice().asked(offer)));
    }
    return to.policy().asking(built.build(), to.watch().agreed().inOurRequest());
  }

  private void ended(Passing p, Outcome.Ending ending) {
    passing.remove(p.id());
    SipResponse response = ending.response();
    if (response == null || !response.isSuccess()) {
      settle(p);
      edge.respond(p.id(), SipMaker.response(p.request(), told(ending.status()), null));
      if (ending.isGone()) {
        p.call().on(new LegInput.LegGone(p.to().side() == Side.B, "PEER_GONE"));
      }
      return;
    }
    p.to().dialog(p.to().dialog().refreshedBy(response));
    p.to().keep(p.to().policy().answered(response));
    Sdp described = SdpPass.of(response).orElse(null);
    if (p.offer() == null) {
      offeredLate(p, described);
    } else {
      answered(p, p.offer(), described);
    }
  }

  /** What concerns our own leg alone is no answer to the other one. */
  private static int told(int status) {
    return switch (status) {
      case 401, 407, 422, 503 -> 500;
      case 481 -> 408;
      default -> status;
    };
  }

  private void answered(Passing p, Sdp offer, @Nullable Sdp answer) {
    settle(p);
    acknowledge(p, null);
    CodecMatch.Agreement agreed = agreed(offer, answer, p.to());
    if (answer == null || agreed == null) {
      edge.respond(p.id(), SipMaker.response(p.request(), 488, null));
      return;
    }
    p.from().heardOffer(offer);
    p.to().heardAnswer(answer);
    p.call().hear(p.from(), agreed, true);
    grant(p.id(), p.request(), p.call(), p.from(), p.from().pass().answered(agreed.answer()));
    attest(p);
  }

  /**
   * The other side made the offer; the answer to it comes in the ACK of who asked, and leaves in
   * ours (RFC 3261 13.2.1). Where either cannot be taken, what was in force stays.
   */
  private void offeredLate(Passing p, @Nullable Sdp offer) {
    if (offer == null || edge.objects(offer)) {
      settle(p);
      acknowledge(p, p.to().pass().answeredAgain());
      edge.respond(p.id(), SipMaker.response(p.request(), 488, null));
      return;
    }
    p.from().onceAcknowledged(ack -> answeredLate(p, offer, SdpPass.of(ack).orElse(null)));
    grant(
        p.id(),
        p.request(),
        p.call(),
        p.from(),
        p.from().pass().offered(p.call().voice().asked(offer)));
  }

  private void answeredLate(Passing p, Sdp offer, @Nullable Sdp answer) {
    settle(p);
    CodecMatch.Agreement agreed = agreed(offer, answer, p.from());
    if (answer == null || agreed == null) {
      acknowledge(p, p.to().pass().answeredAgain());
      return;
    }
    p.to().heardOffer(offer);
    p.from().heardAnswer(answer);
    p.call().hear(p.to(), agreed, true);
    acknowledge(p, p.to().pass().answered(agreed.answer()));
    attest(p);
  }

  /** What the two come to; null when the answer cannot be taken. */
  private static CodecMatch.@Nullable Agreement agreed(
      Sdp offer, @Nullable Sdp answer, Party answerer) {
    return answer != null && answerer.pass().takes(answer)
        ? CodecMatch.agree(offer, answer).orElse(null)
        : null;
  }

  private static void settle(Passing p) {
    p.from().settled();
    p.to().settled();
  }

  private void acknowledge(Passing p, byte @Nullable [] answer) {
    if (p.passed().is(SipRequest.INVITE)) {
      SipRequest.Builder ack = p.to().dialog().ack(p.passed().cseq().number());
      if (answer != null) {
        ack.body(Sdp.CONTENT_TYPE, answer);
      }
      p.to().acknowledged(edge.layer().acknowledge(ack.build(), p.to().target()));
    }
  }

  /** RFC 3261 14.1, 13.2.2.4: each 2xx gets its ACK, also one that comes again. */
  private void acknowledgeAgain(Passing p) {
    SentAck ack = p.to().lastAck();
    if (ack != null && ack.cseq() == p.passed().cseq().number()) {
      edge.layer().repeatAck(ack, p.to().target());
    }
  }

  /** QT-6: a survivor needs the dialogs as they are now; the timer goes on. */
  private void attest(Passing p) {
    attest(p.call(), p.from());
    attest(p.call(), p.to());
  }

  private void attest(CallSession call, Party party) {
    call.attest(
        new CallCommand.LegRefreshed(
            party.side() == Side.B, party.stored(), party.onHold(), edge.clock().now().wall()));
  }
}
