package io.tandem.node.edge;

import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.net.InetSocketAddress;

/**
 * Turns a dialog of the wire into the plain value that a call stores, with all that names a person
 * sealed.
 */
final class LegDialogs {
  private LegDialogs() {}

  /**
   * @param whose whom our address and those of the other side are about
   * @param remoteSdp the last description of the other side
   */
  static LegDialog stored(Dialog dialog, Target target, Party.Whose whose, String remoteSdp) {
    InetSocketAddress remote =
        switch (target) {
          case Flow flow -> flow.remote();
          case Destination destination -> destination.address();
        };
    return new LegDialog(
        dialog.callId(),
        dialog.localTag(),
        dialog.remoteTag(),
        personal(whose.shown(), dialog.localAddress()),
        personal(whose.there(), dialog.remoteAddress()),
        personal(whose.there(), dialog.remoteTarget()),
        dialog.routes(),
        dialog.localCseq(),
        dialog.remoteCseq(),
        dialog.role() == Dialog.Role.UAC,
        target.protocol().name(),
        personal(whose.there(), remote.getAddress().getHostAddress() + ":" + remote.getPort()),
        personal(whose.there(), remoteSdp));
  }

  private static Personal<String> personal(String subject, String value) {
    return Personal.of(subject, DataClass.CALL_NUMBER, value);
  }
}
