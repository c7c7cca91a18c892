package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.dialog.Alarms;
import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.dialog.RemoteTarget;
import io.tandem.node.edge.dialog.SessionWatch;
import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.LegOutput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CallRecorder;
import io.tandem.node.edge.voice.CallTap;
import io.tandem.node.edge.voice.CallVoice;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.node.edge.voice.Foyer;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.sdp.Sdp;
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

  /** Of a caller that leaves the offer to the phone: it can be told nothing before. */
  private static final Sdp SILENT = new Sdp(List.of(), List.of());

  private final Edge edge;
  private final String callId;
  private final String subject;
  private final Relay relay;
  private final CallVoice voice;
  private final Party caller;
  private final CallerInvite callerInvite;
  private final boolean offersLate;
  private final CampaignVoice terms;
  private final Foyer foyer;
  private final CallRecorder recorder;
  private final CallTap tap;
  private final EarlyMedia earlyMedia;
  private final List<LegInput> heldBack = new ArrayList<>();
  private final Attestations facts;
  private final Transfer transfer;
  private final AgentSide agentSide;
  private final Map<String, PhoneLeg> phones = new HashMap<>();
  private final Alarms alarms = new Alarms();
  private Legs legs = Legs.NEW;
  private Instant endedAt = Instant.EPOCH;

  /**
   * A call that will be offered to agents.
   *
   * @param terms what its campaign tells callers, and whether it records them
   */
  CallSession(Edge edge, String callId, Asking asking, Relay relay, CampaignVoice terms) {
    this.edge = edge;
    this.callId = callId;
    this.subject = asking.subject();
    this.relay = relay;
    this.voice = edge.voice(relay);
    this.terms = terms;
    Sdp offer = asking.offer();
    this.offersLate = offer == null;
    SdpPass pass = edge.pass(relay.leg(Side.A));
    this.caller =
        party(Side.A, asking.flow(), pass, asking.early(), offer, edge.settings().session());
    caller.allows(asking.invite());
    this.callerInvite = new CallerInvite(edge, this, caller, asking.transaction(), asking.invite());
    this.agentSide = new AgentSide(edge, this);
    this.transfer = new Transfer(edge, this);
    this.earlyMedia = new EarlyMedia(edge, this);
    this.facts =
        new Attestations(
            callId,
            edge.actor(),
            edge.gateway(),
            edge.loop(),
            (fact, reply) -> edge.stored(this, fact, reply));
    this.recorder = new CallRecorder(voice, edge.loop(), () -> clock().wall(), facts::add);
    this.tap =
        new CallTap(voice, edge.loop(), edge.dialogDesk().intercepts(), () -> clock().wall());
    this.foyer =
        new Foyer(voice, terms, offer == null ? SILENT : offer, edge.loop(), new Doorman());
    relay.leg(Side.A).sendOnlyWhereLatched(edge.dialogDesk().isUnproven(asking.flow()));
    if (offer != null) {
      caller.heardOffer(offer);
    }
  }

  /** A side answered what only it can have read: it is no longer one whose address was forged. */
  void hearsUs(Party party) {
    if (party.side() == Side.A) {
      relay.leg(Side.A).sendOnlyWhereLatched(false);
    }
  }

  /** A side with its session timer, which runs once a 2xx has agreed one. */
  Party party(
      Side side,
      Target target,
      SdpPass pass,
      Dialog dialog,
      @Nullable Sdp sdp,
      SessionPolicy policy) {
    String there = side == Side.A ? subject : agentSide.subject().orElse(subject);
    Party party =
        new Party(
            side,
            new RemoteTarget(edge.dialogDesk().connections(), target),
            new Party.Whose(subject, there),
            pass,
            dialog,
            sdp,
            policy);
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
    return agentSide.party();
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
    LegInput tooLate = new LegInput.HangUp("not stored in time");
    alarms.set(STORE, edge.loop().schedule(millis, () -> on(tooLate)));
  }

  /** A fact is stored. */
  void onStored(CallCommand fact) {
    if (fact instanceof CallCommand.Offer) {
      alarms.cancel(STORE);
      foyer.begin();
    }
  }

  /** Takes an input and does what follows. */
  void on(LegInput input) {
    if (input instanceof LegInput.Ring && foyer.holdsBack()) {
      heldBack.add(input);
      return;
    }
    listen();
    EdgeTime now = clock();
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
              .ifPresent(
                  phone -> phone.cancel(caller.toPhones(legs.phase() == Legs.Phase.CONNECTED)));
      case LegOutput.AcceptPhone o -> acceptPhone(o.offerId());
      case LegOutput.DismissPhone o ->
          Optional.ofNullable(phones.get(o.offerId())).ifPresent(PhoneLeg::dismiss);
      case LegOutput.RingCaller o -> {
        callerInvite.ring();
        foyer.rings();
      }
      case LegOutput.AnswerCaller o -> answerCaller(o.offerId());
      case LegOutput.RejectCaller o -> callerInvite.reject(o.sipStatus(), o.reason());
      case LegOutput.ByeCaller o -> bye(caller, o.reason());
      case LegOutput.ByeAgent o ->
          agent()
              .filter(there -> !transfer.isAgentGone())
              .ifPresent(there -> bye(there, o.reason()));
      case LegOutput.AttestBridged o -> attestBridged(o);
      case LegOutput.Attest o -> facts.add(withMedia(o.fact()));
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
          agentSide.reached(offer, all);
          List<PhoneLeg.Device> devices = PhoneInvites.within(this, all);
          phone.invite(devices, invites(offer, devices));
        });
  }

  /** The offer whose phone was sent an INVITE under a Call-ID. */
  Optional<Offer> sentTo(String sipCallId) {
    return phones.values().stream()
        .filter(phone -> phone.sent(sipCallId))
        .map(PhoneLeg::offer)
        .findFirst();
  }

  /** The INVITEs for devices of an agent's phone. */
  List<SipRequest> invites(Offer offer, List<PhoneLeg.Device> devices) {
    if (devices.isEmpty()) {
      return List.of();
    }
    byte[] sdp = offersLate ? null : agentSide.pass().offered(voice.asked(foyer.offer()));
    return PhoneInvites.of(edge, this, offer, devices, sdp);
  }

  /** The agent's side. */
  AgentSide agentSide() {
    return agentSide;
  }

  private void acceptPhone(String offerId) {
    PhoneLeg phone = phones.get(offerId);
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    if (phone == null || answer == null) {
      return;
    }
    Party party = agentSide.seat(phone.offer(), answer);
    if (!offersLate) {
      phone.accept(null);
      party.heardAnswer(answer.sdp());
    }
  }

  /**
   * Whether an answer to what a phone was offered can be taken; its own offer, where it made it.
   */
  boolean takes(Sdp answer) {
    return offersLate
        ? !edge.objects(answer)
        : agentSide.pass().takes(answer) && CodecMatch.agree(foyer.offer(), answer).isPresent();
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
    if (offersLate) {
      caller.onceAcknowledged(ack -> answeredLate(phone, answer.sdp(), ack));
      callerInvite.answer(offerId, caller.pass().offered(voice.asked(answer.sdp())));
    } else {
      // an answer that cannot be taken was refused when it came
      CodecMatch.agree(foyer.offer(), answer.sdp())
          .ifPresent(
              agreed -> {
                hear(caller, agreed, false);
                Sdp known = foyer.answer().orElse(agreed.answer());
                callerInvite.answer(offerId, caller.pass().answered(known));
              });
    }
    relay.bridge();
    tap.answered(agentSide.phone(phone.offer()));
  }

  /** Before a phone rings: the caller is told what there is to tell. */
  private final class Doorman implements Foyer.Doorman {
    @Override
    public void openEarly(Sdp answer) {
      callerInvite.progress(caller.pass().answered(answer));
    }

    @Override
    public void letIn() {
      List<LegInput> waiting = List.copyOf(heldBack);
      heldBack.clear();
      waiting.forEach(CallSession.this::on);
    }

    @Override
    public boolean isDescribedWithinReach() {
      return caller.pass().isDescribedWithinReach();
    }

    @Override
    public void later(long millis, Runnable next) {
      var unused = edge.loop().schedule(millis, next);
    }
  }

  /** What is told before a phone rings. */
  Foyer foyer() {
    return foyer;
  }

  /** What is heard of a phone before it answers. */
  EarlyMedia earlyMedia() {
    return earlyMedia;
  }

  /** Whether the caller leaves the offer to the phone. */
  boolean offersLate() {
    return offersLate;
  }

  /** Keeps nothing of what is said, or goes on (TEL-14). */
  void pauseRecording(boolean paused) {
    recorder.pause(paused);
  }

  /** Who listens in by law (CMP-7). */
  CallTap tap() {
    return tap;
  }

  private EdgeTime clock() {
    return edge.clock().now();
  }

  /** The phone made the offer; the caller's answer is in its ACK and leaves in ours. */
  private void answeredLate(PhoneLeg phone, Sdp offer, SipRequest ack) {
    Party party = agent().orElse(null);
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
    tap.look();
  }

  /** Ends one side with a BYE. */
  void bye(Party party, String reason) {
    if (party.side() == Side.A && !callerInvite.endsWithBye(reason)) {
      return;
    }
    if (party.side() == Side.B) {
      phones.values().forEach(PhoneLeg::acceptAnyway);
    }
    String ours = Farewell.reason(200, reason);
    String why = opposite(party).map(other -> other.farewell(ours)).orElse(ours);
    var unused = edge.layer().request(party.bye(why), party.target(), new Unheard("BYE"));
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
    // only of a call that is known to be connected is it taken that it is not recorded
    recorder.begin(terms, callId, subject, foyer.told());
    edge.count("bridged", 200);
  }

  /** COOL-2, DSP-5: how the voice was goes with the end. */
  private CallCommand withMedia(CallCommand fact) {
    return fact instanceof CallCommand.LegsEnded end && agent().isPresent()
        ? end.with(voice.facts())
        : fact;
  }

  /** Looks who is heard, while the sides are connected. */
  void listen() {
    Legs.Bridge bridge = legs.bridge();
    if (bridge != null && legs.phase() == Legs.Phase.CONNECTED) {
      voice.listen(!bridge.crossed());
    }
  }

  private void closeMedia() {
    alarms.cancelAll();
    caller.watch().stop();
    transfer.close();
    foyer.close();
    voice.close();
    recorder.end();
    tap.end();
    caller.pass().close();
    agentSide.close();
    relay.close();
  }

  /** The dialogs this call is known by. */
  List<DialogId> dialogs() {
    List<DialogId> names = new ArrayList<>(callerInvite.dialogs());
    names.addAll(agentSide.dialogs());
    return names;
  }
}
