package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The requests within a call's dialog, both ways: re-INVITE, UPDATE, BYE and the rest (RFC 3261 14
 * and 15).
 */
final class Established {

  private final UaCall call;
  private @Nullable ReInvite ours;
  private @Nullable SipResponse theirs; // our 2xx to their re-INVITE, until its ACK

  Established(UaCall call) {
    this.call = call;
  }

  void reinvite(Direction direction, CompletableFuture<UaAnswer> outcome) {
    CallMedia media = call.media();
    if (call.state() != UaCall.State.ANSWERED || media == null) {
      outcome.complete(new UaAnswer(481, null));
    } else if (ours != null) {
      outcome.complete(new UaAnswer(491, null));
    } else {
      Sdp offer = call.issue(media.offer(direction));
      ReInvite reinvite =
          new ReInvite(
              call,
              offer,
              answer -> {
                ours = null;
                outcome.complete(answer);
              });
      ours = reinvite;
      reinvite.start();
    }
  }

  /** A request of this dialog; ACK and CANCEL go another way. */
  void receive(ServerTransactionId id, SipRequest request) {
    switch (call.knownDialog().hear(request)) {
      case Dialog.Heard.OutOfOrder late -> respond(id, SipResponse.to(request, 500, null));
      case Dialog.Heard.InOrder heard -> {
        call.dialog(heard.next());
        inOrder(id, request);
      }
    }
  }

  private void inOrder(ServerTransactionId id, SipRequest request) {
    switch (request.method()) {
      case SipRequest.BYE -> bye(id, request);
      case SipRequest.INVITE -> theirReinvite(id, request);
      case SipRequest.UPDATE -> update(id, request);
      case SipRequest.PRACK -> prack(id, request);
      case SipRequest.OPTIONS, SipRequest.INFO, SipRequest.NOTIFY ->
          respond(id, SipResponse.to(request, 200, null).with(HeaderName.ALLOW, UserAgent.ALLOW));
      default ->
          respond(id, SipResponse.to(request, 405, null).with(HeaderName.ALLOW, UserAgent.ALLOW));
    }
  }

  private void prack(ServerTransactionId id, SipRequest prack) {
    if (call.setup() instanceof IncomingInvite incoming) {
      incoming.prack(id, prack);
    } else {
      respond(id, SipResponse.to(prack, 481, null));
    }
  }

  private void bye(ServerTransactionId id, SipRequest bye) {
    respond(id, SipResponse.to(bye, 200, null));
    if (call.setup() instanceof IncomingInvite incoming) {
      incoming.stopRepeating();
      incoming.hungUpEarly();
    }
    call.end(new CallEnd(CallEnd.Cause.HUNG_UP_THERE, 200, true));
  }

  private void theirReinvite(ServerTransactionId id, SipRequest invite) {
    if (ours != null && !ours.isWaiting()) {
      respond(id, SipResponse.to(invite, 491, null)); // 14.2
    } else if (call.state() != UaCall.State.ANSWERED || theirs != null) {
      respond(id, SipResponse.to(invite, 500, null).with(HeaderName.RETRY_AFTER, "1")); // 14.2
    } else {
      Optional<SipResponse> answer = answer(invite);
      if (answer.isEmpty()) {
        respond(id, SipResponse.to(invite, 488, null));
        return;
      }
      SipResponse success = answer.get();
      theirs = success;
      call.line().agent().pendingAcks().send(id, success, this::unacknowledged);
    }
  }

  /** The ACK of our 2xx to their re-INVITE is here. */
  void acknowledged(SipRequest ack) {
    SipResponse waiting = theirs;
    if (waiting != null && waiting.cseq().number() == ack.cseq().number()) {
      theirs = null;
    }
  }

  /** The call ended before that ACK: no need to repeat the 2xx. */
  void stopRepeating() {
    SipResponse waiting = theirs;
    if (waiting != null) {
      theirs = null;
      call.line().agent().pendingAcks().drop(waiting);
    }
  }

  private void unacknowledged() {
    theirs = null;
    call.bye(CallEnd.Cause.TIMED_OUT, 408);
  }

  private void update(ServerTransactionId id, SipRequest update) {
    SipResponse plain =
        SipResponse.to(update, 200, null).withContact(call.line().contact(call.fallback()));
    boolean offers = update.hasBody(Sdp.CONTENT_TYPE);
    respond(id, offers ? answer(update).orElseGet(() -> SipResponse.to(update, 488, null)) : plain);
  }

  /**
   * The 200 with our answer, or with an offer where they made none; empty when no codec is common.
   */
  private Optional<SipResponse> answer(SipRequest request) {
    CallMedia media = call.media();
    if (media == null) {
      return Optional.empty();
    }
    Optional<Sdp> offer = UaCall.sdpOf(request);
    Optional<Sdp> own =
        offer.isPresent()
            ? media.session().answer(offer.get(), Direction.SENDRECV)
            : Optional.of(media.offer(Direction.SENDRECV));
    offer.ifPresent(call::described);
    return own.map(
        sdp ->
            SipResponse.to(request, 200, null)
                .withContact(call.line().contact(call.fallback()))
                .withBody(Sdp.CONTENT_TYPE, call.issue(sdp).bytes()));
  }

  private void respond(ServerTransactionId id, SipResponse response) {
    call.line().agent().layer().respond(id, response);
  }
}
