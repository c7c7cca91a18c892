package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.register.FlowToken;
import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.dialog.SessionPolicy;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.refer.Replaces;
import io.tandem.protocol.sip.reliable.RAck;
import io.tandem.protocol.sip.reliable.ReliableReceipt;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.Target;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The phone of one offer: an INVITE to each device that is registered for it, the first answer
 * counts, every other device is cancelled. Says one final word to its call. On the loop only.
 */
final class PhoneLeg {
  private static final int NO_DEVICE = 480;

  /**
   * A device of the phone.
   *
   * @param carrier where the phone is in another network: what comes after a refusal; else null
   * @param route the proxies to it (RFC 3327); empty for none
   * @param instance its URN where it names one (RFC 5626); empty for none
   */
  record Device(
      SipUri contact, Target target, @Nullable CarrierCall carrier, String route, String instance) {
    /** A device that is reached without proxies. */
    Device(SipUri contact, Target target, @Nullable CarrierCall carrier) {
      this(contact, target, carrier, "", "");
    }

    /** A device of our own. */
    Device(SipUri contact, Target target) {
      this(contact, target, null);
    }
  }

  /**
   * The answer that counts.
   *
   * @param policy what was asked of the session timer
   * @param success the 2xx
   */
  record Answer(
      Dialog dialog,
      Target target,
      Sdp sdp,
      long inviteCseq,
      SessionPolicy policy,
      SipResponse success) {}

  /** An INVITE on its way; asked again where a phone wants a longer session interval. */
  private record Try(
      SipRequest invite, Target target, @Nullable CarrierCall carrier, SessionPolicy policy) {}

  /**
   * An early dialog of a device.
   *
   * @param sdp what a reliable response described; the 2xx need not say it again (RFC 3262 5)
   */
  private record Early(Dialog dialog, ReliableReceipt receipt, @Nullable Sdp sdp) {}

  private final Offer offer;
  private final TransactionLayer layer;
  private final SessionPolicy session;
  private final PhoneHearing hearing;
  private final Map<ClientTransactionId, Try> open = new HashMap<>();
  private final Map<ClientTransactionId, Try> givenUp = new HashMap<>();
  private final Map<String, SentAck> acks = new HashMap<>();
  private final Map<String, Early> early = new HashMap<>();
  private final Set<String> dismissed = new HashSet<>();
  private final Set<String> sent = new HashSet<>();
  private @Nullable Answer answer;
  private final Set<ClientTransactionId> heard = new HashSet<>();
  private int underWay;
  private boolean over;
  private int worst;
  private String why = "";

  PhoneLeg(Offer offer, TransactionLayer layer, SessionPolicy session, PhoneHearing hearing) {
    this.offer = offer;
    this.layer = layer;
    this.session = session;
    this.hearing = hearing;
  }

  Offer offer() {
    return offer;
  }

  /** Whether it was sent an INVITE under that Call-ID. */
  boolean sent(String sipCallId) {
    return sent.contains(sipCallId);
  }

  /** The answer, once there is one. */
  @Nullable Answer answer() {
    return answer;
  }

  /**
   * Sends the INVITEs.
   *
   * @param invites one a device, without Via
   */
  void invite(List<Device> devices, List<SipRequest> invites) {
    if (over) {
      return;
    }
    if (devices.isEmpty()) {
      finish(NO_DEVICE);
      return;
    }
    for (int i = 0; i < devices.size(); i++) {
      Device device = devices.get(i);
      send(new Try(invites.get(i), device.target(), device.carrier(), session));
    }
  }

  /**
   * A carrier's address that says nothing for a while is given up before its time (TEL-3), and so
   * is a phone behind an edge that may be gone.
   */
  private void send(Try attempt) {
    SipRequest asking = attempt.policy().asking(attempt.invite(), null);
    ClientTransactionId id = layer.request(asking, attempt.target(), new Listener());
    sent.add(asking.callId());
    open.put(id, new Try(asking, attempt.target(), attempt.carrier(), attempt.policy()));
    boolean lent = FlowToken.isIn(String.valueOf(asking.header(HeaderName.ROUTE)));
    if (attempt.carrier() != null || lent) {
      hearing.later(
          CarrierCall.PATIENCE_MILLIS,
          () -> {
            if (open.containsKey(id) && !heard.contains(id)) {
              layer.cancel(id, null);
              deviceGone(id, lent ? FlowToken.FAILED : 408, null);
            }
          });
    }
  }

  /** RFC 4028 7.3: asks again for the interval that the phone names; false when it is in vain. */
  private boolean askAgain(Try refused, SipResponse response) {
    SessionPolicy raised = refused.policy().raisedBy(response);
    if (over || response.status() != 422 || raised.equals(refused.policy())) {
      return false;
    }
    long cseq = refused.invite().cseq().number() + 1;
    send(
        new Try(
            refused.invite().with(HeaderName.CSEQ, cseq + " INVITE"),
            refused.target(),
            refused.carrier(),
            raised));
    return true;
  }

