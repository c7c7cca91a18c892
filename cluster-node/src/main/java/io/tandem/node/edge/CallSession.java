package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.dialog.Alarms;
import io.tandem.node.edge.dialog.SessionWatch;
import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.LegOutput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.node.edge.voice.CallVoice;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A call on this edge: runs the pure {@link Legs} and carries out what they want, in SIP and RTP.
 * On the loop only.
 */
final class CallSession {
  private static final String STORE = "store";

  private final Edge edge;
  private final String callId;
  private final String subject;
  private final Relay relay;
  private final CallVoice voice;
  private final Party caller;
  private final CallerInvite callerInvite;
  private final @Nullable Sdp callerOffer;
  private final Attestations facts;
  private final Transfer transfer;
  private final List<DialogId> agentDialogs = new ArrayList<>();
  private final Map<String, PhoneLeg> phones = new HashMap<>();
  private final Alarms alarms = new Alarms();
  private Legs legs = Legs.NEW;
  private @Nullable Party agent;
  private @Nullable SdpPass agentPass;
  private @Nullable String heardEarly;
  private boolean offerStored;
  private Instant endedAt = Instant.EPOCH;

  /**
   * A caller's INVITE that will be offered to agents.
   *
   * @param offer null when the caller leaves the offer to the other side
   */
  CallSession(
      Edge edge,
      String callId,
      ServerTransactionId inviteTransaction,
      SipRequest invite,
      Flow flow,
      String subject,
      Relay relay,
      Dialog early,
      @Nullable Sdp offer) {
    this.edge = edge;
    this.callId = callId;
    this.subject = subject;
    this.relay = relay;
    this.voice = edge.voice(relay);
    this.callerOffer = offer;
    SdpPass pass = edge.pass(relay.leg(Side.A));
    this.caller = party(Side.A, flow, pass, early, offer, edge.settings().session());
    caller.allows(invite);
    this.callerInvite = new CallerInvite(edge, this, caller, inviteTransaction, invite);
    this.transfer = new Transfer(edge, this);
    this.facts = new Attestations(callId, edge.actor(), edge.gateway(), edge.loop(), this::stored);
    if (offer != null) {
      caller.heardOffer(offer);
    }
  }

  /** A side with its session timer, which runs once a 2xx has agreed one. */
  private Party party(
      Side side,
      Target target,
      SdpPass pass,
      Dialog dialog,
      @Nullable Sdp sdp,
      SessionPolicy policy) {
    Party party = new Party(side, target, subject, pass, dialog, sdp, policy);
    party.watchedBy(
        new SessionWatch(
            edge.clock()::schedule,
            () -> edge.dialogDesk().refreshes().refresh(this, party),
            () -> on(new LegInput.LegGone(side == Side.B, "SESSION_EXPIRED"))));
    return party;
  }

  String callId() {
    return callId;
  }

  Legs legs() {
    return legs;
  }

  Relay relay() {
    return relay;
  }

  /** The caller's INVITE. */
  CallerInvite callerInvite() {
    return callerInvite;
  }

  Party caller() {
    return caller;
  }

  CallVoice voice() {
    return voice;
  }

  /** The agent's side, once connected. */
  Optional<Party> agent() {
    return Optional.ofNullable(agent);
  }

  /** The other side of a connected call. */
  Optional<Party> opposite(Party party) {
    return party.side() == Side.A ? agent() : Optional.of(caller);
  }

  /** When the call ended on this edge, once it has. */
  Instant endedAt() {
    return endedAt;
  }

  /** Nothing is left to do or tell. */
  boolean isOver() {
    return legs.phase() == Legs.Phase.ENDED && facts.isEmpty();
  }

  /** Tells the call a fact. */
  void attest(CallCommand fact) {
    facts.add(fact);
  }

