package io.tandem.node.edge;

import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;

/** Hears what a phone says that is rung: of an offer, or of a transfer. On the loop only. */
abstract class PhoneHearing {
  /** Where it is heard. */
  abstract Edge edge();

  abstract void rings();

  /** Its only device describes what it sounds like before it answers. */
  abstract void early(Sdp answer, Target from);

  /** One device answered; the others were cancelled. */
  abstract void answered();

  /** Whether this answer to our offer can be taken: it is as secure as the offer asked. */
  abstract boolean takes(Sdp answer);

  /**
   * No device will answer.
   *
   * @param why protocols and causes it gave (RFC 3326), as they may be passed on; empty for none
   */
  abstract void refused(int sipStatus, String why);

  /** The INVITEs for devices, one each. */
  abstract List<SipRequest> invites(List<PhoneLeg.Device> devices);

  /** Runs something later. */
  void later(long millis, Runnable task) {
    var unused = edge().loop().schedule(millis, task);
  }

  /** A device has begun a dialog: what it asks in it is for {@link PhoneLeg#answerTo}. */
  void begins(DialogId early, PhoneLeg phone) {
    edge().dialogDesk().rings(early, phone);
  }

  /** These dialogs are answered, or over. */
  void ends(List<DialogId> early) {
    edge().dialogDesk().ringsNoMore(early);
  }
}
