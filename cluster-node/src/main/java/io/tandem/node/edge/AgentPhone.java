package io.tandem.node.edge;

import io.tandem.node.edge.legs.LegInput;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;

/** What the phone of one offer says, as the call's {@code Legs} take it. On the loop only. */
final class AgentPhone implements PhoneLeg.Hearing {
  private final Edge edge;
  private final CallSession call;
  private final Offer offer;

  AgentPhone(Edge edge, CallSession call, Offer offer) {
    this.edge = edge;
    this.call = call;
    this.offer = offer;
  }

  @Override
  public void rings() {
    call.on(new LegInput.PhoneRings(offer.offerId()));
  }

  @Override
  public void early(Sdp answer, Target from) {
    call.earlyMedia().described(offer.offerId(), answer, from);
  }

  @Override
  public void answered() {
    call.on(new LegInput.PhoneAnswered(offer.offerId()));
  }

  @Override
  public boolean takes(Sdp answer) {
    return call.takes(answer);
  }

  @Override
  public void refused(int sipStatus) {
    call.earlyMedia().gone(offer.offerId());
    call.on(new LegInput.PhoneRefused(offer.offerId(), sipStatus));
  }

  @Override
  public SipRequest inviteFor(PhoneLeg.Device device) {
    return call.invites(offer, List.of(device)).getFirst();
  }

  @Override
  public void begins(DialogId early, PhoneLeg phone) {
    edge.dialogDesk().rings(early, phone);
  }

  @Override
  public void ends(List<DialogId> early) {
    edge.dialogDesk().ringsNoMore(early);
  }

  @Override
  public void later(long millis, Runnable task) {
    var unused = edge.loop().schedule(millis, task);
  }
}
