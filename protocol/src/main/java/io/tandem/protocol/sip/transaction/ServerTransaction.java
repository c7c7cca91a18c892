package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.fsm.Input;
import io.tandem.protocol.sip.transaction.fsm.Output;
import io.tandem.protocol.sip.transaction.fsm.Phase;
import io.tandem.protocol.sip.transaction.fsm.TransactionMachine;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A server transaction with the response it repeats. */
final class ServerTransaction extends Transaction {

  private final TransactionLayer layer;
  private final ServerTransactionId id;
  private final Flow flow;
  private final Consumer<SendFailure> onFailure;
  private @Nullable SipRequest request; // until it is answered with a final response
  private @Nullable SipResponse lastResponse;
  private @Nullable String answeredTag;

  ServerTransaction(
      TransactionLayer layer,
      ServerTransactionId id,
      TransactionMachine machine,
      TimerWheel wheel,
      SipRequest request,
      Flow flow) {
    super(machine, wheel);
    this.layer = layer;
    this.id = id;
    this.request = request;
    this.flow = flow;
    this.onFailure = failure -> layer.onLoopLater(() -> sendFailed(failure));
  }

  ServerTransactionId id() {
    return id;
  }

  Flow flow() {
    return flow;
  }

  /** The To tag this transaction was answered with; null before it was. */
  @Nullable String answeredTag() {
    return answeredTag;
  }

  @Override
  void act(Output.Act act, @Nullable SipMessage message) {
    switch (act) {
      case PASS_TO_TU -> layer.pass(this, (SipRequest) Objects.requireNonNull(message));
      case SEND_RESPONSE -> remember((SipResponse) Objects.requireNonNull(message));
      case SEND_TRYING -> trying();
      case RESEND_RESPONSE -> send();
      case TIMED_OUT -> layer.unacknowledged(id);
      default -> throw new IllegalStateException(act + " is not for a server");
    }
  }

  private void remember(SipResponse response) {
    lastResponse = response;
    answeredTag = response.toTag();
    if (response.isFinal()) {
      request = null;
    }
    send();
    if (phase() == Phase.ACCEPTED) {
      lastResponse = null; // the user repeats a 2xx to an INVITE: 32 s is long to keep it
    }
  }

  private void trying() {
    SipRequest unanswered = request;
    if (unanswered != null) {
      remember(SipResponse.to(unanswered, 100, null));
    }
  }

  private void send() {
    SipResponse response = lastResponse;
    if (response != null) {
      layer.wire().respond(response, flow, onFailure);
    }
  }

  @Override
  void userFailed(RuntimeException mistake) {
    layer.userFailed(mistake);
    SipRequest unanswered = request;
    if (unanswered != null) {
      step(Input.FAILURE, SipResponse.to(unanswered, 500, layer.newTag()));
    }
  }

  @Override
  void transportFailed(SendFailure failure) {
    layer.serverTransportFailed(id, failure);
  }

  @Override
  void forget() {
    layer.forget(this);
  }
}
