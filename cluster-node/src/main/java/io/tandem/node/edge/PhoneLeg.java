package io.tandem.node.edge;

import io.tandem.node.edge.trunk.CarrierCall;
import io.tandem.persistence.call.Offer;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
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

  /** What the call hears of the phone. */
  interface Hearing {
    void rings();

    /** One device answered; the others were cancelled. */
    void answered();

    /** Whether this answer to our offer can be taken: it is as secure as the offer asked. */
    boolean takes(Sdp answer);

    /** No device will answer. */
    void refused(int sipStatus);

    /** The INVITE for one more device. */
    SipRequest inviteFor(Device device);

    /** Runs something later, on the loop. */
    void later(long millis, Runnable task);
  }

  /**
   * A device of the phone.
   *
   * @param carrier where the phone is in another network: what comes after a refusal; else null
   */
  record Device(SipUri contact, Target target, @Nullable CarrierCall carrier) {
    /** A device of our own. */
    Device(SipUri contact, Target target) {
      this(contact, target, null);
    }
  }

  /** The answer that counts. */
  record Answer(Dialog dialog, Target target, Sdp sdp, long inviteCseq) {}

  private record Try(SipRequest invite, Target target, @Nullable CarrierCall carrier) {}

  private final Offer offer;
  private final TransactionLayer layer;
  private final Hearing hearing;
  private final Map<ClientTransactionId, Try> open = new HashMap<>();
  private final Map<String, SipRequest> acks = new HashMap<>();
  private final Set<String> dismissed = new HashSet<>();
  private @Nullable Answer answer;
  private final Set<ClientTransactionId> heard = new HashSet<>();
  private int underWay;
  private boolean over;
  private int worst;

  PhoneLeg(Offer offer, TransactionLayer layer, Hearing hearing) {
    this.offer = offer;
    this.layer = layer;
    this.hearing = hearing;
  }

  Offer offer() {
    return offer;
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
      send(new Try(invites.get(i), devices.get(i).target(), devices.get(i).carrier()));
    }
  }

  /** A carrier's address that says nothing for a while is given up before its time (TEL-3). */
  private void send(Try attempt) {
    ClientTransactionId id = layer.request(attempt.invite(), attempt.target(), new Listener());
    open.put(id, attempt);
    if (attempt.carrier() != null) {
      hearing.later(
          CarrierCall.PATIENCE_MILLIS,
          () -> {
            if (open.containsKey(id) && !heard.contains(id)) {
              layer.cancel(id, null);
              deviceGone(id, 408, null);
            }
          });
    }
  }

  /** Gives up: every device that still rings is cancelled. */
  void cancel() {
    if (open.isEmpty()) {
      finish(487);
    } else {
      open.keySet().forEach(id -> layer.cancel(id, SipMaker.reason(487, "stopped ringing")));
    }
  }

  /** Acknowledges the answer: it is the one. */
  void accept() {
    Answer accepted = answer;
    if (accepted != null) {
      acknowledge(accepted);
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
    acknowledge(late);
    if (dismissed.add(late.dialog().remoteTag())) {
      var unused =
          layer.request(
              late.dialog().request(SipRequest.BYE).request().build(),
              late.target(),
              new Unheard("BYE"));
    }
  }

  private void acknowledge(Answer to) {
    SipRequest ack = to.dialog().ack(to.inviteCseq()).build();
    acks.put(to.dialog().remoteTag(), layer.acknowledge(ack, to.target()));
  }

  private void finish(int status) {
    if (!over) {
      over = true;
      hearing.refused(status);
    }
  }

  /** 6xx and busy say more about the agent than a phone that cannot be reached. */
  private void deviceGone(ClientTransactionId id, int status, @Nullable SipResponse response) {
    Try gone = open.remove(id);
    CarrierCall carrier = gone == null ? null : gone.carrier();
    if (gone == null || carrier == null || over) {
      settle(status);
      return;
    }
    underWay++;
    carrier.after(
        gone.invite(),
        gone.target(),
        status,
        response,
        found -> hearing.inviteFor(new Device(found.uri(), found.target(), carrier)),
        next -> {
          underWay--;
          if (next == null || over) {
            settle(status);
          } else {
            send(new Try(next.request(), next.target(), carrier));
          }
        });
  }

  private void settle(int status) {
    boolean says = status == 486 || status >= 600;
    worst = says || worst == 0 ? status : worst;
    if (open.isEmpty() && underWay == 0 && answer == null) {
      finish(worst);
    }
  }

  private final class Listener implements ClientUser {
    @Override
    public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
      heard.add(id);
      if (response.isProvisional()) {
        if (response.status() > 100 && !over) {
          hearing.rings();
        }
      } else if (response.isSuccess()) {
        success(id, response);
      } else {
        deviceGone(id, response.status(), response);
      }
    }

    private void success(ClientTransactionId id, SipResponse response) {
      String tag = String.valueOf(response.toTag());
      Try attempt = open.get(id);
      SipRequest sent = acks.get(tag);
      Answer counted = answer;
      if (sent != null && attempt != null) {
        layer.repeatAck(sent, attempt.target());
        return;
      }
      if (attempt == null || (counted != null && counted.dialog().remoteTag().equals(tag))) {
        return;
      }
      Dialog dialog = Dialog.uac(attempt.invite(), response, false).orElse(null);
      if (dialog == null) {
        deviceGone(id, 502, null);
        return;
      }
      Sdp sdp = SdpPass.of(response).filter(hearing::takes).orElse(null);
      Answer found =
          new Answer(
              dialog,
              attempt.target(),
              sdp == null ? EMPTY : sdp,
              attempt.invite().cseq().number());
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
      open.keySet().stream()
          .filter(other -> !other.equals(id))
          .forEach(other -> layer.cancel(other, null));
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
   */
  static SipRequest invite(
      Offer offer,
      String callId,
      Device device,
      NameAddress from,
      String sipCallId,
      NameAddress contact,
      int hops,
      byte[] sdp) {
    return SipRequest.builder(SipRequest.INVITE, device.contact())
        .maxForwards(hops)
        .from(from)
        .to(NameAddress.of(device.contact().bare()))
        .callId(sipCallId)
        .cseq(1)
        .contact(contact)
        .header(HeaderName.ALLOW, SipMaker.ALLOW)
        .header(HeaderName.USER_AGENT, SipMaker.SERVER)
        .header("X-Tandem-Call", callId)
        .header("X-Tandem-Price", offer.terms().price().toString())
        .header("X-Tandem-Timer", Long.toString(offer.terms().timerMillis() / 1000))
        .header(
            "X-Tandem-Terms", offer.terms().verticalId() + ";version=" + offer.terms().version())
        .body(Sdp.CONTENT_TYPE, sdp)
        .build();
  }
}
