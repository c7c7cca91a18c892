package io.tandem.ops.bench.sip;

import io.tandem.protocol.sip.defence.Defence;
import io.tandem.protocol.sip.defence.DefenceSettings;
import io.tandem.protocol.sip.dialog.Dialog;
import io.tandem.protocol.sip.dialog.DialogId;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.transaction.ClientTransactionId;
import io.tandem.protocol.sip.transaction.ClientUser;
import io.tandem.protocol.sip.transaction.PendingAcks;
import io.tandem.protocol.sip.transaction.SentAck;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.TransportWire;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Bind;
import io.tandem.protocol.sip.transport.CannotListen;
import io.tandem.protocol.sip.transport.Destination;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import io.tandem.protocol.sip.transport.SipTransport;
import io.tandem.protocol.sip.transport.TransportProtocol;
import io.tandem.protocol.sip.transport.TransportSettings;
import io.tandem.protocol.sip.uas.Capabilities;
import io.tandem.protocol.sip.uas.Refusal;
import io.tandem.protocol.sip.uas.UasInspection;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The SIP part of an edge without the rest: a B2BUA that rings one answerer for every call, two
 * dialogs a call, descriptions passed as they are, and a registrar with digest. Everything is in
 * memory; nothing is decided by anybody else.
 */
final class BackToBack implements TransactionUser, AutoCloseable {
  private static final Capabilities KNOWN =
      new Capabilities(
          List.of("INVITE", "ACK", "CANCEL", "BYE", "OPTIONS", "REGISTER"),
          List.of(),
          List.of("application/sdp"));
  private static final int MAX_FORWARDS = 70;

  /** Half a minute of 15,000 calls a second: what its heap is for. */
  private static final int TRANSACTIONS_MAX = 1_000_000;

  private static final int RETRY_AFTER_SECONDS = 5;

  private final SipTransport transport;
  private final TransactionLayer layer;
  private final PendingAcks pendingAcks;
  private final Tokens tokens = new Tokens();
  private final Destination answerer;
  private final SipUri answererUri;
  private final BenchRegistrar registrar;
  private final Map<DialogId, Leg> dialogs = new HashMap<>();
  private final Map<ServerTransactionId, Call> ringing = new HashMap<>();
  private NameAddress contact = NameAddress.of(SipUri.sip("tandem", "127.0.0.1", 5060));

  /** One side of a call. */
  private static final class Leg {
    final Call call;
    @Nullable Dialog dialog;

    Leg(Call call) {
      this.call = call;
    }
  }

  /** A call: the leg that came in, and the one that we made for it. */
  private final class Call implements ClientUser {
    final ServerTransactionId id;
    @Nullable SipRequest invite; // until it is answered: a transaction keeps its call for 32 s
    final String tag;
    final Leg caller = new Leg(this);
    final Leg called = new Leg(this);
    @Nullable ClientTransactionId outgoing;
    @Nullable SipRequest passed;
    @Nullable SentAck ack;

    Call(ServerTransactionId id, SipRequest invite, String tag) {
      this.id = id;
      this.invite = invite;
      this.tag = tag;
    }

    @Override
    public void onResponse(ClientTransactionId client, SipResponse response, Flow flow) {
      SentAck again = ack;
      if (again != null) {
        layer.repeatAck(again, answerer);
      } else if (response.isSuccess()) {
        answered(this, response);
      } else if (response.isFinal()) {
        fail(this, response.status());
      } else if (response.status() > 100) {
        SipResponse provisional = toCaller(this, response);
        if (provisional != null) {
          respond(id, provisional);
        }
      }
    }

    @Override
    public void onTimeout(ClientTransactionId client) {
      fail(this, 408);
    }

    @Override
    public void onTransportError(ClientTransactionId client, SendFailure failure) {
      fail(this, 503);
    }
  }

  private BackToBack(SipTransport transport, InetSocketAddress answerer) {
    this.transport = transport;
    this.answerer = new Destination(TransportProtocol.UDP, answerer);
    this.answererUri = SipUri.sip("answerer", "127.0.0.1", answerer.getPort());
    this.layer =
        new TransactionLayer(
            transport.loop(),
            new TransportWire(transport),
            SipTimers.RFC_3261,
            new TransactionLimits(TRANSACTIONS_MAX, RETRY_AFTER_SECONDS),
            tokens,
            this);
    this.pendingAcks = new PendingAcks(transport.loop(), layer, SipTimers.RFC_3261);
    this.registrar = new BenchRegistrar(layer, tokens);
  }

