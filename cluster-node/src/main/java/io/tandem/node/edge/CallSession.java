package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.LegOutput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.node.edge.voice.CallRecorder;
import io.tandem.node.edge.voice.CallVoice;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.node.edge.voice.Foyer;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.campaign.CampaignVoice;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
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
  private final ServerTransactionId inviteTransaction;
  private final SipRequest invite;
  private final String subject;
  private final Relay relay;
  private final CallVoice voice;
  private final Party caller;
  private final CampaignVoice terms;
  private final Foyer foyer;
  private final CallRecorder recorder;
  private final List<LegInput> heldBack = new ArrayList<>();
  private final Attestations facts;
  private final Map<String, PhoneLeg> phones = new HashMap<>();
  private final Map<String, EdgeLoop.Timer> timers = new HashMap<>();
  private Legs legs = Legs.NEW;
  private @Nullable Party agent;
  private @Nullable SipResponse pendingAnswer;
  private @Nullable SdpPass agentPass;
  private boolean refused;
  private boolean offerStored;
  private Instant endedAt = Instant.EPOCH;

  /**
   * A caller's INVITE.
   *
   * @param subject whom it is about
   */
  record Asking(
      ServerTransactionId transaction,
      SipRequest invite,
      Flow flow,
      String subject,
      Dialog early,
      Sdp offer) {}

  /**
   * A call that will be offered to agents.
   *
   * @param terms what its campaign tells callers, and whether it records them
   */
  CallSession(Edge edge, String callId, Asking asking, Relay relay, CampaignVoice terms) {
    this.edge = edge;
    this.callId = callId;
    this.inviteTransaction = asking.transaction();
    this.invite = asking.invite();
    this.subject = asking.subject();
    this.relay = relay;
    this.voice = edge.voice(relay);
    this.terms = terms;
    SdpPass pass = edge.pass(relay.leg(Side.A));
    Sdp offer = asking.offer();
    this.caller = new Party(Side.A, asking.flow(), subject, pass, asking.early(), offer);
    this.facts = new Attestations(callId, edge.actor(), edge.gateway(), edge.loop(), this::stored);
    this.recorder = new CallRecorder(voice, edge.loop(), () -> clock().wall(), facts::add);
    this.foyer = new Foyer(voice, terms, offer, edge.loop(), new Doorman());
    caller.heardOffer(offer);
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

  ServerTransactionId inviteTransaction() {
    return inviteTransaction;
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

  /** The caller hears at once that we are at work (RFC 3261 17.2.1). */
  void trying() {
    edge.respond(inviteTransaction, SipMaker.response(invite, 100, null));
  }

  /** A call that is not stored by then is given up: nobody rings before it is (WAL-2). */
  void storeWithin(long millis) {
    timers.put(
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
      cancelTimer(STORE);
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
    edge.considerOver(this);
  }

  private void carryOut(LegOutput output) {
    switch (output) {
      case LegOutput.InvitePhone o -> invitePhone(o.offer());
      case LegOutput.CancelPhone o ->
          Optional.ofNullable(phones.get(o.offerId())).ifPresent(PhoneLeg::cancel);
      case LegOutput.AcceptPhone o -> acceptPhone(o.offerId());
      case LegOutput.DismissPhone o ->
          Optional.ofNullable(phones.get(o.offerId())).ifPresent(PhoneLeg::dismiss);
      case LegOutput.RingCaller o -> {
        edge.respond(inviteTransaction, response(180));
        foyer.rings();
      }
      case LegOutput.AnswerCaller o -> answerCaller(o.offerId());
      case LegOutput.RejectCaller o -> rejectCaller(o.sipStatus(), o.reason());
      case LegOutput.ByeCaller o -> bye(caller, o.reason());
      case LegOutput.ByeAgent o -> agent().ifPresent(party -> bye(party, o.reason()));
      case LegOutput.AttestBridged o -> attestBridged(o);
      case LegOutput.Attest o -> facts.add(withMedia(o.fact()));
      case LegOutput.SetTimer o -> setTimer(o);
      case LegOutput.CancelTimer o -> cancelTimer(o.name());
      case LegOutput.CloseMedia o -> closeMedia();
    }
  }

  // ---- the phone

  private void invitePhone(Offer offer) {
    String offerId = offer.offerId();
    PhoneLeg phone =
        new PhoneLeg(
            offer,
            edge.layer(),
            new PhoneLeg.Hearing() {
              @Override
              public void rings() {
                on(new LegInput.PhoneRings(offerId));
              }

              @Override
              public void answered() {
                on(new LegInput.PhoneAnswered(offerId));
              }

              @Override
              public boolean takes(Sdp answer) {
                return agentPass().takes(answer)
                    && CodecMatch.agree(foyer.offer(), answer).isPresent();
              }

              @Override
              public void refused(int sipStatus) {
                on(new LegInput.PhoneRefused(offerId, sipStatus));
              }

              @Override
              public SipRequest inviteFor(PhoneLeg.Device device) {
                return invites(offer, List.of(device)).getFirst();
              }

              @Override
              public void later(long millis, Runnable task) {
                var unused = edge.loop().schedule(millis, task);
              }
            });
    phones.put(offerId, phone);
    edge.devices(
        callId, offer.endpoint(), devices -> phone.invite(devices, invites(offer, devices)));
  }

  /**
   * Every device of one phone is shown the same description: only one of them will use the port.
   */
  private List<SipRequest> invites(Offer offer, List<PhoneLeg.Device> devices) {
    if (devices.isEmpty()) {
      return List.of();
    }
    byte[] sdp = agentPass().offered(voice.asked(foyer.offer()));
    String callerUser = invite.from().uri().user();
    int hops = Math.max(0, invite.maxForwards() < 0 ? 69 : invite.maxForwards() - 1);
    return devices.stream()
        .map(
            device ->
                dressed(
                    device,
                    PhoneLeg.invite(
                        offer,
                        callId,
                        device,
                        NameAddress.of(
                                invite.from().display(),
                                edge.maker().uri(callerUser, device.target()))
                            .withTag(edge.tokens().next()),
                        edge.tokens().next(),
                        edge.maker().contact("tandem", device.target()),
                        hops,
                        sdp)))
        .toList();
  }

  /** What goes into another network shows nothing that is for agents' eyes. */
  private SipRequest dressed(PhoneLeg.Device device, SipRequest made) {
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

  private void acceptPhone(String offerId) {
    PhoneLeg phone = phones.get(offerId);
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    if (phone == null || answer == null) {
      return;
    }
    phone.accept();
    Party party =
        new Party(Side.B, answer.target(), subject, agentPass(), answer.dialog(), answer.sdp());
    party.heardAnswer(answer.sdp());
    agent = party;
    edge.know(answer.dialog().id(), this, party);
  }

  // ---- the caller

  /** Before a phone rings: the caller is told what there is to tell. */
  private final class Doorman implements Foyer.Doorman {
    @Override
    public void openEarly(Sdp answer) {
      SipResponse progress =
          response(183).withBody(Sdp.CONTENT_TYPE, caller.pass().answered(answer));
      edge.respond(inviteTransaction, progress);
    }

    @Override
    public void letIn() {
      List<LegInput> waiting = List.copyOf(heldBack);
      heldBack.clear();
      waiting.forEach(CallSession.this::on);
    }
  }

  /** Keeps nothing of what is said, or goes on (TEL-14). */
  void pauseRecording(boolean paused) {
    recorder.pause(paused);
  }

  private EdgeTime clock() {
    return edge.clock().now();
  }

  private SipResponse response(int status) {
    return SipMaker.response(invite, status, caller.dialog().localTag())
        .withContact(edge.maker().contact("tandem", caller.target()));
  }

  private void answerCaller(String offerId) {
    PhoneLeg phone = phones.get(offerId);
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    CodecMatch.Agreement agreed =
        answer == null ? null : CodecMatch.agree(foyer.offer(), answer.sdp()).orElse(null);
    if (agreed == null) {
      return; // an answer that cannot be taken was refused when it came
    }
    SipResponse ok =
        response(200)
            .with(HeaderName.ALLOW, SipMaker.ALLOW)
            .withBody(
                Sdp.CONTENT_TYPE, caller.pass().answered(foyer.answer().orElse(agreed.answer())));
    pendingAnswer = ok;
    caller.dialog(caller.dialog().confirm());
    hear(caller, agreed, false);
    relay.bridge();
    recorder.begin(terms, callId, subject, foyer.told());
    edge.pendingAcks().send(inviteTransaction, ok, () -> on(new LegInput.CallerSilent()));
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

  private void rejectCaller(int status, String reason) {
    if (refused) {
      return;
    }
    refused = true;
    SipResponse no = SipMaker.response(invite, status, caller.dialog().localTag());
    edge.respond(
        inviteTransaction,
        status == 487 ? no : no.with(HeaderName.REASON, SipMaker.reason(status, reason)));
    edge.count("rejected", status);
  }

  private void bye(Party party, String reason) {
    if (party.side() == Side.A && pendingAnswer != null) {
      edge.pendingAcks().drop(pendingAnswer);
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

  /** COOL-2, DSP-5: how the voice was goes with the end. */
  private CallCommand withMedia(CallCommand fact) {
    return fact instanceof CallCommand.LegsEnded end && agent != null
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

  private void stored(CallCommand fact, Reply reply) {
    edge.stored(this, fact, reply);
  }

  private void setTimer(LegOutput.SetTimer timer) {
    cancelTimer(timer.name());
    timers.put(timer.name(), edge.clock().schedule(timer.delayMillis(), () -> on(timer.input())));
  }

  private void cancelTimer(String name) {
    EdgeLoop.Timer timer = timers.remove(name);
    if (timer != null) {
      timer.cancel();
    }
  }

  private void closeMedia() {
    timers.values().forEach(EdgeLoop.Timer::cancel);
    timers.clear();
    foyer.close();
    voice.close();
    recorder.end();
    caller.pass().close();
    SdpPass toAgent = agentPass;
    if (toAgent != null) {
      toAgent.close();
    }
    relay.close();
  }

  /** The dialogs this call is known by. */
  List<DialogId> dialogs() {
    Party other = agent;
    return other == null
        ? List.of(caller.dialog().id())
        : List.of(caller.dialog().id(), other.dialog().id());
  }
}
