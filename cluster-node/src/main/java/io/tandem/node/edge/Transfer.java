package io.tandem.node.edge;

import io.tandem.node.edge.dialog.Farewell;
import io.tandem.node.edge.legs.LegInput;
import io.tandem.node.edge.legs.Legs;
import io.tandem.node.edge.voice.CodecMatch;
import io.tandem.protocol.media.relay.Side;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.refer.ReferTo;
import io.tandem.protocol.sip.refer.Replaces;
import io.tandem.protocol.sip.refer.SipFrag;
import io.tandem.protocol.sip.sdp.Sdp;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.transport.Target;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent hands the caller on (REFER, RFC 3515; RFC 5589), blind or, with the dialog of a talk
 * before it named (RFC 3891), attended. We call the target for the agent: a phone of the agent's
 * own account takes its place in the same call, whose timer goes on and whose charge stays what it
 * is (QT-6). A caller transfers nobody, and nobody is transferred off the platform. On the loop
 * only.
 */
final class Transfer {
  private static final long RING_MILLIS = 25_000;

  private final Edge edge;
  private final CallSession call;
  private @Nullable Pending pending;

  /** A transfer that is under way: who wants it, and the phone that is rung for it. */
  private static final class Pending {
    final Party referrer;
    final String endpoint;
    final long referCseq;
    final boolean told;
    final Sdp offered;
    final SdpPass pass;
    @Nullable PhoneLeg phone;
    @Nullable Replaces replaces;
    byte @Nullable [] sdp;
    EdgeLoop.@Nullable Timer ringTime;
    boolean referrerGone;

    Pending(Party referrer, SipRequest refer, String endpoint, Sdp offered, SdpPass pass) {
      this.referrer = referrer;
      this.endpoint = endpoint;
      this.referCseq = refer.cseq().number();
      this.told = !"false".equalsIgnoreCase(refer.header("Refer-Sub"));
      this.offered = offered;
      this.pass = pass;
    }
  }

  Transfer(Edge edge, CallSession call) {
    this.edge = edge;
    this.call = call;
  }

  /** A REFER in a dialog of the call. */
  void refer(ServerTransactionId id, SipRequest refer, Party from) {
    ReferTo wanted = ReferTo.of(refer).orElse(null);
    String endpoint = wanted == null ? "" : wanted.target().userText();
    Sdp offer = call.caller().offersAnew().orElse(null);
    int status;
    if (call.legs().phase() != Legs.Phase.CONNECTED || offer == null) {
      status = 481;
    } else if (from.side() == Side.A) {
      status = 403;
    } else if (wanted == null) {
      status = 400;
    } else if (!isColleague(endpoint)) {
      status = 403;
    } else if (pending != null) {
      status = 491;
    } else {
      status = 202;
    }
    edge.dialogDesk().countTransfer(status);
    if (status != 202 || offer == null || wanted == null) {
      edge.respond(id, SipMaker.response(refer, status, null));
      return;
    }
    Pending begun = new Pending(from, refer, endpoint, offer, edge.pass(call.relay().leg(Side.B)));
    pending = begun;
    SipResponse accepted =
        SipMaker.response(refer, 202, null).withContact(edge.maker().contact(from.target()));
    edge.respond(id, begun.told ? accepted : accepted.with("Refer-Sub", "false"));
    tell(begun, 100, true);
    ring(begun, wanted.target(), wanted.replaces());
    edge.dialogDesk().subscriptions().moved(call, endpoint);
  }

  /** TEL-11: within the account that takes the call, whose wallet pays for it. */
  private boolean isColleague(String endpoint) {
    return edge.dialogDesk()
        .account(endpoint)
        .filter(account -> account.equals(call.offer().map(o -> o.accountId()).orElse("")))
        .isPresent();
  }

  /**
   * @param wanted the colleague, or by its GRUU one device of the colleague (RFC 5627)
   */
  private void ring(Pending begun, SipUri wanted, @Nullable Replaces replaces) {
    var offer = call.offer().orElseThrow();
    PhoneLeg phone = new PhoneLeg(offer, edge.layer(), edge.settings().session(), new Rung(begun));
    begun.phone = phone;
    byte[] sdp = begun.pass.offered(call.voice().asked(begun.offered));
    begun.ringTime = edge.clock().schedule(RING_MILLIS, () -> phone.cancel(Farewell.STOPPED));
    begun.replaces = replaces;
    begun.sdp = sdp;
    edge.devices(
        call.callId(),
        begun.endpoint,
        all -> {
          List<PhoneLeg.Device> devices = Phones.named(wanted, all);
          phone.invite(devices, invites(begun, devices));
        });
  }