  /**
   * Gives up: every device that still rings is cancelled.
   *
   * @param reason RFC 3326: where another phone answered it is no missed call for this one
   */
  void cancel(String reason) {
    if (open.isEmpty()) {
      finish(487);
    } else {
      open.keySet().forEach(id -> layer.cancel(id, reason));
    }
  }

  /**
   * Acknowledges the answer: it is the one.
   *
   * @param description our answer where the phone made the offer
   */
  void accept(byte @Nullable [] description) {
    Answer accepted = answer;
    if (accepted != null) {
      acknowledge(accepted, description);
    }
  }

  /** Acknowledges an answer whose ACK still waits for the caller's: the call is over. */
  void acceptAnyway() {
    Answer accepted = answer;
    if (accepted != null && !acks.containsKey(accepted.dialog().remoteTag())) {
      acknowledge(accepted, null);
    }
  }

  /** Acknowledges the answer and ends it: it came too late. */
  void dismiss() {
    Answer late = answer;
    if (late != null) {
      answer = null;
      dismiss(late);
    }
  }

  private void dismiss(Answer late) {
    acknowledge(late, null);
    if (dismissed.add(late.dialog().remoteTag())) {
      var unused =
          layer.request(
              late.dialog().request(SipRequest.BYE).request().build(),
              late.target(),
              new Unheard("BYE"));
    }
  }

  private void acknowledge(Answer to, byte @Nullable [] description) {
    SipRequest.Builder ack = to.dialog().ack(to.inviteCseq());
    if (description != null) {
      ack.body(Sdp.CONTENT_TYPE, description);
    }
    acks.put(to.dialog().remoteTag(), layer.acknowledge(ack.build(), to.target()));
  }

  /**
   * What a device is answered that asks something before it has answered itself (RFC 3311 5.2): we
   * are there, and nothing is changed yet.
   */
  int answerTo(SipRequest request) {
    Early known = early.get(request.fromTag());
    if (known == null || over) {
      return 481;
    }
    return switch (known.dialog().hear(request)) {
      case Dialog.Heard.OutOfOrder out -> 500;
      case Dialog.Heard.InOrder in -> {
        early.put(request.fromTag(), new Early(in.next(), known.receipt(), known.sdp()));
        yield switch (request.method()) {
          case SipRequest.UPDATE -> request.body().length == 0 ? 200 : 488;
          case SipRequest.OPTIONS, SipRequest.INFO -> 200;
          default -> 405;
        };
      }
    };
  }

  private List<DialogId> earlyDialogs() {
    return early.values().stream().map(Early::dialog).map(Dialog::id).toList();
  }

  private void finish(int status) {
    if (!over) {
      over = true;
      hearing.ends(earlyDialogs());
      hearing.refused(status, why);
    }
  }

  /** 6xx and busy say more about the agent than a phone that cannot be reached. */
  private void deviceGone(ClientTransactionId id, int status, @Nullable SipResponse response) {
    String said = response == null ? "" : Farewell.passedOn(response);
    Try gone = open.remove(id);
    if (gone != null) {
      givenUp.put(id, gone);
    }
    CarrierCall carrier = gone == null ? null : gone.carrier();
    if (gone == null || carrier == null || over) {
      settle(status, said);
      return;
    }
    underWay++;
    carrier.after(
        gone.invite(),
        gone.target(),
        status,
        response,
        found ->
            hearing.invites(List.of(new Device(found.uri(), found.target(), carrier))).getFirst(),
        next -> {
          underWay--;
          if (next == null || over) {
            settle(status, said);
          } else {
            send(new Try(next.request(), next.target(), carrier, session));
          }
        });
  }

  private void settle(int status, String said) {
    boolean says = status == 486 || status >= 600;
    if (says || worst == 0) {
      worst = status;
      why = said;
    }
    if (open.isEmpty() && underWay == 0 && answer == null) {
      finish(worst);
    }
  }

  private final class Listener implements ClientUser {
    @Override
    public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
      heard.add(id);
      if (response.isProvisional()) {
        if (response.status() > 100) {
          provisional(id, response);
        }
      } else if (response.isSuccess()) {
        success(id, response);
      } else if (open.get(id) instanceof Try attempt && askAgain(attempt, response)) {
        open.remove(id);
      } else {
        deviceGone(id, response.status(), response);
      }
    }

