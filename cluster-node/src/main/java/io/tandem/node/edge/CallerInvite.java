package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.trunk.CallerId;
import io.tandem.persistence.call.Arrival;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.dialog.SessionTimer;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.reliable.ReliableProvisionals;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller's INVITE until its final response: what goes back for it, reliably where the caller
 * asks for that (RFC 3262). A description that was given early is never changed in its dialog (RFC
 * 3261 13.2.1): another phone that is heard or answers gets an early dialog of its own. On the loop
 * only.
 */
final class CallerInvite {
  private final Edge edge;
  private final CallSession call;
  private final Party caller;
  private final ServerTransactionId transaction;
  private final SipRequest invite;
  private final boolean rel;
  private final boolean relOnly;
  private final boolean late;
  private final List<DialogId> dialogs = new ArrayList<>();
  private @Nullable ReliableProvisionals provisionals;
  private @Nullable String earlyOffer;
  private @Nullable SipResponse success;
  private CallerId shown = CallerId.NOBODY;
  private @Nullable Arrival arrival;
  private String refusedBy = "";
  private boolean finished;

  /** An INVITE that was just received, in its first early dialog. */
  CallerInvite(
      Edge edge,
      CallSession call,
      Party caller,
      ServerTransactionId transaction,
      SipRequest invite) {
    this.edge = edge;
    this.call = call;
    this.caller = caller;
    this.transaction = transaction;
    this.invite = invite;
    this.relOnly = invite.optionTags(HeaderName.REQUIRE).contains(RAck.OPTION);
    this.rel = relOnly || invite.optionTags(HeaderName.SUPPORTED).contains(RAck.OPTION);
    this.late = invite.body().length == 0;
    dialogs.add(caller.dialog().id());
  }

  ServerTransactionId transaction() {
    return transaction;
  }

  SipRequest request() {
    return invite;
  }

  /** Whom other networks are shown as the caller (TEL-12). */
  void shownAs(CallerId id) {
    shown = id;
  }

  CallerId shown() {
    return shown;
  }

  /** A trunk brought the call, and it is known who vouches for its caller's number (TEL-12). */
  void arrived(Arrival over) {
    arrival = over;
  }

  /** How it came in over a trunk; null for a caller of no trunk. */
  @Nullable Arrival arrival() {
    return arrival;
  }

  /** As the agent's phone is shown it; empty where nobody looked. */
  String verstat() {
    Arrival over = arrival;
    return over == null ? "" : over.verification();
  }

  /** Every dialog it was answered in. */
  List<DialogId> dialogs() {
    return dialogs;
  }

  /** The caller hears at once that we are at work (RFC 3261 17.2.1). */
  void trying() {
    edge.respond(transaction, SipMaker.response(invite, 100, null));
  }

  /**
   * A phone rings. A caller that takes nothing unreliable and offers late hears nothing: its first
   * reliable response has to carry an offer (RFC 3261 13.2.1), and there is none yet.
   */
  void ring() {
    if (!(relOnly && late)) {
      provisional(response(180), relOnly);
    }
  }

  /** The caller is told something before a phone rings: by the answer it keeps, whoever answers. */
  void progress(byte[] answer) {
    provisional(response(183).withBody(Sdp.CONTENT_TYPE, answer), rel);
  }

  /** A phone is heard before it answers. */
  void early(String offerId, byte[] answer) {
    ownDialogFor(offerId);
    earlyOffer = offerId;
    provisional(response(183).withBody(Sdp.CONTENT_TYPE, answer), rel);
  }

  /** A phone answered: the 200 leaves as soon as no early description waits for its PRACK. */
  void answer(String offerId, byte[] description) {
    ownDialogFor(offerId);
    caller.dialog(caller.dialog().confirm());
    SessionTimer timer = caller.policy().answering(invite);
    SipResponse ok =
        caller
            .policy()
            .granted(response(200).with(HeaderName.ALLOW, SipMaker.ALLOW), invite, timer)
            .withBody(Sdp.CONTENT_TYPE, description);
    caller.keep(timer);
    ReliableProvisionals sending = provisionals;
    if (sending == null) {
      succeed(ok);
    } else {
      sending.beforeSuccess(() -> succeed(ok));
    }
  }

  private void succeed(SipResponse ok) {
    finished = true;
    success = ok;
    edge.pendingAcks().send(transaction, ok, () -> call.on(new LegInput.CallerSilent()));
  }

  /** Why the last phone that gave a reason would not: it goes with a refusal (RFC 3326). */
  void refusedBy(String why) {
    refusedBy = why.isEmpty() ? refusedBy : why;
  }

  /** Refuses the INVITE, unless its final response is out. */
  void reject(int status, String reason) {
    if (finished) {
      return;
    }
    finished = true;
    closeProvisionals();
    SipResponse no = SipMaker.response(invite, status, caller.dialog().localTag());
    edge.respond(
        transaction,
        status == 487 ? no : Farewell.refusal(no, Farewell.reason(status, reason), refusedBy));
    edge.count("rejected", status);
  }

  /**
   * The call is over: nothing is repeated any more.
   *
   * @return whether the caller was answered and has to hear a BYE; one that was not is refused here
   */
  boolean endsWithBye(String reason) {
    SipResponse ok = success;
    if (ok == null) {
      reject(504, reason);
      return false;
    }
    edge.pendingAcks().drop(ok);
    return true;
  }

  /** A PRACK of the caller. */
  void prack(ServerTransactionId id, SipRequest prack) {
    ReliableProvisionals sending = provisionals;
    boolean known = sending != null && RAck.of(prack).filter(sending::acknowledged).isPresent();
    // an offer in a PRACK is not taken: nothing was agreed that it could change
    int status = !known ? 481 : prack.body().length > 0 ? 488 : 200;
    edge.respond(id, SipMaker.response(prack, status, null));
  }

  private void ownDialogFor(String offerId) {
    if (earlyOffer == null || earlyOffer.equals(offerId)) {
      return;
    }
    closeProvisionals();
    earlyOffer = null;
    Dialog.uas(invite, edge.tokens().next(), false)
        .ifPresent(
            own -> {
              caller.dialog(own);
              dialogs.add(own.id());
              edge.know(own.id(), call, caller);
            });
  }

  private void closeProvisionals() {
    ReliableProvisionals sending = provisionals;
    if (sending != null) {
      sending.close();
      provisionals = null;
    }
  }

  private void provisional(SipResponse response, boolean reliably) {
    if (!reliably) {
      edge.respond(transaction, response);
      return;
    }
    ReliableProvisionals sending = provisionals;
    if (sending == null) {
      sending =
          new ReliableProvisionals(
              edge.loop(),
              edge.settings().timers(),
              edge.dialogDesk().firstRseq(),
              numbered -> edge.respond(transaction, numbered),
              () -> call.on(new LegInput.CallerSilent()));
      provisionals = sending;
    }
    sending.send(response);
  }

  private SipResponse response(int status) {
    return SipMaker.response(invite, status, caller.dialog().localTag())
        .withContact(edge.maker().contact(caller.target()));
  }
}