  /** A call that is not stored by then is given up: nobody rings before it is (WAL-2). */
  void storeWithin(long millis) {
    alarms.set(
        STORE,
        edge.loop()
            .schedule(
                millis,
                () -> {
                  if (!offerStored) {
                    on(new LegInput.HangUp("not stored in time"));
                  }
                }));
  }

  /** A fact is stored. */
  void onStored(CallCommand fact) {
    if (fact instanceof CallCommand.Offer) {
      offerStored = true;
      alarms.cancel(STORE);
    }
  }

  /** Takes an input and does what follows. */
  void on(LegInput input) {
    EdgeTime now = edge.clock().now();
    Legs.Step step = legs.on(input, now);
    if (step.next().phase() == Legs.Phase.ENDED && legs.phase() != Legs.Phase.ENDED) {
      Legs.Bridge bridge = step.next().bridge();
      endedAt = bridge == null ? now.wall() : bridge.instant(bridge.provenMillis(now));
    }
    legs = step.next();
    step.outputs().forEach(this::carryOut);
    edge.dialogDesk().subscriptions().changed(legs);
    edge.considerOver(this);
  }

  private void carryOut(LegOutput output) {
    switch (output) {
      case LegOutput.InvitePhone o -> invitePhone(o.offer());
      case LegOutput.CancelPhone o ->
          Optional.ofNullable(phones.get(o.offerId()))
              .ifPresent(phone -> phone.cancel(legs.phase() == Legs.Phase.CONNECTED));
      case LegOutput.AcceptPhone o -> acceptPhone(o.offerId());
      case LegOutput.DismissPhone o ->
          Optional.ofNullable(phones.get(o.offerId())).ifPresent(PhoneLeg::dismiss);
      case LegOutput.RingCaller o -> callerInvite.ring();
      case LegOutput.AnswerCaller o -> answerCaller(o.offerId());
      case LegOutput.RejectCaller o -> callerInvite.reject(o.sipStatus(), o.reason());
      case LegOutput.ByeCaller o -> bye(caller, o.reason());
      case LegOutput.ByeAgent o ->
          agent()
              .filter(there -> !transfer.isAgentGone())
              .ifPresent(there -> bye(there, o.reason()));
      case LegOutput.AttestBridged o -> attestBridged(o);
      case LegOutput.Attest o -> facts.add(o.fact());
      case LegOutput.SetTimer o ->
          alarms.set(o.name(), edge.clock().schedule(o.delayMillis(), () -> on(o.input())));
      case LegOutput.CancelTimer o -> alarms.cancel(o.name());
      case LegOutput.CloseMedia o -> closeMedia();
    }
  }

  // ---- the phone

  private void invitePhone(Offer offer) {
    PhoneLeg phone =
        new PhoneLeg(
            offer, edge.layer(), edge.settings().session(), new AgentPhone(edge, this, offer));
    phones.put(offer.offerId(), phone);
    edge.devices(
        callId,
        offer.endpoint(),
        all -> {
          List<PhoneLeg.Device> devices = PhoneInvites.within(this, all);
          phone.invite(devices, invites(offer, devices));
        });
  }

  /** The INVITEs for devices of an agent's phone. */
  List<SipRequest> invites(Offer offer, List<PhoneLeg.Device> devices) {
    if (devices.isEmpty()) {
      return List.of();
    }
    byte[] sdp = callerOffer == null ? null : agentPass().offered(voice.asked(callerOffer));
    return PhoneInvites.of(edge, this, offer, devices, sdp);
  }

  /** What goes into another network shows nothing that is for agents' eyes. */
  SipRequest dressed(PhoneLeg.Device device, SipRequest made) {
    CarrierCall carrier = device.carrier();
    if (carrier == null) {
      return made;
    }
    edge.belongs(made.callId(), callId);
    return carrier.dressed(made);
  }

  private SdpPass agentPass() {
    SdpPass pass = agentPass;
    if (pass == null) {
      pass = edge.pass(relay.leg(Side.B));
      agentPass = pass;
    }
    return pass;
  }

