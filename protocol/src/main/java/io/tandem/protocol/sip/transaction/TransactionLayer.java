package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.defence.Network;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.ParseOutcome;
import io.tandem.protocol.sip.message.SipLimits;
import io.tandem.protocol.sip.message.SipMessage;
import io.tandem.protocol.sip.message.SipParser;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.fsm.Input;
import io.tandem.protocol.sip.transaction.fsm.InviteClientMachine;
import io.tandem.protocol.sip.transaction.fsm.InviteServerMachine;
import io.tandem.protocol.sip.transaction.fsm.NonInviteClientMachine;
import io.tandem.protocol.sip.transaction.fsm.NonInviteServerMachine;
import io.tandem.protocol.sip.transaction.fsm.Phase;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transaction.fsm.TransactionMachine;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.Inbound;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thin shell around the machines: finds the transaction of each message, carries outputs out,
 * and answers by itself what needs no user: retransmissions, the ACK of failures, CANCEL, and new
 * calls beyond the limit.
 *
 * <p>Lives on one {@link EdgeLoop} and is called on it only.
 */
public final class TransactionLayer implements SipListener {

  private static final Logger LOG = LoggerFactory.getLogger(TransactionLayer.class);

  /** The To tag of a call refused for overload: its ACK is known by it, and ends here. */
  private static final String REFUSED_TAG = "full";

  /** What we have written is read again, however long it is. */
  private static final SipLimits OWN =
      new SipLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  private final EdgeLoop loop;
  private final SipWire wire;
  private final Tokens tokens;
  private final TransactionUser user;
  private final TransactionLimits limits;
  private final TimerWheel wheel;
  private final Machines unreliable;
  private final Machines reliable;
  private final Map<ServerTransactionId, ServerTransaction> servers = new HashMap<>();
  private final Map<ClientTransactionId, ClientTransaction> clients = new HashMap<>();
  private final SipParser own = new SipParser(OWN);
  private final TransactionCounters counters = new TransactionCounters();

  /** The four machines of one kind of transport. */
  private record Machines(
      TransactionMachine inviteClient,
      TransactionMachine client,
      TransactionMachine inviteServer,
      TransactionMachine server) {

    static Machines of(SipTimers timers, boolean reliable) {
      return new Machines(
          new InviteClientMachine(timers, reliable),
          new NonInviteClientMachine(timers, reliable),
          new InviteServerMachine(timers, reliable),
          new NonInviteServerMachine(timers, reliable));
    }
  }

  /** A layer between a transport and a user. Give it to the transport as its listener. */
  public TransactionLayer(
      EdgeLoop loop,
      SipWire wire,
      SipTimers timers,
      TransactionLimits limits,
      Tokens tokens,
      TransactionUser user) {
    this.loop = loop;
    this.wire = wire;
    this.tokens = tokens;
    this.user = user;
    this.limits = limits;
    this.wheel = new TimerWheel(loop);
    this.unreliable = Machines.of(timers, false);
    this.reliable = Machines.of(timers, true);
  }

  // ---- from the user

  /**
   * Sends a request in a client transaction of its own. Its Via is put on here; Request-URI, Route
   * and target are the user's.
   *
   * @param request anything but an ACK or a CANCEL
   */
  public ClientTransactionId request(SipRequest request, Target target, ClientUser listener) {
    String branch = tokens.branch();
    SipRequest sent = request.pushingVia(wire.via(target, branch));
    return open(new ClientTransactionId(branch, request.method()), sent, target, listener);
  }

  private ClientTransactionId open(
      ClientTransactionId id, SipRequest sent, Target target, ClientUser listener) {
    Machines machines = machines(target);
    TransactionMachine machine =
        sent.is(SipRequest.INVITE) ? machines.inviteClient() : machines.client();
    ClientTransaction transaction =
        new ClientTransaction(this, id, machine, wheel, sent, target, listener);
    clients.put(id, transaction);
    counters.opened++;
    transaction.start(null);
    return id;
  }

  /**
   * Answers a request. A 2xx to an INVITE may be given again and again: its repetition is the
   * user's ({@link PendingAcks}).
   *
   * @return false when the transaction has ended: the response is not sent
   */
  public boolean respond(ServerTransactionId id, SipResponse response) {
    return answer(id, response) != null;
  }

  /** Where the answer went; null when the transaction has ended. */
  @Nullable Flow answer(ServerTransactionId id, SipResponse response) {
    ServerTransaction transaction = servers.get(id);
    if (transaction == null) {
      return null;
    }
    transaction.step(Input.response(response.status()), response);
    return transaction.flow();
  }