  private List<SipRequest> invites(Pending begun, List<PhoneLeg.Device> devices) {
    String referrer = "<" + begun.referrer.dialog().remoteTarget() + ">";
    Replaces replaces = begun.replaces;
    return PhoneInvites.of(edge, call, call.offer().orElseThrow(), devices, begun.sdp).stream()
        .map(invite -> invite.with("Referred-By", referrer))
        .map(
            invite ->
                replaces == null
                    ? invite
                    : invite
                        .with(Replaces.HEADER, replaces.value())
                        .adding(HeaderName.REQUIRE, Replaces.OPTION))
        .toList();
  }

  /** The phone that is to take over. */
  private final class Rung extends PhoneHearing {
    private final Pending begun;

    Rung(Pending begun) {
      this.begun = begun;
    }

    @Override
    Edge edge() {
      return edge;
    }

    @Override
    void rings() {
      tell(begun, 180, true);
    }

    @Override
    void early(Sdp answer, Target from) {
      tell(begun, 180, true); // the caller still hears the agent, or its music
    }

    @Override
    boolean takes(Sdp answer) {
      return begun.pass.takes(answer) && CodecMatch.agree(begun.offered, answer).isPresent();
    }

    @Override
    void answered() {
      takenOver(begun);
    }

    @Override
    void refused(int sipStatus, String why) {
      failed(begun, sipStatus == 487 ? 480 : sipStatus);
    }

    @Override
    List<SipRequest> invites(List<PhoneLeg.Device> devices) {
      return Transfer.this.invites(begun, devices);
    }
  }

  private void takenOver(Pending begun) {
    PhoneLeg phone = begun.phone;
    PhoneLeg.Answer answer = phone == null ? null : phone.answer();
    if (phone == null || answer == null) {
      return;
    }
    if (pending != begun || call.legs().phase() != Legs.Phase.CONNECTED) {
      phone.dismiss();
      return;
    }
    end(begun);
    phone.accept(null);
    call.agentSide().replace(begun.endpoint, answer, begun.pass, begun.offered);
    edge.dialogDesk().subscriptions().moved(call, begun.endpoint);
    tell(begun, 200, false);
    if (!begun.referrerGone) {
      call.bye(begun.referrer, "transferred");
    }
  }

  private void failed(Pending begun, int status) {
    if (pending != begun) {
      return;
    }
    end(begun);
    edge.dialogDesk().subscriptions().moved(call, begun.endpoint);
    begun.pass.close();
    tell(begun, status, false);
    if (begun.referrerGone) {
      call.on(new LegInput.AgentHungUp());
    }
  }

  private void end(Pending begun) {
    pending = null;
    EdgeLoop.Timer timer = begun.ringTime;
    if (timer != null) {
      timer.cancel();
    }
  }

  /**
   * The agent hung up.
   *
   * @return whether the call goes on all the same: somebody else is being rung for it
   */
  boolean survives(Party hungUp) {
    Pending begun = pending;
    if (begun == null || begun.referrer != hungUp) {
      return false;
    }
    begun.referrerGone = true;
    hungUp.watch().stop();
    return true;
  }

  /** The phone that is being rung for it. */
  Optional<String> ringing() {
    return Optional.ofNullable(pending).map(begun -> begun.endpoint);
  }

  /** Whether a phone is being rung for it. */
  boolean isUnderWay() {
    return pending != null;
  }

  /** Whether the agent has left and nobody is in its place yet. */
  boolean isAgentGone() {
    return pending != null && pending.referrerGone;
  }

  /** The call is over: whoever rings for it is stopped. */
  void close() {
    Pending begun = pending;
    if (begun != null) {
      end(begun);
      edge.dialogDesk().subscriptions().moved(call, begun.endpoint);
      PhoneLeg phone = begun.phone;
      if (phone != null) {
        phone.cancel(Farewell.STOPPED);
      }
    }
  }

  /** RFC 3515 2.4.4: how far it is, in the dialog of who asked. */
  private void tell(Pending begun, int status, boolean goesOn) {
    if (!begun.told || begun.referrerGone) {
      return;
    }
    Party party = begun.referrer;
    Dialog.Spoken spoken = party.dialog().request(SipRequest.NOTIFY);
    party.dialog(spoken.next());
    SipRequest notify =
        spoken
            .request()
            .contact(edge.maker().contact(party.target()))
            .header("Event", "refer;id=" + begun.referCseq)
            .header(
                "Subscription-State", goesOn ? "active;expires=60" : "terminated;reason=noresource")
            .body(SipFrag.CONTENT_TYPE, SipFrag.of(status))
            .build();
    var unused = edge.layer().request(notify, party.target(), new Unheard("NOTIFY"));
  }
}