  /**
   * Early media of the one phone that rings goes to the caller, and nothing of the caller's to the
   * phone: nobody talks before the connected time runs (QT-2).
   */
  void heardEarly(String offerId, Sdp answer, Target from) {
    Optional<CodecMatch.Agreement> agreed =
        Optional.ofNullable(callerOffer)
            .flatMap(asked -> CodecMatch.agree(asked, answer))
            .filter(agreement -> !agreement.transcoded());
    boolean passes =
        edge.settings().earlyMedia()
            && agreed.isPresent()
            && legs.ringsAlone(offerId)
            && (heardEarly == null || heardEarly.equals(offerId));
    if (!passes) {
      on(new LegInput.PhoneRings(offerId));
    } else if (heardEarly == null) {
      heardEarly = offerId;
      agentPass().heardAnswer(answer, from);
      relay.leg(Side.B).flow(RelayLeg.Flow.SEND_ONLY);
      relay.bridge();
      callerInvite.early(offerId, caller.pass().answered(agreed.get().answer()));
    }
  }

  /** That phone will not answer: the next one finds the leg as if nobody had been there. */
  void noLongerHeard(String offerId) {
    if (!offerId.equals(heardEarly)) {
      return;
    }
    heardEarly = null;
    relay.unbridge();
    relay.leg(Side.B).vacate();
    relay.leg(Side.B).flow(RelayLeg.Flow.SEND_RECEIVE);
    SdpPass used = agentPass;
    if (used != null) {
      used.close();
      relay.leg(Side.B).secure(null);
      agentPass = null;
    }
  }

  private void acceptPhone(String offerId) {
    PhoneLeg phone = phones.get(offerId);
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    if (phone == null || answer == null) {
      return;
    }
    Party party = takesPlace(answer, agentPass());
    if (callerOffer != null) {
      phone.accept(null);
      party.heardAnswer(answer.sdp());
    }
  }

  private Party takesPlace(PhoneLeg.Answer answer, SdpPass pass) {
    Party party =
        party(Side.B, answer.target(), pass, answer.dialog(), answer.sdp(), answer.policy());
    party.allows(answer.success());
    party.keep(answer.policy().answered(answer.success()));
    agent = party;
    agentDialogs.add(answer.dialog().id());
    edge.know(answer.dialog().id(), this, party);
    return party;
  }

  /**
   * Another phone takes the agent's place (QT-6: the timer goes on); the caller is shown it.
   *
   * @param asked what the phone was offered in the caller's name
   */
  void replaceAgent(PhoneLeg.Answer answer, SdpPass pass, Sdp asked) {
    agent().ifPresent(left -> left.watch().stop());
    SdpPass used = agentPass;
    if (used != null) {
      used.close();
    }
    relay.leg(Side.B).vacate();
    relay.leg(Side.B).secure(null);
    agentPass = pass;
    Party party = takesPlace(answer, pass);
    party.heardAnswer(answer.sdp());
    CodecMatch.agree(asked, answer.sdp())
        .ifPresent(
            agreed -> {
              hear(caller, agreed, false);
              edge.dialogDesk().reoffer().show(this, caller, agreed.answer());
            });
    attest(new CallCommand.LegRefreshed(true, party.stored(), false, edge.clock().now().wall()));
  }

  /**
   * Whether an answer to what a phone was offered can be taken; its own offer, where it made it.
   */
  boolean takes(Sdp answer) {
    Sdp asked = callerOffer;
    return asked == null
        ? !edge.objects(answer)
        : agentPass().takes(answer) && canSpeak(asked, answer);
  }

  /** Whether such an answer leads to voice. */
  boolean canSpeak(Sdp asked, Sdp answer) {
    return CodecMatch.agree(asked, answer).isPresent();
  }

  /** The offer that was answered, once connected. */
  Optional<Offer> offer() {
    return Optional.ofNullable(legs.bridge()).map(Legs.Bridge::offer);
  }