  /** Listens on a free port and sends every call to the answerer. */
  static BackToBack start(InetSocketAddress answerer) throws CannotListen {
    SipTransport transport =
        new SipTransport(
            TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0)),
            new Defence(DefenceSettings.DEFAULT, new SecureRandom()));
    BackToBack started = new BackToBack(transport, answerer);
    transport.start(started.layer);
    started.contact = NameAddress.of(SipUri.sip("tandem", "127.0.0.1", started.port()));
    return started;
  }

  int port() {
    return transport.listening().getFirst().address().getPort();
  }

  @Override
  public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
    Refusal refusal = UasInspection.of(request, KNOWN).orElse(null);
    if (refusal != null) {
      respond(id, refusal.response(request, tokens.next()));
    } else if (request.toTag() != null) {
      inDialog(id, request);
    } else {
      switch (request.method()) {
        case SipRequest.INVITE -> invite(id, request);
        case SipRequest.REGISTER -> registrar.register(id, request);
        default -> respond(id, SipResponse.to(request, 200, tokens.next()));
      }
    }
  }

  private void invite(ServerTransactionId id, SipRequest request) {
    String tag = tokens.next();
    Call call = new Call(id, request, tag);
    Dialog dialog = Dialog.uas(request, tag, false).orElse(null);
    if (dialog == null) {
      respond(id, SipResponse.to(request, 400, tag));
      return;
    }
    call.caller.dialog = dialog;
    ringing.put(id, call);
    dialogs.put(dialog.id(), call.caller);
    SipRequest.Builder out =
        SipRequest.builder(SipRequest.INVITE, answererUri)
            .maxForwards(MAX_FORWARDS)
            .from(NameAddress.of(request.from().uri()).withTag(tokens.next()))
            .to(NameAddress.of(answererUri))
            .callId(tokens.next())
            .cseq(1)
            .contact(contact)
            .header(HeaderName.ALLOW, KNOWN.allow());
    String type = request.contentType();
    SipRequest passed = (type == null ? out : out.body(type, request.body())).build();
    call.passed = passed;
    call.outgoing = layer.request(passed, answerer, call);
  }

  private void answered(Call call, SipResponse response) {
    SipRequest passed = call.passed;
    Dialog dialog = passed == null ? null : Dialog.uac(passed, response, false).orElse(null);
    Dialog caller = call.caller.dialog;
    if (dialog == null || caller == null) {
      fail(call, 502);
      return;
    }
    call.called.dialog = dialog;
    call.caller.dialog = caller.confirm();
    dialogs.put(dialog.id(), call.called);
    call.ack = layer.acknowledge(dialog.ack(1).build(), answerer);
    SipResponse answer = toCaller(call, response);
    if (ringing.remove(call.id, call) && answer != null) {
      pendingAcks.send(call.id, answer, () -> hangUp(call.called));
    }
    call.invite = null;
    call.passed = null;
  }

  private @Nullable SipResponse toCaller(Call call, SipResponse response) {
    SipRequest invite = call.invite;
    if (invite == null) {
      return null;
    }
    SipResponse passed = SipResponse.to(invite, response.status(), call.tag).withContact(contact);
    String type = response.contentType();
    return type == null ? passed : passed.withBody(type, response.body());
  }

  private void fail(Call call, int status) {
    SipRequest invite = call.invite;
    if (ringing.remove(call.id, call) && invite != null) {
      forget(call.caller);
      respond(call.id, SipResponse.to(invite, status, call.tag));
      call.invite = null;
      call.passed = null;
    }
  }

  private void inDialog(ServerTransactionId id, SipRequest request) {
    Leg leg = DialogId.of(request).map(dialogs::get).orElse(null);
    Dialog dialog = leg == null ? null : leg.dialog;
    if (leg == null
        || dialog == null
        || !(dialog.hear(request) instanceof Dialog.Heard.InOrder in)) {
      respond(id, SipResponse.to(request, 481, null));
      return;
    }
    leg.dialog = in.next();
    if (!request.is(SipRequest.BYE)) {
      respond(id, SipResponse.to(request, 488, null));
      return;
    }
    respond(id, SipResponse.to(request, 200, null));
    forget(leg);
    hangUp(leg == leg.call.caller ? leg.call.called : leg.call.caller);
  }

  private void hangUp(Leg leg) {
    Dialog dialog = leg.dialog;
    if (dialog != null) {
      forget(leg);
      var unused =
          layer.request(dialog.request(SipRequest.BYE).request().build(), answerer, Quiet.QUIET);
    }
  }

  private void forget(Leg leg) {
    Dialog dialog = leg.dialog;
    if (dialog != null) {
      dialogs.remove(dialog.id(), leg);
      leg.dialog = null; // its transactions keep the call for 32 s more
    }
  }

  private void respond(ServerTransactionId id, SipResponse response) {
    boolean unused = layer.respond(id, response);
  }

  @Override
  public void onAck(SipRequest ack, Flow flow) {
    boolean unused = pendingAcks.acknowledged(ack, flow);
  }

  @Override
  public void onCancel(ServerTransactionId invite, SipRequest cancel) {
    Call call = ringing.get(invite);
    ClientTransactionId outgoing = call == null ? null : call.outgoing;
    if (call != null && outgoing != null) {
      layer.cancel(outgoing, null);
      fail(call, 487);
    }
  }

  @Override
  public void close() {
    transport.loop().execute(layer::close);
    transport.close();
  }

  /** What becomes of a BYE of ours changes nothing. */
  private enum Quiet implements ClientUser {
    QUIET;

    @Override
    public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {}

    @Override
    public void onTimeout(ClientTransactionId id) {}

    @Override
    public void onTransportError(ClientTransactionId id, SendFailure failure) {}
  }
}
