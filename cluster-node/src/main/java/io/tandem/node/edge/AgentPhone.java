package io.tandem.node.edge;

import io.tandem.node.edge.legs.LegInput;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;

/** What the phone of one offer says, as the call's {@code Legs} take it. On the loop only. */
final class AgentPhone extends PhoneHearing {
  private final Edge edge;
  private final CallSession call;
  private final Offer offer;

  AgentPhone(Edge edge, CallSession call, Offer offer) {
    this.edge = edge;
    this.call = call;
    this.offer = offer;
  }

  @Override
  Edge edge() {
    return edge;
  }

  @Override
  void rings() {
    call.on(new LegInput.PhoneRings(offer.offerId()));
  }

  @Override
  void early(Sdp answer, Target from) {
    call.earlyMedia().described(offer.offerId(), answer, from);
  }

  @Override
  void answered() {
    call.on(new LegInput.PhoneAnswered(offer.offerId()));
  }

  @Override
  boolean takes(Sdp answer) {
    return call.takes(answer);
  }

  @Override
  void refused(int sipStatus, String why) {
    call.earlyMedia().gone(offer.offerId());
    call.callerInvite().refusedBy(why);
    call.on(new LegInput.PhoneRefused(offer.offerId(), sipStatus));
  }

  @Override
  List<SipRequest> invites(List<PhoneLeg.Device> devices) {
    return call.invites(offer, devices);
  }
}
