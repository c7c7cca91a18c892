package io.tandem.node.edge;

import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.hops.History;
import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The INVITEs for the devices of one phone. All are shown the same description: only one of them
 * will use the port. What the caller allowed of hops and breadth is passed on, less one and shared
 * (RFC 5393).
 */
final class PhoneInvites {
  private PhoneInvites() {}

  /** The devices that may be rung at once: no more than the caller's Max-Breadth. */
  static List<PhoneLeg.Device> within(CallSession call, List<PhoneLeg.Device> devices) {
    int breadth = Hops.breadth(call.callerInvite().request());
    return devices.subList(0, Math.min(devices.size(), breadth));
  }

  /**
   * One for each device.
   *
   * @param sdp our offer; null where it is left to the phone
   */
  static List<SipRequest> of(
      Edge edge,
      CallSession call,
      Offer offer,
      List<PhoneLeg.Device> devices,
      byte @Nullable [] sdp) {
    SipRequest invite = call.callerInvite().request();
    boolean hidden = CallerShown.isHidden(invite);
    int breadth = Math.max(devices.size(), Hops.breadth(invite));
    List<SipRequest> made = new ArrayList<>(devices.size());
    for (PhoneLeg.Device device : devices) {
      int share = Hops.share(breadth, devices.size(), made.size());
      int branch = made.size();
      SipRequest plain =
          PhoneLeg.invite(
              offer,
              call.callId(),
              device,
              CallerShown.of(
                      invite, edge.maker().uri(invite.from().uri().user(), device.target()).bare())
                  .withTag(edge.tokens().next()),
              edge.tokens().next(),
              edge.maker().contact(device.target()),
              Hops.left(invite),
              sdp);
      SipRequest bounded = plain.with(Hops.MAX_BREADTH, Integer.toString(share));
      SipRequest told = bounded;
      for (String entry : History.sentOn(invite, hidden, device.contact(), branch)) {
        told = told.adding(HeaderName.HISTORY_INFO, entry);
      }
      made.add(dressed(edge, call, device, told));
    }
    return made;
  }

  /** What goes into another network shows nothing that is for agents' eyes. */
  private static SipRequest dressed(
      Edge edge, CallSession call, PhoneLeg.Device device, SipRequest made) {
    CarrierCall carrier = device.carrier();
    if (carrier == null) {
      String verstat = call.callerInvite().verstat();
      return verstat.isEmpty() ? made : made.with("X-Tandem-Verification", verstat);
    }
    edge.belongs(made.callId(), call.callId());
    return carrier.dressed(made, call.callerInvite().shown());
  }
}
