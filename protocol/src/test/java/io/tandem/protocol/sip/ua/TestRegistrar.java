package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.auth.DigestAnswer;
import io.tandem.protocol.sip.auth.DigestGate;
import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.auth.DigestVerdict;
import io.tandem.protocol.sip.auth.NonceMint;
import io.tandem.protocol.sip.auth.StoredHa1;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.sim.SimNetwork;
import io.tandem.protocol.sip.sim.VirtualLoop;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import io.tandem.protocol.sip.transaction.TransactionLimits;
import io.tandem.protocol.sip.transaction.TransactionUser;
import io.tandem.protocol.sip.transaction.fsm.SipTimers;
import io.tandem.protocol.sip.transport.Flow;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A registrar and proxy that challenges everything and takes every call for busy. */
final class TestRegistrar implements TransactionUser {

  static final int PORT = 5000;
  static final String REALM = "tandem.example";
  private static final long NONCE_LIFE_MS = 300_000;

  final List<String> heard = new ArrayList<>();
  final TransactionLayer layer;
  private final VirtualLoop loop;
  private final DigestOffer offer;
  private final StoredHa1 alice = StoredHa1.of("alice", REALM, "wonderland");
  private final DigestGate gate =
      new DigestGate(
          REALM,
          new NonceMint(new byte[32], REALM, "here", NONCE_LIFE_MS, new SecureRandom()),
          100);
  long minExpiresSeconds = 60;

  TestRegistrar(VirtualLoop loop, SimNetwork network, DigestOffer offer) {
    this.loop = loop;
    this.offer = offer;
    layer =
        new TransactionLayer(
            loop,
            network.wire(PORT),
            SipTimers.RFC_3261,
            TransactionLimits.DEFAULT,
            new Tokens(new Random(1)),
            this);
    network.attach(PORT, layer);
  }

  @Override
  public void onRequest(ServerTransactionId id, SipRequest request, Flow flow) {
    boolean register = request.is("REGISTER");
    String credentials = request.header(register ? "Authorization" : "Proxy-Authorization");
    DigestVerdict verdict =
        credentials == null
            ? DigestVerdict.WRONG_CREDENTIALS
            : DigestAnswer.parse(credentials)
                .map(answer -> gate.check(answer, request.method(), alice, offer, loop.nowMs()))
                .orElse(DigestVerdict.WRONG_CREDENTIALS);
    heard.add(request.method() + " " + (credentials == null ? "without" : verdict.toString()));
    layer.respond(id, answer(request, verdict));
  }

  private SipResponse answer(SipRequest request, DigestVerdict verdict) {
    boolean register = request.is("REGISTER");
    if (verdict != DigestVerdict.ACCEPTED) {
      SipResponse challenge = SipResponse.to(request, register ? 401 : 407, "r");
      String header = register ? "WWW-Authenticate" : "Proxy-Authenticate";
      for (String value : gate.challenges(offer, verdict.stale(), loop.nowMs())) {
        challenge = challenge.adding(header, value);
      }
      return challenge;
    }
    if (!register) {
      return SipResponse.to(request, 486, "r");
    }
    if (request.expiresSeconds() > 0 && request.expiresSeconds() < minExpiresSeconds) {
      return SipResponse.to(request, 423, "r")
          .with("Min-Expires", Long.toString(minExpiresSeconds));
    }
    return SipResponse.to(request, 200, "r")
        .with("Contact", request.header("Contact") + ";expires=" + request.expiresSeconds());
  }

  @Override
  public void onAck(SipRequest ack, Flow flow) {
    heard.add("ACK");
  }

  @Override
  public void onCancel(ServerTransactionId invite, SipRequest cancel) {
    heard.add("CANCEL");
  }
}
