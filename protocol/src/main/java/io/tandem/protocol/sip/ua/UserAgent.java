package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.PendingAcks;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.SipWire;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.CannotListen;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SipListener;
import io.tandem.protocol.sip.transport.SipTransport;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The telephones of one loop: their lines by user name, and their calls by dialog. Lines and calls
 * may be used from any thread; everything happens on the loop, and futures complete there, so that
 * what hangs on them must not block.
 */
public final class UserAgent implements TransactionUser {

  /** What it calls itself on the wire. */
  public static final String NAME = "Tandem-UA";

  static final String ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY";

  private final EdgeLoop loop;
  private final SipWire wire;
  private final Tokens tokens;
  private final TransactionLayer layer;
  private final PendingAcks pendingAcks;
  private final Map<String, UaLine> lines = new ConcurrentHashMap<>();
  private final Map<DialogId, UaCall> calls = new HashMap<>();
  private final Map<ServerTransactionId, UaCall> unanswered = new HashMap<>();

  /** A user agent on any wire; give its {@link #listener} to what receives. */
  public UserAgent(EdgeLoop loop, SipWire wire, SipTimers timers, Tokens tokens) {
    this.loop = loop;
    this.wire = wire;
    this.tokens = tokens;
    TransactionLimits limits = new TransactionLimits(Integer.MAX_VALUE, 1);
    this.layer = new TransactionLayer(loop, wire, timers, limits, tokens, this);
    this.pendingAcks = new PendingAcks(loop, layer, timers);
  }

  /**
   * A user agent on a transport of its own, which is started here and closed by its owner.
   *
   * @throws CannotListen when a port is not free
   */
  public static UserAgent start(SipTransport transport) throws CannotListen {
    UserAgent agent =
        new UserAgent(
            transport.loop(), new TransportWire(transport), SipTimers.RFC_3261, new Tokens());
    transport.start(agent.listener());
    return agent;
  }

  /** Opens a line. Calls to its user come to the handler. */
  public UaLine line(UaIdentity identity, CallHandler handler) {
    UaLine line = new UaLine(this, identity, handler);
    lines.put(identity.user(), line);
    return line;
  }

  /** What is to hear the wire. */
  public SipListener listener() {
    return layer;
  }

  /** Its loop. */
  public EdgeLoop loop() {
    return loop;
  }

  /** How many calls have a dialog now. Ask on the loop. */
  public int calls() {
    return calls.size();
  }

  /** How many transactions live now. Ask on the loop. */
  public int transactions() {
    return layer.live();
  }

  /**
   * Stops refreshing and forgets all calls and transactions at once, without a word to the other
   * side. On the loop.
   */
  public void abandon() {
    lines.values().forEach(UaLine::close);
    layer.close();
    calls.clear();
    unanswered.clear();
  }

  @Override
  public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
    UaCall call = DialogId.of(request).map(calls::get).orElse(null);
    if (call != null) {
      call.receive(id, request);
    } else if (request.toTag() != null) {
      refuse(id, request, 481);
    } else if (request.is(SipRequest.INVITE)) {
      receiveCall(id, request, flow);
    } else if (request.is(SipRequest.OPTIONS)) {
      layer.respond(id, SipResponse.to(request, 200, tokens.next()).with(HeaderName.ALLOW, ALLOW));
    } else {
      layer.respond(id, SipResponse.to(request, 405, tokens.next()).with(HeaderName.ALLOW, ALLOW));
    }
  }

  private void receiveCall(ServerTransactionId id, SipRequest invite, Flow flow) {
    UaLine line = lines.get(invite.uri().userText());
    if (line == null) {
      refuse(id, invite, 404);
      return;
    }
    UaCall call = UaCall.incoming(line, id, invite, flow);
    Dialog early = Dialog.uas(invite, call.localTag(), false).orElse(null);
    if (early == null) {
      refuse(id, invite, 400);
      return;
    }
    call.dialog(early);
    unanswered.put(id, call);
    line.handler().onCall(call);
  }

  private void refuse(ServerTransactionId id, SipRequest request, int status) {
    layer.respond(id, SipResponse.to(request, status, tokens.next()));
  }

  @Override
  public void onAck(SipRequest ack, Flow flow) {
    if (pendingAcks.acknowledged(ack, flow)) {
      DialogId.of(ack).map(calls::get).ifPresent(call -> call.acknowledged(ack));
    }
  }

  @Override
  public void onCancel(ServerTransactionId invite, SipRequest cancel) {
    UaCall call = unanswered.get(invite);
    if (call != null) {
      call.cancelledByCaller();
    }
  }

  // ---- for its lines and calls

  TransactionLayer layer() {
    return layer;
  }

  PendingAcks pendingAcks() {
    return pendingAcks;
  }

  SipWire wire() {
    return wire;
  }

  Tokens tokens() {
    return tokens;
  }

  void know(DialogId id, UaCall call) {
    calls.put(id, call);
  }

  void forget(@Nullable DialogId id) {
    if (id != null) {
      calls.remove(id);
    }
  }

  void decided(ServerTransactionId invite) {
    unanswered.remove(invite);
  }

  void onLoop(Runnable task) {
    if (loop.inLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }
}
