package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.dialog.Glare;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An INVITE of ours within a dialog (RFC 3261 14.1). */
final class ReInvite implements ClientUser {

  private static final int TRIES_MAX = 3;

  private final UaCall call;
  private final Sdp offer;
  private final Consumer<UaAnswer> done;
  private int tries;
  private boolean waiting;
  private @Nullable SentAck sentAck;
  private @Nullable Target ackedAt;

  ReInvite(UaCall call, Sdp offer, Consumer<UaAnswer> done) {
    this.call = call;
    this.offer = offer;
    this.done = done;
  }

  /** Whether nothing of it is under way: it waits after a glare. */
  boolean isWaiting() {
    return waiting;
  }

  void start() {
    waiting = false;
    tries++;
    UaLine line = call.line();
    SipRequest request =
        call.speak(SipRequest.INVITE)
            .contact(line.contact(call.fallback()))
            .body(Sdp.CONTENT_TYPE, offer.bytes())
            .build();
    layer().request(line.challenges().authorize(request), call.target(), this);
  }

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    if (response.isSuccess()) {
      success(response);
    } else if (response.isFinal()) {
      failure(response);
    }
  }

  private void success(SipResponse response) {
    SentAck known = sentAck;
    if (known != null) {
      layer().repeatAck(known, Objects.requireNonNull(ackedAt));
      return;
    }
    call.dialog(call.knownDialog().refreshedBy(response));
    ackedAt = call.target();
    long cseq = response.cseq().number();
    sentAck = layer().acknowledge(call.knownDialog().ack(cseq).build(), call.target());
    UaCall.sdpOf(response).ifPresent(call::described);
    done.accept(UaAnswer.of(response));
  }

  private void failure(SipResponse response) {
    if (response.status() == 491 && tries < TRIES_MAX) {
      afterGlare();
      return;
    }
    boolean gone = response.status() == 481 || response.status() == 408; // 12.2.1.2
    if (tries < TRIES_MAX && call.line().challenges().challenged(response, tries > 1)) {
      start();
      return;
    }
    done.accept(UaAnswer.of(response));
    if (gone) {
      call.bye(CallEnd.Cause.TIMED_OUT, response.status());
    }
  }

  /** Theirs crossed ours: try again after the RFC's wait (14.1). */
  private void afterGlare() {
    UserAgent agent = call.line().agent();
    RandomGenerator random = new SplittableRandom(agent.tokens().next().hashCode());
    waiting = true;
    long waitMillis = Glare.waitMillis(call.knownDialog().role(), random);
    agent
        .loop()
        .schedule(
            waitMillis,
            () -> {
              if (call.state() == UaCall.State.ANSWERED) {
                start();
              } else {
                done.accept(new UaAnswer(481, null));
              }
            });
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    done.accept(UaAnswer.TIMED_OUT);
    call.bye(CallEnd.Cause.TIMED_OUT, 408);
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    done.accept(UaAnswer.NOT_SENT);
  }

  private TransactionLayer layer() {
    return call.line().agent().layer();
  }
}