  /**
   * Answers a request and keeps nothing of it: coming again it is a new one and answered anew (RFC
   * 3261 8.2.7). For challenges and whatever else anybody can be told, so that what strangers ask
   * costs no memory; with {@link #tag} as its To tag all of them have the same. An INVITE that is
   * of no dialog is kept all the same, for its ACK.
   *
   * @return false when the transaction has ended: the response is not sent
   */
  public boolean respondOnce(ServerTransactionId id, SipResponse response) {
    ServerTransaction transaction = servers.get(id);
    if (transaction == null) {
      return false;
    }
    if (id.method().equals(SipRequest.INVITE) && !transaction.isWithin()) {
      transaction.step(Input.response(response.status()), response);
      return true;
    }
    wire.respond(response, transaction.flow(), failure -> counters.responsesNotSent++);
    transaction.end();
    return true;
  }

  /**
   * A To tag for answers that are not kept: the same for the same request. That of an INVITE, which
   * is kept and whose ACK shows who hears us by it, is drawn by lot.
   */
  public String tag(ServerTransactionId id) {
    return id.method().equals(SipRequest.INVITE) ? tokens.next() : tokens.tag(id);
  }

  /**
   * Gives an INVITE of ours up with a CANCEL, which waits for a provisional response if none came
   * yet; nothing when the final response is here. The final response, usually a 487, comes to the
   * listener as any other.
   *
   * @param reason value of a Reason header (RFC 3326), or null
   */
  public void cancel(ClientTransactionId id, @Nullable String reason) {
    ClientTransaction transaction = clients.get(id);
    if (transaction != null && id.method().equals(SipRequest.INVITE)) {
      transaction.cancel(reason);
    }
  }

  /**
   * Sends the ACK of a 2xx: outside any transaction, with a Via of its own (13.2.2.4). Keep what is
   * given back to repeat it.
   */
  public SentAck acknowledge(SipRequest ack, Target target) {
    SipRequest sent = ack.pushingVia(wire.via(target, tokens.branch()));
    sendAck(sent, target);
    return SentAck.of(sent);
  }

  /** Sends an ACK again, for a 2xx that came again. */
  public void repeatAck(SentAck sent, Target target) {
    if (read(sent.octets()) instanceof SipRequest ack) {
      sendAck(ack, target);
    }
  }

  private void sendAck(SipRequest ack, Target target) {
    wire.send(ack, target, failure -> counters.acksNotSent++);
  }

  /** What the layer has counted. */
  public TransactionCounters counters() {
    return counters;
  }

  /** How many transactions live now, of both roles. */
  public int live() {
    return servers.size() + clients.size();
  }

  /** Forgets everything at once and tells nobody: the node leaves. */
  public void close() {
    new ArrayList<>(servers.values()).forEach(Transaction::end);
    new ArrayList<>(clients.values()).forEach(Transaction::end);
  }

  // ---- from the wire

  @Override
  public void received(Inbound inbound) {
    switch (inbound.message()) {
      case SipRequest request -> receive(request, inbound.flow());
      case SipResponse response -> receive(response, inbound.flow());
    }
  }

  private void receive(SipResponse response, Flow flow) {
    ClientTransaction transaction = ClientTransactionId.of(response).map(clients::get).orElse(null);
    if (transaction == null) {
      counters.strayResponses++; // RFC 6026 7.2: dropped
    } else {
      proven(flow, transaction.target());
      transaction.receive(response, flow);
    }
  }

  private void receive(SipRequest request, Flow flow) {
    ServerTransactionId id = ServerTransactionId.of(request);
    ServerTransaction transaction = servers.get(id);
    if (request.is(SipRequest.ACK)) {
      acknowledged(request, flow, transaction);
    } else if (transaction != null) {
      counters.requestsAgain++;
      transaction.step(Input.REQUEST, request);
    } else if (request.is(SipRequest.CANCEL)) {
      cancelled(id, request, flow);
    } else if (isOneTooMany(request)) {
      refuse(request, flow);
    } else {
      open(id, request, flow).start(request);
    }
  }

  /** Who knows what was told to an address is there, if it says so from there (ACC-8). */
  void proven(Flow by, @Nullable Target told) {
    if (told != null && Network.same(by.remote().getAddress(), told.remote().getAddress())) {
      wire.proven(by);
    }
  }

