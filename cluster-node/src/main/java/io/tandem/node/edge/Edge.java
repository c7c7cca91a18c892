package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.call.LegCommand;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.trunk.Carrier;
import io.tandem.node.edge.trunk.Carriers;
import io.tandem.node.edge.voice.CallVoice;
import io.tandem.node.edge.voice.VoiceDesk;
import io.tandem.node.entity.EntityGateway;
import io.tandem.node.entity.Reply;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.journal.TimedId;
import io.tandem.protocol.media.dtls.DtlsIdentity;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.media.secure.LegSecurity;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.PendingAcks;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transport.CannotListen;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.uas.Refusal;
import io.tandem.protocol.sip.uas.UasInspection;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SIP front end of a node. Takes calls to our numbers and registrations of our phones;
 * everything else is refused, and nothing is passed on for strangers. All of it happens on the
 * transport's loop.
 */
public final class Edge implements TransactionUser, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

  /** How long the dialogs of a call that is over are known, so that a late BYE gets its 200. */
  private static final long LINGER_MILLIS = 10_000;

  private static final int RETRY_AFTER_SECONDS = 5;

  record Place(CallSession call, Party party) {}

  private final EdgeWorld world;
  private final TransactionLayer layer;
  private final PendingAcks pendingAcks;
  private final Tokens tokens = new Tokens();
  private final SipMaker maker;
  private final RoutingDesk desk;
  private final Registrar registrar;
  private final Phones phones;
  private final Carriers carriers;
  private final Admissions admissions;
  private final Map<String, CallSession> calls = new HashMap<>();
  private final Map<ServerTransactionId, CallSession> invites = new HashMap<>();
  private final Map<DialogId, Place> dialogs = new HashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final DialogDesk dialogDesk;
  private final LoopGuard loops;
  private final Emergencies emergencies;
  private final Orders orders = new Orders(this);
  private final DtlsIdentity identity;
  private long sessionIds;
  private volatile boolean draining;
  private volatile int active;

  /** An edge that does not listen yet. */
  public Edge(EdgeWorld world) {
    this.world = world;
    this.identity = DtlsIdentity.generate(random, world.clock().now().wall());
    this.sessionIds = world.clock().now().wall().getEpochSecond();
    this.maker = new SipMaker(world.transport());
    this.layer =
        new TransactionLayer(
            world.transport().loop(),
            new TransportWire(world.transport()),
            world.settings().timers(),
            TransactionLimits.DEFAULT,
            tokens,
            this);
    this.pendingAcks = new PendingAcks(world.transport().loop(), layer, world.settings().timers());
    this.desk = new RoutingDesk(world.directory());
    this.registrar = new Registrar(this, world);
    this.emergencies = new Emergencies(this, world, registrar);
    this.phones = new Phones(world);
    this.loops = new LoopGuard(this, world);
    this.dialogDesk = new DialogDesk(this, world, registrar, random);
    this.carriers =
        new Carriers(
            world.ref().name(),
            world.transport(),
            layer,
            tokens,
            world.directory(),
            world.gateway(),
            world.meters(),
            world.vouching(),
            world.dns());
    this.admissions = new Admissions(this, world, carriers);
    world.meters().gauge("tandem.edge.calls", this, Edge::activeCalls);
    world.meters().gauge("tandem.edge.answers.unacknowledged", pendingAcks, PendingAcks::size);
    world.meters().gauge("tandem.edge.calls.decoded", world.voice(), VoiceDesk::decodedCalls);
  }

  /**
   * Opens the sockets.
   *
   * @throws CannotListen naming the address, and whether its port is busy
   */
  public void start() throws CannotListen {
    world.transport().watch(world.observation());
    world.transport().start(new FlowRelay(world, layer));
    carriers.start();
  }

  /** New calls are refused with a 503 from now on; those in progress go on (OPS-3). */
  public void drain() {
    draining = true;
  }

  /** Calls this edge carries now. */
  public int activeCalls() {
    return active;
  }

  /** What the transactions counted. */
  public TransactionLayer layer() {
    return layer;
  }

  // ---- from the wire

  @Override
  public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
    Refusal refusal = UasInspection.of(request, SipMaker.CAPABILITIES).orElse(null);
    if (refusal != null) {
      refuse(id, request, refusal);
      return;
    }
    if (request.toTag() != null) {
      inDialog(id, request, flow);
      return;
    }
    switch (request.method()) {
      case SipRequest.INVITE -> {
        if (!emergencies.takes(id, request, flow)
            && !dialogDesk.takeover().takes(id, request, flow)) {
          invite(id, request, flow);
        }
      }
      case SipRequest.SUBSCRIBE -> dialogDesk.subscriptions().subscribe(id, request, flow);
      case SipRequest.REGISTER -> registrar.register(id, request, flow);
      case SipRequest.OPTIONS ->
          respondOnce(id, SipMaker.response(request, draining ? 503 : 200, layer.tag(id)));
      case SipRequest.BYE, SipRequest.INFO, SipRequest.UPDATE, SipRequest.PRACK, SipRequest.REFER ->
          respondOnce(id, SipMaker.response(request, 481, layer.tag(id)));
      default -> respondOnce(id, SipMaker.response(request, 405, layer.tag(id)));
    }
  }

  private void inDialog(ServerTransactionId id, SipRequest request, Flow flow) {
    Place place = DialogId.of(request).map(dialogs::get).orElse(null);
    if (place == null && !dialogDesk.takes(id, request, flow)) {
      respondOnce(id, SipMaker.response(request, 481, null));
    } else if (place != null) {
      dialogDesk.heard(flow, place.call(), place.party());
      dialogDesk.inDialog().request(id, request, flow, place.call(), place.party());
    }
  }

  @Override
  public void onAck(SipRequest ack, Flow flow) {
    Place place = DialogId.of(ack).map(dialogs::get).orElse(null);
    if (pendingAcks.acknowledged(ack, flow) && place != null) {
      dialogDesk.heard(flow, place.call(), place.party());
      place.party().heardAck(ack);
      if (place.party().side() == Side.A) {
        place.call().on(new LegInput.CallerAcknowledged());
      }
    }
  }

  @Override
  public void onCancel(ServerTransactionId invite, SipRequest cancel) {
    CallSession call = invites.get(invite);
    if (call != null) {
      call.caller().leaves(cancel);
      call.on(new LegInput.CallerCancelled());
    } else if (admissions.cancelled(invite)
        || emergencies.cancelled(invite)
        || dialogDesk.inDialog().cancelled(invite)) {
      LOG.debug("an INVITE of no call, or within one, was given up");
    }
  }

  private void invite(ServerTransactionId id, SipRequest request, Flow flow) {
    String tag = tokens.next();
    if (draining) {
      refuse(id, SipMaker.later(request, 503, tag, "draining", RETRY_AFTER_SECONDS));
      return;
    }
    Carrier carrier = admissions.carrier(request, flow).orElse(null);
    if (carrier == null && admissions.refusesStrangers()) {
      refuse(id, admissions.challenge(request, tag));
      return;
    }
    RoutingDesk.Destination to =
        desk.destination(Admissions.dialled(request, carrier)).orElse(null);
    if (to == null) {
      admissions.nobodys(flow);
      refuse(id, SipMaker.response(request, 404, tag));
      return;
    }
    String number = Admissions.caller(request, carrier);
    Optional<Integer> loop = loops.refusal(request, number, to, carrier, flow);
    if (loop.isPresent()) {
      refuse(id, SipMaker.response(request, loop.get(), tag));
      return;
    }
    if (settings().session().refuses(request)) {
      refuse(id, settings().session().tooBrief(request, tag));
      return;
    }
    Dialog early = Dialog.uas(request, tag, false).orElse(null);
    boolean late = request.body().length == 0;
    Sdp offer = SdpPass.of(request).orElse(null);
    if (early == null || (!late && (offer == null || objects(offer)))) {
      refuse(id, SipMaker.response(request, early == null ? 400 : 488, tag));
      return;
    }
    String callId = TimedId.next("call");
    switch (world.anchor().allocate(callId)) {
      case MediaAnchor.Allocation.Granted(Relay relay) -> {
        RoutingDesk.Caller caller =
            new RoutingDesk.Caller(
                number, world.blinder().person(number), request.header("X-Tandem-Caller-State"));
        SipRequest known = carrier == null ? Admissions.unasserted(request) : request;
        Asking asking = new Asking(id, known, flow, caller.subject(), early, offer);
        CallSession call =
            new CallSession(this, callId, asking, relay, to.campaign().terms().voice());
        call.callerInvite().shownAs(Admissions.callerId(known, carrier, number, to.number()));
        if (carrier == null) {
          take(call, to, caller);
        } else {
          admissions.admit(
              carrier, call, request, number, to.number(), () -> take(call, to, caller));
        }
      }
      default ->
          refuse(
              id, SipMaker.later(request, 503, tag, "no media port is free", RETRY_AFTER_SECONDS));
    }
  }

  /**
   * The caller hears a 100 until the call is stored; one that cannot be stored in time is refused.
   */
  private void take(CallSession call, RoutingDesk.Destination to, RoutingDesk.Caller caller) {
    calls.put(call.callId(), call);
    world.observation().belongs(call.caller().dialog().id().callId(), call.callId());
    active = calls.size();
    invites.put(call.callerInvite().transaction(), call);
    know(call.caller().dialog().id(), call, call.caller());
    loops.began(call.callId(), caller.number(), to.number());
    call.tap().began(call.callId(), caller.number(), to.number());
    count("taken", 100);
    CallCommand.Offer offer =
        desk.offer(
            call.callId(),
            to,
            caller,
            world.ref(),
            call.caller().stored(),
            call.callerInvite().arrival(),
            clock().now().wall());
    call.callerInvite().trying();
    call.attest(offer);
    call.storeWithin(settings().storeWithin().toMillis());
  }

  /** What is not understood is refused before anything else is looked at (RFC 3261 8.2). */
  private void refuse(ServerTransactionId id, SipRequest request, Refusal refusal) {
    String tag = request.toTag() == null ? layer.tag(id) : null;
    if (request.is(SipRequest.INVITE)) {
      count("refused", refusal.status());
    }
    respondOnce(id, refusal.response(request, tag).with(HeaderName.SERVER, SipMaker.SERVER));
  }

  private void refuse(ServerTransactionId id, SipResponse response) {
    count("refused", response.status());
    respond(id, response);
  }

  // ---- from the calls

  /**
   * Takes on what a call wants, on the loop; what is repeated is done once.
   *
   * @param taken run once it is taken on
   */
  public void signal(LegCommand command, Runnable taken) {
    loop()
        .execute(
            () -> {
              CallSession call = calls.get(command.callId());
              if (call == null) {
                orders.notCarried(command);
              } else {
                orders.deliver(call, command);
              }
              taken.run();
            });
  }

  void stored(CallSession call, CallCommand fact, Reply reply) {
    if (!(reply instanceof CallReply.Noted) && Attestations.isVital(fact)) {
      call.on(new LegInput.HangUp("not accepted"));
    }
    call.onStored(fact);
    considerOver(call);
  }

  /** Forgets a call once nothing is left to do or tell; its dialogs are known a little longer. */
  void considerOver(CallSession call) {
    if (call.isOver() && calls.remove(call.callId(), call)) {
      active = calls.size();
      carriers.over(call.callId());
      loops.ended(call.callId());
      boolean unused = invites.remove(call.callerInvite().transaction(), call);
      List<DialogId> names = call.dialogs();
      Runnable forget =
          () -> {
            names.forEach(dialogs::remove);
            world.observation().over(call.callId());
          };
      var timer = loop().schedule(LINGER_MILLIS, forget);
      LOG.debug("call {} is over; its dialogs go with {}", call.callId(), timer);
    }
  }

  // ---- for the sessions

  void know(DialogId id, CallSession call, Party party) {
    dialogs.put(id, new Place(call, party));
  }

  /** Whose dialog that is. */
  @Nullable Place place(DialogId id) {
    return dialogs.get(id);
  }

  /** Where a phone is: at its devices, or behind a carrier when it is a number (TEL-3). */
  void devices(String callId, String endpoint, Consumer<List<PhoneLeg.Device>> then) {
    phones.devices(callId, endpoint, carriers, then);
  }

  /** A dialog of ours belongs to that call, for those who watch. */
  void belongs(String sipCallId, String callId) {
    world.observation().belongs(sipCallId, callId);
  }

  void respond(ServerTransactionId id, SipResponse response) {
    if (!layer.respond(id, response)) {
      LOG.debug("a {} came after its transaction had ended", response.status());
    }
  }

  /** What anybody is told who asks is not kept (ACC-8). */
  void respondOnce(ServerTransactionId id, SipResponse response) {
    boolean sent = layer.respondOnce(id, response);
    LOG.trace("{} is not kept, was sent: {}", response.status(), sent);
  }

  void count(String outcome, int status) {
    world
        .meters()
        .counter("tandem.edge.invites", "outcome", outcome, "status", Integer.toString(status))
        .increment();
  }

  boolean carries(String callId) {
    return calls.containsKey(callId);
  }

  Iterable<CallSession> calls() {
    return calls.values();
  }

  /** The descriptions of one leg. */
  SdpPass pass(RelayLeg leg) {
    String host = settings().mediaHost();
    LegSecurity security =
        new LegSecurity(
            leg, settings().mediaSecurity(), identity, random, world.anchor().nanoClock(), host);
    return new SdpPass(leg, security, host, ++sessionIds, world.meters());
  }

  /** The voice of a call. */
  CallVoice voice(Relay relay) {
    return world.voice().call(relay);
  }

  /** Whether the security of an offer is not one we speak, or less than we ask for. */
  boolean objects(Sdp offer) {
    Optional<String> objection = LegSecurity.objection(offer, settings().mediaSecurity());
    objection.ifPresent(reason -> LOG.debug("an offer is refused: {}", reason));
    return objection.isPresent();
  }

  EdgeRef ref() {
    return world.ref();
  }

  String actor() {
    return "edge/" + world.ref();
  }

  EdgeSettings settings() {
    return world.settings();
  }

  EdgeLoop loop() {
    return world.transport().loop();
  }

  EdgeClock clock() {
    return world.clock();
  }

  EntityGateway gateway() {
    return world.gateway();
  }

  /** The 2xx responses whose ACK is not here yet. */
  public PendingAcks pendingAcks() {
    return pendingAcks;
  }

  Tokens tokens() {
    return tokens;
  }

  SipMaker maker() {
    return maker;
  }

  /** Runs something on the loop, where everything of calls happens. */
  public void onLoop(Runnable task) {
    loop().execute(task);
  }

  DialogDesk dialogDesk() {
    return dialogDesk;
  }

  /** The trunks of this edge; to be asked on its loop. */
  public Carriers carriers() {
    return carriers;
  }

  Phones phones() {
    return phones;
  }

  /**
   * Stops listening. Calls in progress are left to the sweep, which ends them at the last proof of
   * life.
   */
  @Override
  public void close() {
    try {
      loop().execute(layer::close);
    } catch (java.util.concurrent.RejectedExecutionException ended) {
      LOG.debug("the loop ended when the transport could not listen; it carries nothing");
    }
    world.transport().close();
  }
}
