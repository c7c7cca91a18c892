package io.tandem.node.edge;

import io.tandem.node.edge.dialog.RemoteTarget;
import io.tandem.node.intercept.InterceptDesk;
import io.tandem.persistence.endpoint.EndpointState;
import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Target;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final RemoteTarget.Connections connections;
  private final Map<DialogId, PhoneLeg> ringing = new HashMap<>();

  DialogDesk(Edge edge, EdgeWorld world, Registrar registrar, RandomGenerator random) {
    this.edge = edge;
    this.world = world;
    this.random = random;
    this.connections = RemoteTarget.Connections.of(world.transport());
    world.transport().keep(this::needed);
    this.inDialog = new InDialog(edge, new Renegotiation(edge, random));
    this.refreshes = new Refreshes(edge, random);
    this.reoffer = new Reoffer(edge, random);
    this.subscriptions =
        new Subscriptions(
            edge, registrar, new CallsElsewhere(world), new Seats(edge, world.others()));
    this.takeover = new Takeover(edge, registrar);
  }

  /** What is known of the connections of peers. */
  RemoteTarget.Connections connections() {
    return connections;
  }

  /** Peers on a call keep their connections, however long they say nothing. */
  private Set<InetSocketAddress> needed() {
    Set<InetSocketAddress> peers = new HashSet<>();
    for (CallSession call : edge.calls()) {
      need(peers, call.caller().spokeFrom());
      call.agent().ifPresent(agent -> need(peers, agent.spokeFrom()));
    }
    return peers;
  }

  private static void need(Set<InetSocketAddress> peers, Target target) {
    if (target.protocol().isReliable()) {
      peers.add(
          switch (target) {
            case Flow flow -> flow.remote();
            case Destination to -> to.address();
          });
    }
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
  boolean takes(ServerTransactionId id, SipRequest request, Flow flow) {
    PhoneLeg phone = DialogId.of(request).map(ringing::get).orElse(null);
    if (phone == null) {
      return subscriptions.inDialog(id, request, flow);
    }
    edge.respond(id, SipMaker.response(request, phone.answerTo(request), null));
    return true;
  }

  /** Who knows a tag of ours, and says so from where it was told it, hears us there (ACC-8). */
  void heard(Flow flow, CallSession call, Party party) {
    if (party.isAt(flow)) {
      defence().proven(flow.remote().getAddress(), edge.loop().nanoTime());
      call.hearsUs(party);
    }
  }

  /**
   * Whether its source may be forged, and has not shown yet that it hears us: nothing that is more
   * than it sent goes where it says.
   */
  boolean isUnproven(Flow flow) {
    return !flow.protocol().isReliable()
        && !defence().isProven(flow.remote().getAddress(), edge.loop().nanoTime());
  }

  private Defence defence() {
    return world.transport().defence();
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