  /** The transfers of this call. */
  Transfer transfer() {
    return transfer;
  }

  // ---- the caller

  private void answerCaller(String offerId) {
    PhoneLeg phone = phones.get(offerId);
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    if (phone == null || answer == null) {
      return;
    }
    relay.unbridge();
    relay.leg(Side.B).flow(RelayLeg.Flow.SEND_RECEIVE);
    Sdp asked = callerOffer;
    if (asked == null) {
      caller.onceAcknowledged(ack -> answeredLate(phone, answer.sdp(), ack));
      callerInvite.answer(offerId, caller.pass().offered(voice.asked(answer.sdp())));
    } else {
      // an answer that cannot be taken was refused when it came
      CodecMatch.agree(asked, answer.sdp())
          .ifPresent(
              agreed -> {
                hear(caller, agreed, false);
                callerInvite.answer(offerId, caller.pass().answered(agreed.answer()));
              });
    }
    relay.bridge();
  }

  /** The phone made the offer; the caller's answer is in its ACK and leaves in ours. */
  private void answeredLate(PhoneLeg phone, Sdp offer, SipRequest ack) {
    Party party = agent;
    Sdp answer = SdpPass.of(ack).filter(caller.pass()::takes).orElse(null);
    CodecMatch.Agreement agreed =
        answer == null ? null : CodecMatch.agree(offer, answer).orElse(null);
    if (party == null || answer == null || agreed == null) {
      on(new LegInput.LegGone(false, "NO_DESCRIPTION"));
      return;
    }
    party.heardOffer(offer);
    caller.heardAnswer(answer);
    hear(party, agreed, false);
    phone.accept(party.pass().answered(agreed.answer()));
  }

  /** What an offer of one side's and its answer came to, on the media path. */
  void hear(Party offerer, CodecMatch.Agreement agreed, boolean mayHold) {
    Party answerer = opposite(offerer).orElse(null);
    if (answerer == null) {
      return;
    }
    agreed.offerer().ifPresent(format -> offerer.pass().clockRate(format.codec().clockRateHz()));
    agreed.answerer().ifPresent(format -> answerer.pass().clockRate(format.codec().clockRateHz()));
    voice.agreed(offerer.side(), agreed, offerer.direction(), answerer.direction(), mayHold);
  }

  /** Ends one side with a BYE. */
  void bye(Party party, String reason) {
    if (party.side() == Side.A && !callerInvite.endsWithBye(reason)) {
      return;
    }
    if (party.side() == Side.B) {
      phones.values().forEach(PhoneLeg::acceptAnyway);
    }
    Dialog.Spoken spoken = party.dialog().request(SipRequest.BYE);
    party.dialog(spoken.next());
    SipRequest bye =
        spoken.request().header(HeaderName.REASON, SipMaker.reason(200, reason)).build();
    var unused = edge.layer().request(bye, party.target(), new Unheard("BYE"));
  }

  // ---- facts, timers, media

  private void attestBridged(LegOutput.AttestBridged bridged) {
    agent()
        .ifPresent(
            party ->
                facts.add(
                    new CallCommand.Bridged(
                        bridged.offerId(),
                        caller.stored(),
                        party.stored(),
                        bridged.lost(),
                        bridged.at())));
    edge.count("bridged", 200);
  }

  private void stored(CallCommand fact, Reply reply) {
    edge.stored(this, fact, reply);
  }

  private void closeMedia() {
    alarms.cancelAll();
    caller.watch().stop();
    agent().ifPresent(party -> party.watch().stop());
    transfer.close();
    voice.close();
    caller.pass().close();
    SdpPass toAgent = agentPass;
    if (toAgent != null) {
      toAgent.close();
    }
    relay.close();
  }

  /** The dialogs this call is known by. */
  List<DialogId> dialogs() {
    List<DialogId> names = new ArrayList<>(callerInvite.dialogs());
    names.addAll(agentDialogs);
    return names;
  }
}
