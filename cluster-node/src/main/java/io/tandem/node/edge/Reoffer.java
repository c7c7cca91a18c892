package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Outcome;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.Glare;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import java.util.random.RandomGenerator;

/**
 * Shows a side, of our own accord, what the other side has come to be: after a transfer somebody
 * else is there. By re-INVITE, again after a glare. On the loop only.
 */
final class Reoffer {
  private static final int TRIES_MAX = 5;

  private final Edge edge;
  private final RandomGenerator random;

  Reoffer(Edge edge, RandomGenerator random) {
    this.edge = edge;
    this.random = random;
  }

  /** Offers what the other side of the call said last. */
  void show(CallSession call, Party to, Sdp otherSide) {
    attempt(call, to, otherSide, 1);
  }

  private void attempt(CallSession call, Party to, Sdp otherSide, int tries) {
    if (call.legs().phase() != Legs.Phase.CONNECTED) {
      return;
    }
    if (!to.exchanges().mayInvite()) {
      later(call, to, otherSide, tries);
      return;
    }
    to.exchanges(to.exchanges().weInvite(true));
    Dialog.Spoken spoken = to.dialog().request(SipRequest.INVITE);
    to.dialog(spoken.next());
    SipRequest sent =
        to.policy()
            .asking(
                spoken
                    .request()
                    .contact(edge.maker().contact(to.target()))
                    .header(HeaderName.ALLOW, SipMaker.ALLOW)
                    .body(Sdp.CONTENT_TYPE, to.pass().offered(call.voice().asked(otherSide)))
                    .build(),
                to.watch().agreed().inOurRequest());
    var unused =
        edge.layer()
            .request(
                sent,
                to.target(),
                new Outcome(
                    ending -> ended(call, to, otherSide, sent, tries, ending),
                    () -> acknowledge(to, sent)));
  }

  private void ended(
      CallSession call,
      Party to,
      Sdp otherSide,
      SipRequest sent,
      int tries,
      Outcome.Ending ending) {
    to.settled();
    SipResponse response = ending.response();
    if (response != null && response.isSuccess()) {
      to.dialog(to.dialog().refreshedBy(response));
      to.keep(to.policy().answered(response));
      acknowledge(to, sent);
      SdpPass.of(response)
          .filter(to.pass()::takes)
          .ifPresent(answer -> heard(call, to, otherSide, answer));
    } else if (ending.status() == 491) {
      later(call, to, otherSide, tries);
    } else if (ending.isGone()) {
      call.on(new LegInput.LegGone(to.side() == Side.B, "PEER_GONE"));
    }
  }

  private static void heard(CallSession call, Party to, Sdp otherSide, Sdp answer) {
    to.heardAnswer(answer);
    call.opposite(to)
        .ifPresent(
            offerer ->
                CodecMatch.agree(otherSide, answer)
                    .ifPresent(agreed -> call.hear(offerer, agreed, false)));
  }

  private void later(CallSession call, Party to, Sdp otherSide, int tries) {
    if (tries < TRIES_MAX) {
      var unused =
          edge.loop()
              .schedule(
                  Glare.waitMillis(to.dialog().role(), random),
                  () -> attempt(call, to, otherSide, tries + 1));
    }
  }

  private void acknowledge(Party to, SipRequest sent) {
    var unused =
        edge.layer().acknowledge(to.dialog().ack(sent.cseq().number()).build(), to.target());
  }
}
