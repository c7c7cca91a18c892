package io.tandem.node.edge;

import io.tandem.node.call.CallCommand;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests within the dialogs of a call: BYE ends it, a re-INVITE (hold, mute, new ports) passes to
 * the other side and back with the media still anchored, INFO passes as it is. On the loop only.
 */
final class InDialog {
  private final Edge edge;

  InDialog(Edge edge) {
    this.edge = edge;
  }

  void request(ServerTransactionId id, SipRequest request, CallSession call, Party party) {
    switch (party.dialog().hear(request)) {
      case Dialog.Heard.OutOfOrder out -> edge.respond(id, SipMaker.response(request, 500, null));
      case Dialog.Heard.InOrder in -> {
        party.dialog(in.next());
        switch (request.method()) {
          case SipRequest.BYE -> bye(id, request, call, party);
          case SipRequest.INVITE -> reinvite(id, request, call, party);
          case SipRequest.INFO -> info(id, request, call, party);
          case SipRequest.OPTIONS -> edge.respond(id, SipMaker.response(request, 200, null));
          default -> edge.respond(id, SipMaker.response(request, 405, null));
        }
      }
    }
  }

  private void bye(ServerTransactionId id, SipRequest request, CallSession call, Party party) {
    edge.respond(id, SipMaker.response(request, 200, null));
    if (call.legs().phase() == Legs.Phase.ROUTING) {
      call.on(
          new LegInput
              .CallerCancelled()); // RFC 3261 15: a caller may leave an early dialog with BYE
    } else {
      call.on(party.side() == Side.A ? new LegInput.CallerHungUp() : new LegInput.AgentHungUp());
    }
  }

  /**
   * RFC 3261 14: one negotiation at a time (491); a description is needed, for a late offer cannot
   * be anchored here yet (488).
   */
  private void reinvite(ServerTransactionId id, SipRequest request, CallSession call, Party from) {
    Party to = call.opposite(from).orElse(null);
    Sdp offer = SdpPass.of(request).orElse(null);
    if (to == null
        || from.negotiating()
        || to.negotiating()
        || call.legs().phase() != Legs.Phase.CONNECTED) {
      edge.respond(id, SipMaker.response(request, 491, null));
      return;
    }
    if (offer == null || edge.objects(offer)) {
      edge.respond(id, SipMaker.response(request, 488, null));
      return;
    }
    from.negotiating(true);
    to.negotiating(true);
    Dialog.Spoken spoken = to.dialog().request(SipRequest.INVITE);
    to.dialog(spoken.next());
    SipRequest passed =
        spoken
            .request()
            .contact(edge.maker().contact("tandem", to.target()))
            .header(HeaderName.ALLOW, SipMaker.ALLOW)
            .body(Sdp.CONTENT_TYPE, to.pass().offered(call.voice().asked(offer)))
            .build();
    Negotiation negotiation = new Negotiation(id, request, call, from, to, offer, passed);
    var unused =
        edge.layer()
            .request(
                passed,
                to.target(),
                new Outcome(ending -> answered(negotiation, ending), () -> repeat(negotiation)));
  }

  /** A re-INVITE on its way through: who asked what, and what we asked the other side. */
  private record Negotiation(
      ServerTransactionId id,
      SipRequest request,
      CallSession call,
      Party from,
      Party to,
      Sdp offer,
      SipRequest passed) {}

  /** RFC 3261 14.1, 13.2.2.4: each 2xx gets its ACK, also one that comes again. */
  private void repeat(Negotiation n) {
    var unused =
        edge.layer()
            .acknowledge(n.to().dialog().ack(n.passed().cseq().number()).build(), n.to().target());
  }

  private void answered(Negotiation n, Ending ending) {
    ServerTransactionId id = n.id();
    SipRequest request = n.request();
    CallSession call = n.call();
    Party from = n.from();
    Party to = n.to();
    from.negotiating(false);
    to.negotiating(false);
    SipResponse answer = ending.response();
    Sdp sdp = answer == null ? null : SdpPass.of(answer).filter(to.pass()::takes).orElse(null);
    if (answer != null && answer.isSuccess()) {
      to.dialog(to.dialog().refreshedBy(answer));
      repeat(n);
    }
    CodecMatch.Agreement agreed =
        sdp == null ? null : CodecMatch.agree(n.offer(), sdp).orElse(null);
    if (answer == null || !answer.isSuccess() || sdp == null || agreed == null) {
      edge.respond(
          id,
          SipMaker.response(
              request, answer == null || answer.isSuccess() ? 488 : answer.status(), null));
      return;
    }
    from.heardOffer(n.offer());
    to.heardAnswer(sdp);
    call.hear(from, agreed, true);
    SipResponse ok =
        SipMaker.response(request, 200, null)
            .withContact(edge.maker().contact("tandem", from.target()))
            .with(HeaderName.ALLOW, SipMaker.ALLOW)
            .withBody(Sdp.CONTENT_TYPE, from.pass().answered(agreed.answer()));
    edge.pendingAcks().send(id, ok, () -> call.on(new LegInput.CallerSilent()));
    refreshed(call, from);
    refreshed(call, to);
  }

  /** QT-6: a survivor needs the dialog as it is now; the timer goes on. */
  private void refreshed(CallSession call, Party party) {
    call.attest(
        new CallCommand.LegRefreshed(
            party.side() == Side.B, party.stored(), party.onHold(), edge.clock().now().wall()));
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
                    ending -> {
                      SipResponse response = ending.response();
                      edge.respond(
                          id,
                          SipMaker.response(
                              request, response == null ? 408 : response.status(), null));
                    },
                    () -> {}));
  }

  /** The final response; null when none came. */
  private record Ending(@Nullable SipResponse response) {}

  /** Hears of the end of a request, once, and of every 2xx that comes again. */
  private static final class Outcome implements ClientUser {
    private final Consumer<Ending> end;
    private final Runnable again;
    private boolean ended;

    Outcome(Consumer<Ending> end, Runnable again) {
      this.end = end;
      this.again = again;
    }

    private void end(Ending ending) {
      if (!ended) {
        ended = true;
        end.accept(ending);
      }
    }

    @Override
    public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
      if (ended && response.isSuccess()) {
        again.run();
      } else if (response.isFinal()) {
        end(new Ending(response));
      }
    }

    @Override
    public void onTimeout(ClientTransactionId id) {
      end(new Ending(null));
    }

    @Override
    public void onTransportError(ClientTransactionId id, SendFailure failure) {
      end(new Ending(null));
    }
  }
}