  private void acknowledged(SipRequest ack, Flow flow, @Nullable ServerTransaction transaction) {
    if (transaction != null) {
      String tag = transaction.answeredTag();
      if (tag != null && tag.equals(ack.toTag())) {
        proven(flow, transaction.flow());
      }
      transaction.step(Input.ACK, ack);
    } else if (!REFUSED_TAG.equals(ack.toTag())) {
      user.onAck(ack, flow);
    }
  }

  /**
   * RFC 3261 9.2: the CANCEL has a transaction of its own, with the To tag of its INVITE's answers.
   * That of nothing we know is answered and not kept: anybody can send those.
   */
  private void cancelled(ServerTransactionId id, SipRequest cancel, Flow flow) {
    ServerTransaction invite = servers.get(ServerTransactionId.cancelledBy(cancel));
    if (invite == null) {
      SipResponse unknown = SipResponse.to(cancel, 481, tag(id));
      wire.respond(unknown, flow, failure -> counters.responsesNotSent++);
      return;
    }
    // not started: the user hears of the INVITE only
    ServerTransaction own = open(id, cancel, flow);
    String tag = invite.answeredTag();
    own.step(Input.SUCCESS, SipResponse.to(cancel, 200, tag == null ? tokens.next() : tag));
    if (invite.phase() == Phase.PROCEEDING) {
      user.onCancel(invite.id(), cancel);
    }
  }

  private boolean isOneTooMany(SipRequest request) {
    int open = servers.size();
    return open >= limits.serverTransactionsMax()
        && (request.toTag() == null || open / 2 >= limits.serverTransactionsMax());
  }

  /**
   * Without a transaction, so that it costs next to nothing; a retransmission gets the same again.
   * A 503 within a dialog could end a call: its sender hears nothing, and repeats.
   */
  private void refuse(SipRequest request, Flow flow) {
    counters.refused++;
    if (request.toTag() != null) {
      return;
    }
    SipResponse full =
        SipResponse.to(request, 503, REFUSED_TAG)
            .with(HeaderName.RETRY_AFTER, Integer.toString(limits.retryAfterSeconds()));
    wire.respond(full, flow, failure -> counters.responsesNotSent++);
  }

  private ServerTransaction open(ServerTransactionId id, SipRequest request, Flow flow) {
    Machines machines = machines(flow);
    TransactionMachine machine =
        request.is(SipRequest.INVITE) ? machines.inviteServer() : machines.server();
    ServerTransaction transaction = new ServerTransaction(this, id, machine, wheel, request, flow);
    servers.put(id, transaction);
    counters.opened++;
    return transaction;
  }

  private Machines machines(Target target) {
    return target.protocol().isReliable() ? reliable : unreliable;
  }

  // ---- from the transactions

  SipWire wire() {
    return wire;
  }

  /** A message of ours as it was before it was written; null for anything else. */
  @Nullable SipMessage read(byte[] written) {
    return own.parse(written, 0, written.length) instanceof ParseOutcome.Good good
        ? good.message()
        : null;
  }

  void onLoopLater(Runnable task) {
    loop.execute(task);
  }

  void sendCancel(SipRequest cancel, Target target) {
    String branch = String.valueOf(cancel.topVia().branch());
    open(new ClientTransactionId(branch, SipRequest.CANCEL), cancel, target, NOBODY);
  }

  void pass(ServerTransaction transaction, SipRequest request) {
    if (request.is(SipRequest.ACK)) {
      user.onAck(request, transaction.flow());
    } else {
      user.onRequest(transaction.id(), request, transaction.flow());
    }
  }

  String newTag() {
    return tokens.next();
  }

  void userFailed(RuntimeException mistake) {
    counters.userFailures++;
    TimerWheel.logMistake("a SIP transaction user", mistake);
  }

  void unacknowledged(ServerTransactionId id) {
    user.onUnacknowledged(id);
  }

  void serverTransportFailed(ServerTransactionId id, SendFailure failure) {
    counters.responsesNotSent++;
    user.onTransportError(id, failure);
  }

  void forget(ServerTransaction transaction) {
    servers.remove(transaction.id(), transaction);
  }

  void forget(ClientTransaction transaction) {
    clients.remove(transaction.id(), transaction);
  }

  /** What becomes of a CANCEL itself interests nobody: the INVITE's final response tells. */
  private static final ClientUser NOBODY =
      new ClientUser() {
        @Override
        public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
          LOG.debug("CANCEL answered with {}", response.status());
        }

        @Override
        public void onTimeout(ClientTransactionId id) {
          LOG.debug("CANCEL not answered");
        }

        @Override
        public void onTransportError(ClientTransactionId id, SendFailure failure) {
          LOG.debug("CANCEL not sent: {}", failure);
        }
      };
}
