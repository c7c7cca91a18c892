package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Outcome;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.Glare;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import java.util.random.RandomGenerator;

/**
 * Refreshes of ours within a leg (RFC 4028 section 10): an UPDATE without a description where the
 * other side takes it, else a re-INVITE that describes once more what is in force. A leg that does
 * not know the dialog any more, or does not answer, is over. On the loop only.
 */
final class Refreshes {
  /** After a failure that proves the other side alive. */
  private static final long TRY_AGAIN_MILLIS = 10_000;

  private final Edge edge;
  private final RandomGenerator random;

  Refreshes(Edge edge, RandomGenerator random) {
    this.edge = edge;
    this.random = random;
  }

  void refresh(CallSession call, Party party) {
    if (call.legs().phase() != Legs.Phase.CONNECTED) {
      return;
    }
    if (party.takesUpdate()) {
      send(call, party, SipRequest.UPDATE);
    } else if (party.exchanges().mayInvite()) {
      party.exchanges(party.exchanges().weInvite(true));
      send(call, party, SipRequest.INVITE);
    } else {
      party.watch().tryAgain(Glare.waitMillis(party.dialog().role(), random));
    }
  }

  private void send(CallSession call, Party party, String method) {
    Dialog.Spoken spoken = party.dialog().request(method);
    party.dialog(spoken.next());
    SipRequest.Builder built =
        spoken
            .request()
            .contact(edge.maker().contact(party.target()))
            .header(HeaderName.ALLOW, SipMaker.ALLOW);
    if (method.equals(SipRequest.INVITE)) {
      built.body(Sdp.CONTENT_TYPE, party.pass().offeredAgain());
    }
    SipRequest sent = party.policy().asking(built.build(), party.watch().agreed().inOurRequest());
    var unused =
        edge.layer()
            .request(
                sent,
                party.target(),
                new Outcome(
                    ending -> ended(call, party, sent, ending), () -> acknowledge(party, sent)));
  }

  private void ended(CallSession call, Party party, SipRequest sent, Outcome.Ending ending) {
    boolean invited = sent.is(SipRequest.INVITE);
    if (invited) {
      party.settled();
    }
    SipResponse response = ending.response();
    if (response != null && response.isSuccess()) {
      party.dialog(party.dialog().refreshedBy(response));
      if (invited) {
        acknowledge(party, sent);
        SdpPass.of(response).filter(party.pass()::takes).ifPresent(party::heardAnswer);
      }
      party.keep(party.policy().answered(response));
    } else if (ending.isGone()) {
      call.on(new LegInput.LegGone(party.side() == Side.B, "PEER_GONE"));
    } else {
      failed(party, sent, ending);
    }
  }

  private void failed(Party party, SipRequest sent, Outcome.Ending ending) {
    switch (ending.status()) {
      case 491 -> party.watch().tryAgain(Glare.waitMillis(party.dialog().role(), random));
      case 405, 501 -> {
        party.takesUpdate(false);
        party.watch().tryAgain(sent.is(SipRequest.UPDATE) ? 0 : TRY_AGAIN_MILLIS);
      }
      case 422 -> {
        SipResponse response = ending.response();
        SessionPolicy before = party.policy();
        party.policy(response == null ? before : before.raisedBy(response));
        party.watch().tryAgain(party.policy().equals(before) ? TRY_AGAIN_MILLIS : 0);
      }
      default -> party.watch().tryAgain(TRY_AGAIN_MILLIS);
    }
  }

  private void acknowledge(Party party, SipRequest sent) {
    var unused =
        edge.layer().acknowledge(party.dialog().ack(sent.cseq().number()).build(), party.target());
  }
}
