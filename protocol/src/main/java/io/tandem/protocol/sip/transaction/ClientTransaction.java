package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.fsm.Input;
import io.tandem.protocol.sip.transaction.fsm.Output;
import io.tandem.protocol.sip.transaction.fsm.Phase;
import io.tandem.protocol.sip.transaction.fsm.TransactionMachine;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client transaction with the request it repeats, the ACK for a failure, and a CANCEL that waits
 * for its moment.
 */
final class ClientTransaction extends Transaction {

  private static final int MAX_FORWARDS = 70;

  private final TransactionLayer layer;
  private final ClientTransactionId id;
  private @Nullable SipRequest request; // as long as it, its ACK or its CANCEL may be sent
  private final Target target;
  private final ClientUser user;
  private final Consumer<SendFailure> onFailure;
  private @Nullable SipRequest ack;
  private @Nullable Flow answeredOn;
  private boolean repeats;
  private boolean cancelWanted;
  private @Nullable String cancelReason;

  ClientTransaction(
      TransactionLayer layer,
      ClientTransactionId id,
      TransactionMachine machine,
      TimerWheel wheel,
      SipRequest request,
      Target target,
      ClientUser user) {
    super(machine, wheel);
    this.layer = layer;
    this.id = id;
    this.request = request;
    this.target = target;
    this.user = user;
    this.onFailure = failure -> layer.onLoopLater(() -> sendFailed(failure));
  }

  ClientTransactionId id() {
    return id;
  }

  Target target() {
    return target;
  }

  /** A response of this transaction came in. */
  void receive(SipResponse response, Flow flow) {
    answeredOn = flow;
    step(Input.response(response.status()), response);
    if (phase() == Phase.ACCEPTED || (phase() == Phase.COMPLETED && !isInvite())) {
      request = null;
    }
    if (cancelWanted && phase() == Phase.PROCEEDING) {
      sendCancel();
    }
  }

  /**
   * Gives the INVITE up: now when a provisional response is here, else as soon as one comes (9.1).
   */
  void cancel(@Nullable String reason) {
    cancelReason = reason;
    if (phase() == Phase.PROCEEDING) {
      sendCancel();
    } else if (phase() == Phase.CALLING) {
      cancelWanted = true;
    }
  }

  private void sendCancel() {
    cancelWanted = false;
    step(Input.CANCELLED, null);
    SipRequest cancel =
        sameHop(SipRequest.CANCEL, sent().headers().fieldsNamed(HeaderName.TO))
            .headerIfPresent(HeaderName.REASON, cancelReason)
            .build();
    layer.sendCancel(cancel, target);
  }

  /** What ACK (17.1.1.3) and CANCEL (9.1) copy of their INVITE. */
  private SipRequest.Builder sameHop(String method, List<HeaderField> to) {
    SipRequest invite = sent();
    return SipRequest.builder(method, invite.uri())
        .via(invite.topVia())
        .maxForwards(MAX_FORWARDS)
        .fields(invite.headers().fieldsNamed(HeaderName.ROUTE))
        .fields(invite.headers().fieldsNamed(HeaderName.FROM))
        .fields(to)
        .callId(invite.callId())
        .cseq(invite.cseq().number());
  }

  private SipRequest sent() {
    return Objects.requireNonNull(request, "nothing is sent any more in this state");
  }

  private boolean isInvite() {
    return id.method().equals(SipRequest.INVITE);
  }

  @Override
  void act(Output.Act act, @Nullable SipMessage message) {
    switch (act) {
      case SEND_REQUEST -> sendRequest();
      case SEND_ACK -> sendAck(message);
      case PASS_TO_TU ->
          user.onResponse(
              id,
              (SipResponse) Objects.requireNonNull(message),
              Objects.requireNonNull(answeredOn));
      case TIMED_OUT -> user.onTimeout(id);
      default -> throw new IllegalStateException(act + " is not for a client");
    }
  }

  /**
   * What goes to a phone or a trunk is repeated as it should be; what goes to whoever opened a
   * dialog with us only where that may hear us (ACC-8).
   */
  private void sendRequest() {
    SipRequest now = sent();
    if (!repeats || now.toTag() == null || layer.wire().mayRepeat(now, target)) {
      layer.wire().send(now, target, onFailure);
    }
    repeats = true;
  }

  private void sendAck(@Nullable SipMessage failure) {
    SipRequest built = ack;
    if (built == null) {
      SipMessage answered = Objects.requireNonNull(failure);
      built = sameHop(SipRequest.ACK, answered.headers().fieldsNamed(HeaderName.TO)).build();
      ack = built;
    }
    layer.wire().send(built, target, onFailure);
  }

  @Override
  void userFailed(RuntimeException mistake) {
    layer.userFailed(mistake);
  }

  @Override
  void transportFailed(SendFailure failure) {
    user.onTransportError(id, failure);
  }

  @Override
  void forget() {
    layer.forget(this);
  }
}