    private void provisional(ClientTransactionId id, SipResponse response) {
      Try attempt = open.get(id);
      String tag = String.valueOf(response.toTag());
      Early before = early.get(tag);
      ReliableReceipt.Taken taken =
          (before == null ? ReliableReceipt.NONE : before.receipt()).on(response);
      if (attempt == null || over || taken.duty() == ReliableReceipt.Duty.IGNORE) {
        return;
      }
      Dialog dialog =
          before != null
              ? before.dialog()
              : Dialog.uac(attempt.invite(), response, false).orElse(null);
      Sdp sdp = SdpPass.of(response).filter(hearing::takes).orElse(null);
      if (dialog != null) {
        if (taken.duty() == ReliableReceipt.Duty.ACKNOWLEDGE) {
          dialog = prack(dialog, attempt.target(), response);
        }
        Sdp known = sdp != null || before == null ? sdp : before.sdp();
        early.put(tag, new Early(dialog, taken.next(), known));
        if (before == null) {
          hearing.begins(dialog.id(), PhoneLeg.this);
        }
      }
      if (sdp != null && open.size() == 1) {
        hearing.early(sdp, attempt.target());
      } else {
        hearing.rings();
      }
    }

    /** RFC 3262 4: gives the dialog after it. */
    private Dialog prack(Dialog dialog, Target target, SipResponse response) {
      Dialog.Spoken spoken = dialog.request(SipRequest.PRACK);
      SipRequest prack = spoken.request().header(RAck.HEADER, RAck.to(response).value()).build();
      var unused = layer.request(prack, target, new Unheard("PRACK"));
      return spoken.next();
    }

    private @Nullable Dialog confirmed(@Nullable Early before, Try attempt, SipResponse success) {
      return before == null
          ? Dialog.uac(attempt.invite(), success, false).orElse(null)
          : before.dialog().confirmedBy(success);
    }

    private void success(ClientTransactionId id, SipResponse response) {
      String tag = String.valueOf(response.toTag());
      Try waiting = open.get(id);
      Try attempt = waiting == null ? givenUp.get(id) : waiting;
      SentAck sent = acks.get(tag);
      Answer counted = answer;
      if (sent != null && attempt != null) {
        layer.repeatAck(sent, attempt.target());
        return;
      }
      if (attempt == null || (counted != null && counted.dialog().remoteTag().equals(tag))) {
        return;
      }
      Early before = early.get(tag);
      Dialog dialog = confirmed(before, attempt, response);
      if (dialog == null) {
        deviceGone(id, 502, null);
        return;
      }
      Sdp said = SdpPass.of(response).filter(hearing::takes).orElse(null);
      Sdp sdp = said == null && before != null && response.body().length == 0 ? before.sdp() : said;
      Answer found =
          new Answer(
              dialog,
              attempt.target(),
              sdp == null ? EMPTY : sdp,
              attempt.invite().cseq().number(),
              attempt.policy(),
              response);
      if (waiting == null) {
        dismiss(found); // given up, and answered all the same: RFC 3261 13.2.2.4
        return;
      }
      if (counted != null || sdp == null) {
        dismiss(found);
        if (counted == null) {
          deviceGone(id, 488, null);
        }
        return;
      }
      answer = found;
      boolean late = over;
      over = true;
      hearing.ends(earlyDialogs());
      open.keySet().stream()
          .filter(other -> !other.equals(id))
          .forEach(other -> layer.cancel(other, Farewell.ELSEWHERE));
      if (late) {
        dismiss();
      } else {
        hearing.answered();
      }
    }

    @Override
    public void onTimeout(ClientTransactionId id) {
      deviceGone(id, 408, null);
    }

    @Override
    public void onTransportError(ClientTransactionId id, SendFailure failure) {
      deviceGone(id, 503, null);
    }
  }

  private static final Sdp EMPTY = new Sdp(List.of(), List.of());

  /**
   * The INVITE for a device: the caller's offer, and the terms of the call for the agent's eyes
   * (QT-1).
   *
   * @param sdp null where the caller leaves the offer to the phone
   */
  static SipRequest invite(
      Offer offer,
      String callId,
      Device device,
      NameAddress from,
      String sipCallId,
      NameAddress contact,
      int hops,
      byte @Nullable [] sdp) {
    SipRequest.Builder invite =
        SipRequest.builder(SipRequest.INVITE, device.contact())
            .maxForwards(hops)
            .from(from)
            .to(NameAddress.of(device.contact().bare()))
            .callId(sipCallId)
            .cseq(1)
            .contact(contact)
            .header(HeaderName.ALLOW, SipMaker.ALLOW)
            .header(HeaderName.USER_AGENT, SipMaker.SERVER)
            .headerIfPresent(HeaderName.ROUTE, device.route().isEmpty() ? null : device.route())
            .header("X-Tandem-Call", callId)
            .header("X-Tandem-Price", offer.terms().price().toString())
            .header("X-Tandem-Timer", Long.toString(offer.terms().timerMillis() / 1000))
            .header(
                "X-Tandem-Terms",
                offer.terms().verticalId() + ";version=" + offer.terms().version());
    // without an offer of ours a reliable response would carry theirs, and its PRACK the answer
    return sdp == null
        ? invite.header(HeaderName.SUPPORTED, Replaces.OPTION).build()
        : invite
            .header(HeaderName.SUPPORTED, RAck.OPTION + ", " + Replaces.OPTION)
            .body(Sdp.CONTENT_TYPE, sdp)
            .build();
  }
}
