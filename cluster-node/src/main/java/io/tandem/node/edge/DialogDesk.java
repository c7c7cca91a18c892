package io.tandem.node.edge;

import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What the dialogs of all calls of an edge share. On the loop only. */
final class DialogDesk {
  private final EdgeWorld world;
  private final RandomGenerator random;
  private final InDialog inDialog;
  private final Refreshes refreshes;
  private final Reoffer reoffer;
  private final Subscriptions subscriptions;
  private final Takeover takeover;
  private final Edge edge;
  private final Map<DialogId, PhoneLeg> ringing = new HashMap<>();

  DialogDesk(Edge edge, EdgeWorld world, Registrar registrar, RandomGenerator random) {
    this.edge = edge;
    this.world = world;
    this.random = random;
    this.inDialog = new InDialog(edge, new Renegotiation(edge, random));
    this.refreshes = new Refreshes(edge, random);
    this.reoffer = new Reoffer(edge, random);
    this.subscriptions =
        new Subscriptions(
            edge, registrar, new CallsElsewhere(world), new Seats(edge, world.others()));
    this.takeover = new Takeover(edge, registrar);
  }

  InDialog inDialog() {
    return inDialog;
  }

  Refreshes refreshes() {
    return refreshes;
  }

  Reoffer reoffer() {
    return reoffer;
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  Takeover takeover() {
    return takeover;
  }

  /** A device of a phone that rings has begun a dialog. */
  void rings(DialogId early, PhoneLeg phone) {
    ringing.put(early, phone);
  }

  /** These are answered, or over. */
  void ringsNoMore(List<DialogId> early) {
    early.forEach(ringing::remove);
  }

  /** A request in a dialog of no call that is connected: whether somebody here has answered it. */
  boolean takes(ServerTransactionId id, SipRequest request) {
    PhoneLeg phone = DialogId.of(request).map(ringing::get).orElse(null);
    if (phone == null) {
      return subscriptions.inDialog(id, request);
    }
    edge.respond(id, SipMaker.response(request, phone.answerTo(request), null));
    return true;
  }

  /** RFC 3262 3: anywhere in the lower half, so that it never runs over. */
  long firstRseq() {
    return 1 + random.nextInt(1 << 30);
  }

  /** Which orders to listen in stand. */
  InterceptDesk intercepts() {
    return world.intercepts();
  }

  /** The account of a phone. */
  Optional<String> account(String endpoint) {
    return world
        .directory()
        .endpoint(endpoint)
        .map(EndpointState::credentials)
        .map(EndpointState.Credentials::accountId);
  }

  void countTransfer(int status) {
    world.meters().counter("tandem.edge.transfers", "status", Integer.toString(status)).increment();
  }

  /** Of whom what is about an agent tells, blinded. */
  String agent(String agentId) {
    return "person:" + world.blinder().blind("agent", agentId);
  }
}
