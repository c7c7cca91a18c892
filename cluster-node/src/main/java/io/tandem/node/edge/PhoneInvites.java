package io.tandem.node.edge;

import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.hops.Hops;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The INVITEs for the devices of one phone. All are shown the same description: only one of them
 * will use the port.
 */
final class PhoneInvites {
  private PhoneInvites() {}

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
    String callerUser = invite.from().uri().user();
    return devices.stream()
        .map(
            device ->
                call.dressed(
                    device,
                    PhoneLeg.invite(
                        offer,
                        call.callId(),
                        device,
                        NameAddress.of(
                                invite.from().display(),
                                edge.maker().uri(callerUser, device.target()))
                            .withTag(edge.tokens().next()),
                        edge.tokens().next(),
                        edge.maker().contact("tandem", device.target()),
                        Hops.left(invite),
                        sdp)))
        .toList();
  }
}
