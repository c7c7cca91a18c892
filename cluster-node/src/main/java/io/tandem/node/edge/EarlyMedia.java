package io.tandem.node.edge;

import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Early media of the one phone that rings goes to the caller, and nothing of the caller's to the
 * phone: nobody talks before the connected time runs (QT-2). A caller whose media is open already,
 * because it was told something, hears our ringing instead. On the loop only.
 */
final class EarlyMedia {
  private final Edge edge;
  private final CallSession call;
  private @Nullable String heard;

  EarlyMedia(Edge edge, CallSession call) {
    this.edge = edge;
    this.call = call;
  }

  /** A phone describes itself before it answers. */
  void described(String offerId, Sdp answer, Target from) {
    boolean mayPass =
        edge.settings().earlyMedia()
            && !call.offersLate()
            && call.foyer().answer().isEmpty()
            && call.legs().ringsAlone(offerId)
            && (heard == null || heard.equals(offerId));
    Optional<CodecMatch.Agreement> agreed =
        mayPass
            ? CodecMatch.agree(call.foyer().offer(), answer)
                .filter(agreement -> !agreement.transcoded())
            : Optional.empty();
    if (agreed.isEmpty()) {
      call.on(new LegInput.PhoneRings(offerId));
    } else if (heard == null) {
      heard = offerId;
      call.agentSide().pass().heardAnswer(answer, from);
      call.voice().number(Side.A, agreed.get());
      call.relay().leg(Side.B).flow(RelayLeg.Flow.SEND_ONLY);
      call.relay().bridge();
      call.callerInvite().early(offerId, call.caller().pass().answered(agreed.get().answer()));
    }
  }

  /** A phone will not answer. */
  void gone(String offerId) {
    if (offerId.equals(heard)) {
      heard = null;
      call.relay().unbridge();
      call.agentSide().clear();
    }
  }
}
