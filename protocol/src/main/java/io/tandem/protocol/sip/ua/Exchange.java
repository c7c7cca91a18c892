package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One request other than INVITE, with one more try for each challenge that gives hope. */
final class Exchange implements ClientUser {

  private static final int TRIES_MAX = 3;

  private final UaLine line;
  private final Target target;
  private final Supplier<SipRequest> attempts;
  private final Consumer<UaAnswer> done;
  private int tries;

  /**
   * @param attempts makes the request anew for each try, with a new CSeq
   */
  Exchange(UaLine line, Target target, Supplier<SipRequest> attempts, Consumer<UaAnswer> done) {
    this.line = line;
    this.target = target;
    this.attempts = attempts;
    this.done = done;
  }

  void start() {
    tries++;
    line.agent().layer().request(line.challenges().authorize(attempts.get()), target, this);
  }

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    if (response.isProvisional()) {
      return;
    }
    if (tries < TRIES_MAX && line.challenges().challenged(response, tries > 1)) {
      start();
    } else {
      done.accept(UaAnswer.of(response));
    }
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    done.accept(UaAnswer.TIMED_OUT);
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    done.accept(UaAnswer.NOT_SENT);
  }
}
