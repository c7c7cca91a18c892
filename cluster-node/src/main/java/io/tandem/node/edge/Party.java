package io.tandem.node.edge;

import io.tandem.persistence.call.LegDialog;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Target;

/**
 * One side of a connected call: its dialog, where it is reached, and its descriptions.
 *
 * <p>Changes with each request in the dialog. On the loop only.
 */
final class Party {
  private final Side side;
  private final Target target;
  private final String subject;
  private final SdpPass pass;
  private Dialog dialog;
  private Sdp lastSdp;

  /** A re-INVITE that this side asked for, or that we asked of it, is under way (glare: 491). */
  private boolean negotiating;

  Party(Side side, Target target, String subject, SdpPass pass, Dialog dialog, Sdp lastSdp) {
    this.side = side;
    this.target = target;
    this.subject = subject;
    this.pass = pass;
    this.dialog = dialog;
    this.lastSdp = lastSdp;
  }

  Side side() {
    return side;
  }

  Target target() {
    return target;
  }

  SdpPass pass() {
    return pass;
  }

  Dialog dialog() {
    return dialog;
  }

  void dialog(Dialog next) {
    dialog = next;
  }

  /** This side offered: the relay expects its media from there. */
  void heardOffer(Sdp offer) {
    lastSdp = offer;
    pass.heardOffer(offer, target);
  }

  /** This side answered: the relay expects its media from there. */
  void heardAnswer(Sdp answer) {
    lastSdp = answer;
    pass.heardAnswer(answer, target);
  }

  /** Whether it asked to be left alone: it does not want to receive. */
  boolean onHold() {
    return lastSdp.holds();
  }

  /** Which way its media flows, as it said last. */
  Direction direction() {
    return lastSdp.audioDirection();
  }

  boolean negotiating() {
    return negotiating;
  }

  void negotiating(boolean on) {
    negotiating = on;
  }

  /** As the call stores it: without keys, which are in no event. */
  LegDialog stored() {
    return LegDialogs.stored(dialog, target, subject, LegSecurity.withoutKeys(lastSdp).text());
  }

  @Override
  public String toString() {
    return "Party[" + side + "]";
  }
}
