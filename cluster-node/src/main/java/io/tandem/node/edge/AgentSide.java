package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transport.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent's side of a call: what its phones are shown of the caller, and which of them sits
 * there. Who takes another one's place finds the leg as if nobody had been there, and the timer
 * goes on (QT-6). On the loop only.
 */
final class AgentSide {
  private final Edge edge;
  private final CallSession call;
  private final RelayLeg leg;
  private final List<DialogId> dialogs = new ArrayList<>();
  private @Nullable Party party;
  private @Nullable String successor;
  private @Nullable SdpPass pass;
  private final Map<String, String> dialled = new HashMap<>();
  private @Nullable Offer taken;

  AgentSide(Edge edge, CallSession call) {
    this.edge = edge;
    this.call = call;
    this.leg = call.relay().leg(Side.B);
  }

  /** Who is there, once connected. */
  Optional<Party> party() {
    return Optional.ofNullable(party);
  }

  /** The phone that has taken the place of the one that was offered the call. */
  Optional<String> successor() {
    return Optional.ofNullable(successor);
  }

  /** Of whom its dialogs tell: the agent; empty before one has answered. */
  Optional<String> subject() {
    return Optional.ofNullable(taken).map(offer -> edge.dialogDesk().agent(offer.agentId()));
  }

  /** Where an agent's phone was found; a number is that of an agent behind a trunk. */
  void reached(Offer offer, List<PhoneLeg.Device> devices) {
    for (PhoneLeg.Device device : devices) {
      CarrierCall carrier = device.carrier();
      if (carrier != null) {
        dialled.put(offer.offerId(), "+" + carrier.e164());
      }
    }
  }

  /** Its phone: a SIP user name, or the number that was called for it. */
  String phone(Offer offer) {
    return dialled.getOrDefault(offer.offerId(), offer.endpoint());
  }

  /** The dialogs it was known by. */
  List<DialogId> dialogs() {
    return dialogs;
  }

  /** The descriptions for the phones. */
  SdpPass pass() {
    SdpPass known = pass;
    if (known == null) {
      known = edge.pass(leg);
      pass = known;
    }
    return known;
  }

  /** The next phone finds the leg as if nobody had been there. */
  void clear() {
    leg.vacate();
    leg.flow(RelayLeg.Flow.SEND_RECEIVE);
    SdpPass used = pass;
    if (used != null) {
      used.close();
      leg.secure(null);
      pass = null;
    }
  }

  /** The phone of an offer has answered and sits there. */
  Party seat(Offer offer, PhoneLeg.Answer answer) {
    taken = offer;
    return seat(answer);
  }

  private Party seat(PhoneLeg.Answer answer) {
    Party seated =
        seated(
            call.party(
                Side.B, answer.target(), pass(), answer.dialog(), answer.sdp(), answer.policy()));
    seated.allows(answer.success());
    seated.keep(answer.policy().answered(answer.success()));
    return seated;
  }

  private Party seated(Party next) {
    party = next;
    dialogs.add(next.dialog().id());
    edge.know(next.dialog().id(), call, next);
    return next;
  }

  private void leave() {
    party().ifPresent(left -> left.watch().stop());
    clear();
  }

  /**
   * A phone that was rung for it takes the place (RFC 5589); the caller is shown it.
   *
   * @param endpoint whose phone it is
   * @param shown the descriptions it was shown
   * @param asked what it was offered in the caller's name
   */
  void replace(String endpoint, PhoneLeg.Answer answer, SdpPass shown, Sdp asked) {
    leave();
    successor = endpoint;
    pass = shown;
    Party next = seat(answer);
    next.heardAnswer(answer.sdp());
    CodecMatch.agree(asked, answer.sdp())
        .ifPresent(
            agreed -> {
              call.hear(call.caller(), agreed, false);
              show(agreed.directed(answer.sdp()));
            });
    attest(next);
  }

  /**
   * A phone that calls takes the place (RFC 3891).
   *
   * @param dialog confirmed
   * @param agreed what its offer and the caller's description came to
   * @return with what it is to be answered
   */
  Party replace(
      Flow flow, Dialog dialog, SipRequest invite, Sdp offer, CodecMatch.Agreement agreed) {
    leave();
    successor = invite.from().uri().userText();
    Party next = seated(call.party(Side.B, flow, pass(), dialog, offer, edge.settings().session()));
    next.allows(invite);
    next.heardOffer(offer);
    call.hear(next, agreed, false);
    show(agreed.answer());
    attest(next);
    return next;
  }

  private void show(Sdp inItsName) {
    edge.dialogDesk().reoffer().show(call, call.caller(), inItsName);
  }

  private void attest(Party next) {
    call.attest(
        new CallCommand.LegRefreshed(true, next.stored(), false, edge.clock().now().wall()));
  }

  /** The call is over. */
  void close() {
    party().ifPresent(there -> there.watch().stop());
    successor().ifPresent(phone -> edge.dialogDesk().subscriptions().moved(call, phone));
    SdpPass used = pass;
    if (used != null) {
      used.close();
    }
  }
}
