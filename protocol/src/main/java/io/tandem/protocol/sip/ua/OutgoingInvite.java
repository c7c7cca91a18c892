package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.reliable.ReliableReceipt;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A call of ours until it is answered (RFC 3261 13.2): challenges, provisional responses, CANCEL,
 * forks, ACK.
 */
final class OutgoingInvite implements UaCall.Setup, ClientUser {

  private static final int TRIES_MAX = 3;

  private final UaCall call;
  private final SipUri to;
  private final List<HeaderField> headers;
  private final String callId;
  private final Map<String, ReliableReceipt> receipts = new HashMap<>();
  private int tries;
  private @Nullable SipRequest invite;
  private @Nullable ClientTransactionId transaction;
  private @Nullable SentAck sentAck;
  private @Nullable Target ackedAt;
  private boolean givenUp;

  OutgoingInvite(UaCall call, SipUri to, List<HeaderField> headers) {
    this.call = call;
    this.to = to;
    this.headers = headers;
    this.callId = call.line().agent().tokens().next();
  }

  void start() {
    UaLine line = call.line();
    tries++;
    CallMedia media = Objects.requireNonNull(call.media());
    Sdp offer = call.issue(media.offer(Direction.SENDRECV));
    UaIdentity identity = line.identity();
    SipRequest.Builder request =
        SipRequest.builder(SipRequest.INVITE, to)
            .maxForwards(70)
            .from(NameAddress.of(identity.display(), identity.address()).withTag(call.localTag()))
            .to(NameAddress.of(to))
            .callId(callId)
            .cseq(tries)
            .contact(line.contact(identity.proxy()))
            .header(HeaderName.ALLOW, UserAgent.ALLOW)
            .header(HeaderName.USER_AGENT, UserAgent.NAME)
            .fields(headers)
            .body(Sdp.CONTENT_TYPE, offer.bytes());
    SipRequest sent = line.challenges().authorize(request.build());
    invite = sent;
    transaction = line.agent().layer().request(sent, identity.proxy(), this);
  }

  @Override
  public SipRequest invite() {
    return Objects.requireNonNull(invite, "not sent yet");
  }

  @Override
  public boolean awaitsAck() {
    return false;
  }

  @Override
  public void giveUp() {
    givenUp = true;
    ClientTransactionId open = transaction;
    if (open != null) {
      call.line().agent().layer().cancel(open, null);
    }
  }

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    if (response.isProvisional()) {
      provisional(response);
    } else if (response.isSuccess()) {
      success(response);
    } else if (!givenUp
        && tries < TRIES_MAX
        && call.line().challenges().challenged(response, tries > 1)) {
      start();
    } else {
      boolean cancelled = givenUp && response.status() == 487;
      CallEnd.Cause cause = cancelled ? CallEnd.Cause.CANCELLED : CallEnd.Cause.REFUSED;
      call.end(new CallEnd(cause, response.status(), false));
    }
  }

  private void provisional(SipResponse response) {
    if (response.status() == 100 || call.state() == UaCall.State.ANSWERED) {
      return;
    }
    String tag = String.valueOf(response.toTag());
    ReliableReceipt.Taken taken = receipts.getOrDefault(tag, ReliableReceipt.NONE).on(response);
    if (taken.duty() == ReliableReceipt.Duty.IGNORE) {
      return;
    }
    receipts.put(tag, taken.next());
    Dialog.uac(invite(), response, false).filter(this::isNew).ifPresent(call::dialog);
    if (taken.duty() == ReliableReceipt.Duty.ACKNOWLEDGE && call.dialog() != null) {
      String acknowledged = RAck.to(response).value();
      call.exchange(
          () -> call.speak(SipRequest.PRACK).header(RAck.HEADER, acknowledged).build(),
          answer -> {});
    }
    UaCall.sdpOf(response).ifPresent(call::described);
    call.rang();
  }

  /** Its numbers go on where the dialog is known. */
  private boolean isNew(Dialog dialog) {
    Dialog known = call.dialog();
    return known == null || !known.id().equals(dialog.id());
  }

  private void success(SipResponse response) {
    Dialog dialog = Dialog.uac(invite(), response, false).orElse(null);
    if (dialog == null) {
      call.end(new CallEnd(CallEnd.Cause.REFUSED, response.status(), false)); // nothing to speak to
    } else if (call.state() == UaCall.State.CALLING || call.state() == UaCall.State.RINGING) {
      first(response, dialog);
    } else if (sentAck != null && dialog.id().equals(call.knownDialog().id())) {
      call.line().agent().layer().repeatAck(sentAck, Objects.requireNonNull(ackedAt));
    } else {
      endFork(dialog);
    }
  }

  private void first(SipResponse response, Dialog dialog) {
    call.dialog(isNew(dialog) ? dialog : call.knownDialog().confirmedBy(response));
    call.accepted();
    ackedAt = call.target();
    sentAck =
        call.line()
            .agent()
            .layer()
            .acknowledge(dialog.ack(dialog.inviteCseq()).build(), call.target());
    UaCall.sdpOf(response).ifPresent(call::described);
    if (givenUp) {
      call.bye(CallEnd.Cause.HUNG_UP_HERE, 200); // the CANCEL came too late
    } else {
      call.established();
    }
  }

  /** A second phone answered too: acknowledge and end it (13.2.2.4). */
  private void endFork(Dialog fork) {
    UserAgent agent = call.line().agent();
    agent.layer().acknowledge(fork.ack(fork.inviteCseq()).build(), call.fallback());
    new Exchange(
            call.line(),
            call.fallback(),
            () -> fork.request(SipRequest.BYE).request().build(),
            answer -> {})
        .start();
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    CallEnd.Cause cause = givenUp ? CallEnd.Cause.CANCELLED : CallEnd.Cause.TIMED_OUT;
    call.end(new CallEnd(cause, 408, false));
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    call.end(new CallEnd(CallEnd.Cause.NOT_SENT, 503, false));
  }
}
