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
import org.jspecify.annotations.Nullable;

/**
 * A server transaction with the response it repeats. It is kept for 32 s after its answer and there
 * are as many as were answered in that time: the answer is kept as it was written, to be read again
 * when the request comes again, which is rare.
 */
final class ServerTransaction extends Transaction {

  private final TransactionLayer layer;
  private final ServerTransactionId id;
  private final Flow flow;
  private @Nullable SipRequest request; // until it is answered with a final response
  private @Nullable SipResponse lastResponse; // a provisional one
  private byte @Nullable [] answer; // the final one
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
  }

  ServerTransactionId id() {
    return id;
  }

  Flow flow() {
    return flow;
  }

  /** Whether its request claims to be of a dialog. */
  boolean isWithin() {
    SipRequest unanswered = request;
    return unanswered != null && unanswered.toTag() != null;
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
      case RESEND_RESPONSE -> sendAgain();
      case TIMED_OUT -> layer.unacknowledged(id);
      default -> throw new IllegalStateException(act + " is not for a server");
    }
  }

  private void remember(SipResponse response) {
    answeredTag = response.toTag();
    if (response.isFinal()) {
      request = null;
      lastResponse = null;
      // the user repeats a 2xx to an INVITE, and on a stream nothing is repeated
      answer = phase() == Phase.COMPLETED ? response.written() : null;
    } else {
      lastResponse = response;
    }
    send(response);
  }

  private void trying() {
    SipRequest unanswered = request;
    if (unanswered != null) {
      remember(SipResponse.to(unanswered, 100, null));
    }
  }

  private void sendAgain() {
    byte[] written = answer;
    if (written != null && !layer.wire().mayRepeat(flow, written.length)) {
      return;
    }
    if ((written == null ? lastResponse : layer.read(written)) instanceof SipResponse response) {
      send(response);
    }
  }

  private void send(SipResponse response) {
    layer.wire().respond(response, flow, this::failedToSend);
  }

  private void failedToSend(SendFailure failure) {
    layer.onLoopLater(() -> sendFailed(failure));
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
