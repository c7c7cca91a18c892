package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Outcome;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import java.util.List;

/**
 * Requests within the dialogs of a call: BYE ends it, re-INVITE and UPDATE are the {@link
 * Renegotiation}'s, INFO passes as it is. On the loop only.
 */
final class InDialog {
  /** What says how an INFO is to be taken (RFC 6086). */
  private static final List<String> PACKAGE = List.of("Info-Package", "Content-Disposition");

  private final Edge edge;
  private final Renegotiation renegotiation;

  InDialog(Edge edge, Renegotiation renegotiation) {
    this.edge = edge;
    this.renegotiation = renegotiation;
  }

  void request(
      ServerTransactionId id, SipRequest request, Flow flow, CallSession call, Party party) {
    if (party.side() == Side.B && call.agent().filter(there -> there != party).isPresent()) {
      // it handed the caller on, and has no part in the call any more
      int status = request.is(SipRequest.BYE) ? 200 : 481;
      edge.respond(id, SipMaker.response(request, status, null));
      return;
    }
    switch (party.dialog().hear(request)) {
      case Dialog.Heard.OutOfOrder out -> edge.respond(id, SipMaker.response(request, 500, null));
      case Dialog.Heard.InOrder in -> {
        party.dialog(in.next());
        party.heard(flow);
        party.allows(request);
        switch (request.method()) {
          case SipRequest.BYE -> bye(id, request, call, party);
          case SipRequest.INVITE, SipRequest.UPDATE ->
              renegotiation.request(id, request, call, party);
          case SipRequest.REFER -> call.transfer().refer(id, request, party);
          case SipRequest.PRACK -> prack(id, request, call, party);
          case SipRequest.INFO -> info(id, request, call, party);
          case SipRequest.OPTIONS -> edge.respond(id, SipMaker.response(request, 200, null));
          default -> edge.respond(id, SipMaker.response(request, 405, null));
        }
      }
    }
  }

  /** A re-INVITE was given up: whether it was under way here. */
  boolean cancelled(ServerTransactionId invite) {
    return renegotiation.cancelled(invite);
  }

  private void prack(ServerTransactionId id, SipRequest request, CallSession call, Party party) {
    if (party.side() == Side.A) {
      call.callerInvite().prack(id, request);
    } else {
      edge.respond(id, SipMaker.response(request, 481, null));
    }
  }

  private void bye(ServerTransactionId id, SipRequest request, CallSession call, Party party) {
    edge.respond(id, SipMaker.response(request, 200, null));
    party.leaves(request);
    if (call.legs().phase() == Legs.Phase.ROUTING) {
      call.on(
          new LegInput
              .CallerCancelled()); // RFC 3261 15: a caller may leave an early dialog with BYE
    } else if (!call.transfer().survives(party)) {
      call.on(party.side() == Side.A ? new LegInput.CallerHungUp() : new LegInput.AgentHungUp());
    }
  }

  private void info(ServerTransactionId id, SipRequest request, CallSession call, Party from) {
    Party to = call.opposite(from).orElse(null);
    if (to == null || call.legs().phase() != Legs.Phase.CONNECTED) {
      edge.respond(id, SipMaker.response(request, 481, null));
      return;
    }
    Dialog.Spoken spoken = to.dialog().request(SipRequest.INFO);
    to.dialog(spoken.next());
    SipRequest.Builder passed = spoken.request();
    PACKAGE.forEach(name -> passed.headerIfPresent(name, request.header(name)));
    String type = request.contentType();
    if (type != null) {
      passed.body(type, request.body());
    }
    var unused =
        edge.layer()
            .request(
                passed.build(),
                to.target(),
                new Outcome(
                    ending -> edge.respond(id, SipMaker.response(request, ending.status(), null))));
  }
}
