package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.reliable.ReliableProvisionals;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call of theirs until it is answered and acknowledged (RFC 3261 13.3). */
final class IncomingInvite implements UaCall.Setup {

  private final UaCall call;
  private final ServerTransactionId id;
  private final SipRequest invite;
  private @Nullable SipResponse success;
  private @Nullable ReliableProvisionals provisionals;
  private boolean awaitsAck;
  private boolean offeredByUs;

  IncomingInvite(UaCall call, ServerTransactionId id, SipRequest invite) {
    this.call = call;
    this.id = id;
    this.invite = invite;
  }

  @Override
  public SipRequest invite() {
    return invite;
  }

  @Override
  public boolean awaitsAck() {
    return awaitsAck;
  }

  @Override
  public void giveUp() {
    refuse(603);
  }

  void ring() {
    if (undecided()) {
      provisional(response(180), invite.optionTags(HeaderName.REQUIRE).contains(RAck.OPTION));
      call.rang();
    }
  }

  /** A 183 with our answer: what is heard before somebody picks up. */
  void progress(CallMedia media) {
    Sdp own =
        UaCall.sdpOf(invite)
            .flatMap(offer -> media.session().answer(offer, Direction.SENDRECV))
            .orElse(null);
    if (undecided() && own != null) {
      call.media(media);
      boolean reliable =
          invite.optionTags(HeaderName.REQUIRE).contains(RAck.OPTION)
              || invite.optionTags(HeaderName.SUPPORTED).contains(RAck.OPTION);
      SipResponse early = response(183).withBody(Sdp.CONTENT_TYPE, call.issue(own).bytes());
      provisional(early, reliable);
      UaCall.sdpOf(invite).ifPresent(call::described);
      call.rang();
    }
  }

  private void provisional(SipResponse response, boolean reliable) {
    if (!reliable) {
      agent().layer().respond(id, response);
      return;
    }
    ReliableProvisionals sending = provisionals;
    if (sending == null) {
      sending =
          new ReliableProvisionals(
              agent().loop(),
              SipTimers.RFC_3261,
              1,
              numbered -> agent().layer().respond(id, numbered),
              () -> refuse(504));
      provisionals = sending;
    }
    sending.send(response);
  }

  /** A PRACK of theirs. */
  void prack(ServerTransactionId prackId, SipRequest prack) {
    ReliableProvisionals sending = provisionals;
    boolean known = sending != null && RAck.of(prack).filter(sending::acknowledged).isPresent();
    agent().layer().respond(prackId, SipResponse.to(prack, known ? 200 : 481, null));
  }

  boolean answer(CallMedia media) {
    if (!undecided()) {
      return false;
    }
    Optional<Sdp> offer = UaCall.sdpOf(invite);
    offeredByUs = offer.isEmpty();
    Optional<Sdp> own =
        offer.isPresent()
            ? media.session().answer(offer.get(), Direction.SENDRECV)
            : Optional.of(media.offer(Direction.SENDRECV));
    if (own.isEmpty()) {
      refuse(488);
      return false;
    }
    agent().decided(id);
    call.media(media);
    call.dialog(call.knownDialog().confirm());
    call.accepted();
    awaitsAck = true;
    SipResponse sent =
        response(200)
            .with(HeaderName.ALLOW, UserAgent.ALLOW)
            .withBody(Sdp.CONTENT_TYPE, call.issue(own.get()).bytes());
    success = sent;
    Runnable sends = () -> agent().pendingAcks().send(id, sent, this::unacknowledged);
    if (provisionals == null) {
      sends.run();
    } else {
      provisionals.beforeSuccess(sends);
    }
    offer.ifPresent(call::described);
    return true;
  }

  void refuse(int status) {
    end(status, new CallEnd(CallEnd.Cause.REFUSED, status, false));
  }

  void refuse(int status, String reason) {
    end(
        SipResponse.to(invite, status, call.localTag()).with(HeaderName.REASON, reason),
        new CallEnd(CallEnd.Cause.REFUSED, status, false));
  }

  void redirect(String contact) {
    end(
        SipResponse.to(invite, 302, call.localTag()).with(HeaderName.CONTACT, contact),
        new CallEnd(CallEnd.Cause.REFUSED, 302, false));
  }

  void cancelled() {
    end(487, new CallEnd(CallEnd.Cause.CANCELLED, 487, false));
  }

  /**
   * The caller hung up while it rang, with a BYE in the early dialog (15): the INVITE still needs
   * its end.
   */
  void hungUpEarly() {
    end(487, new CallEnd(CallEnd.Cause.HUNG_UP_THERE, 200, false));
  }

  private void end(int status, CallEnd end) {
    end(SipResponse.to(invite, status, call.localTag()), end);
  }

  private void end(SipResponse no, CallEnd end) {
    if (undecided()) {
      agent().decided(id);
      if (provisionals != null) {
        provisionals.close();
      }
      agent().layer().respond(id, no);
      call.end(end);
    }
  }

  /** The first ACK of a 2xx of this dialog; the one of a re-INVITE finds nothing to do. */
  void acknowledged(SipRequest ack) {
    if (!awaitsAck) {
      return;
    }
    awaitsAck = false;
    if (offeredByUs) {
      UaCall.sdpOf(ack).ifPresent(call::described);
    }
    call.established();
  }

  /** The other side ended the call before its ACK came: no need to repeat the 2xx. */
  void stopRepeating() {
    SipResponse waiting = success;
    if (awaitsAck && waiting != null) {
      awaitsAck = false;
      agent().pendingAcks().drop(waiting);
    }
  }

  private void unacknowledged() {
    awaitsAck = false;
    call.bye(CallEnd.Cause.TIMED_OUT, 408);
  }

  private boolean undecided() {
    return call.state() == UaCall.State.CALLING || call.state() == UaCall.State.RINGING;
  }

  private SipResponse response(int status) {
    return SipResponse.to(invite, status, call.localTag())
        .withContact(call.line().contact(call.fallback()));
  }

  private UserAgent agent() {
    return call.line().agent();
  }
}
