package io.tandem.node.edge;

import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.SessionTimer;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.refer.Replaces;
import io.tandem.protocol.sip.sdp.Direction;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An INVITE that is to take the place of a dialog which this edge carries (RFC 3891): the phone of
 * a colleague takes the agent's place in a connected call, as after a transfer (TEL-11). The phone
 * proves who it is and has to be of the account that pays for the call; what rings is picked up by
 * nobody, and a caller's place is its own. On the loop only.
 */
final class Takeover {
  private final Edge edge;
  private final Registrar registrar;

  Takeover(Edge edge, Registrar registrar) {
    this.edge = edge;
    this.registrar = registrar;
  }

  /** Whether this INVITE is one: answered here, whatever comes of it. */
  boolean takes(ServerTransactionId id, SipRequest invite, Flow flow) {
    List<String> named = invite.headers().all(Replaces.HEADER);
    if (named.isEmpty()) {
      return false;
    }
    Replaces replaces = named.size() == 1 ? Replaces.parse(named.getFirst()).orElse(null) : null;
    if (replaces == null) {
      refuse(id, invite, 400); // RFC 3891 section 3
    } else if (registrar.proves(id, invite, flow)) {
      Edge.Place place = edge.place(replaces.dialog());
      int status = place == null ? 481 : refusal(place, replaces, invite);
      if (place == null || status != 200) {
        refuse(id, invite, status);
      } else {
        replace(id, invite, flow, place);
      }
    }
    return true;
  }

  /** RFC 3891 section 3; 200 where there is nothing against it. */
  private int refusal(Edge.Place place, Replaces replaces, SipRequest invite) {
    CallSession call = place.call();
    if (call.legs().phase() != Legs.Phase.CONNECTED) {
      return call.legs().phase() == Legs.Phase.ENDED ? 603 : 481;
    }
    if (place.party().side() == Side.A || !isColleague(invite, call)) {
      return 403;
    }
    if (replaces.earlyOnly()) {
      return 486;
    }
    boolean sitsThere = call.agent().filter(place.party()::equals).isPresent();
    return !sitsThere ? 603 : call.transfer().isUnderWay() ? 491 : 200;
  }

  private boolean isColleague(SipRequest invite, CallSession call) {
    Optional<String> account = edge.dialogDesk().account(invite.from().uri().userText());
    return account.isPresent() && account.equals(call.offer().map(offer -> offer.accountId()));
  }

  private void replace(ServerTransactionId id, SipRequest invite, Flow flow, Edge.Place place) {
    CallSession call = place.call();
    String tag = edge.tokens().next();
    Dialog dialog = Dialog.uas(invite, tag, false).orElse(null);
    Sdp offer = SdpPass.of(invite).filter(sdp -> !edge.objects(sdp)).orElse(null);
    CodecMatch.Agreement agreed = agreed(call, offer);
    if (edge.settings().session().refuses(invite)) {
      edge.respond(id, edge.settings().session().tooBrief(invite, tag));
      return;
    }
    if (dialog == null || offer == null || agreed == null) {
      refuse(id, invite, dialog == null ? 400 : 488);
      return;
    }
    Party left = place.party();
    Party next = call.agentSide().replace(flow, dialog.confirm(), invite, offer, agreed);
    SessionTimer timer = next.policy().answering(invite);
    SipResponse ok =
        next.policy()
            .granted(
                SipMaker.response(invite, 200, tag)
                    .withContact(edge.maker().contact(flow))
                    .with(HeaderName.ALLOW, SipMaker.ALLOW),
                invite,
                timer)
            .withBody(Sdp.CONTENT_TYPE, next.pass().answered(agreed.answer()));
    next.keep(timer);
    edge.pendingAcks().send(id, ok, () -> call.on(new LegInput.LegGone(true, "NO_ACK")));
    edge.dialogDesk().countTransfer(200);
    edge.dialogDesk().subscriptions().moved(call, invite.from().uri().userText());
    call.bye(left, "replaced");
  }

  /** Both ways, for who held the caller has left; null where they have no codec, or no word yet. */
  private static CodecMatch.@Nullable Agreement agreed(CallSession call, @Nullable Sdp offer) {
    return offer == null
        ? null
        : call.caller()
            .offersAnew()
            .map(sdp -> sdp.withAudio(audio -> audio.withDirection(Direction.SENDRECV)))
            .flatMap(known -> CodecMatch.agree(offer, known))
            .orElse(null);
  }

  private void refuse(ServerTransactionId id, SipRequest invite, int status) {
    edge.dialogDesk().countTransfer(status);
    edge.respond(id, SipMaker.response(invite, status, edge.tokens().next()));
  }
}
