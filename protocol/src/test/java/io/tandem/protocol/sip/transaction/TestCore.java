package io.tandem.protocol.sip.transaction;

import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.message.SipUri;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Flow;
import io.tandem.protocol.sip.transport.SendFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A core that writes down what its layer tells it and answers as the test says. */
final class TestCore implements TransactionUser, ClientUser {

  /** What a test does with each request. */
  interface Answering {
    void answer(ServerTransactionId id, SipRequest request);
  }

  final TransactionLayer layer;
  final List<String> heard = new ArrayList<>();
  final List<ServerTransactionId> requests = new ArrayList<>();
  final List<SipRequest> received = new ArrayList<>();
  final List<SipResponse> responses = new ArrayList<>();
  Answering answering = (id, request) -> {};
  @Nullable PendingAcks acknowledging;
  private final int port;
  private int calls;

  TestCore(VirtualLoop loop, SimNetwork network, int port) {
    this(loop, network, port, TransactionLimits.DEFAULT);
  }

  TestCore(VirtualLoop loop, SimNetwork network, int port, TransactionLimits limits) {
    this(loop, network, network.wire(port), port, limits);
  }

  TestCore(VirtualLoop loop, SimNetwork network, SipWire wire, int port) {
    this(loop, network, wire, port, new TransactionLimits(Integer.MAX_VALUE, 1));
  }

  private TestCore(
      VirtualLoop loop, SimNetwork network, SipWire wire, int port, TransactionLimits limits) {
    this.port = port;
    Tokens tokens = new Tokens(new Random(port));
    layer = new TransactionLayer(loop, wire, SipTimers.RFC_3261, limits, tokens, this);
    network.attach(port, layer);
  }

  /** A request to another port, outside any dialog. */
  SipRequest request(String method, int to) {
    calls++;
    SipUri uri = SipUri.sip("them", "127.0.0.1", to);
    return SipRequest.builder(method, uri)
        .maxForwards(70)
        .from(NameAddress.of(SipUri.sip("us", "127.0.0.1", port)).withTag("from-" + calls))
        .to(NameAddress.of(uri))
        .callId("call-" + port + "-" + calls)
        .cseq(1)
        .contact(NameAddress.of(SipUri.sip("us", "127.0.0.1", port)))
        .build();
  }

  ClientTransactionId send(String method, int to) {
    return layer.request(request(method, to), SimNetwork.at(to), this);
  }

  void answerAllWith(int status) {
    answering = (id, request) -> layer.respond(id, SipResponse.to(request, status, "to-" + port));
  }

  @Override
  public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
    heard.add(request.method());
    requests.add(id);
    received.add(request);
    answering.answer(id, request);
  }

  @Override
  public void onAck(SipRequest ack, Flow flow) {
    PendingAcks pending = acknowledging;
    if (pending != null) {
      boolean unused = pending.acknowledged(ack, flow);
    }
    heard.add("ACK");
  }

  @Override
  public void onCancel(ServerTransactionId invite, SipRequest cancel) {
    heard.add("CANCEL");
  }

  @Override
  public void onUnacknowledged(ServerTransactionId invite) {
    heard.add("unacknowledged");
  }

  @Override
  public void onTransportError(ServerTransactionId id, SendFailure failure) {
    heard.add("response not sent");
  }

  @Override
  public void onResponse(ClientTransactionId id, SipResponse response, Flow flow) {
    heard.add(response.status() + " " + id.method());
    responses.add(response);
  }

  @Override
  public void onTimeout(ClientTransactionId id) {
    heard.add("timeout " + id.method());
  }

  @Override
  public void onTransportError(ClientTransactionId id, SendFailure failure) {
    heard.add(failure + " " + id.method());
  }
}
