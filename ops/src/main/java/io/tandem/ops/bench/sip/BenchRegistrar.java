package io.tandem.ops.bench.sip;

import io.tandem.protocol.sip.auth.DigestAnswer;
import io.tandem.protocol.sip.auth.DigestGate;
import io.tandem.protocol.sip.auth.DigestOffer;
import io.tandem.protocol.sip.auth.DigestVerdict;
import io.tandem.protocol.sip.auth.NonceMint;
import io.tandem.protocol.sip.auth.StoredHa1;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.NameAddress;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import io.tandem.protocol.sip.transaction.ServerTransactionId;
import io.tandem.protocol.sip.transaction.Tokens;
import io.tandem.protocol.sip.transaction.TransactionLayer;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A registrar with digest whose bindings are in memory, one user for all. */
final class BenchRegistrar {
  static final String USER = "bench";
  static final String PASSWORD = "bench-password";
  static final String REALM = "bench";

  private static final int EXPIRES_SECONDS = 600;
  private static final long NONCE_LIFE_MILLIS = 300_000;
  private static final int REMEMBERED_NONCES = 200_000;

  private final TransactionLayer layer;
  private final Tokens tokens;
  private final StoredHa1 stored = StoredHa1.of(USER, REALM, PASSWORD);
  private final DigestGate gate;
  private final Map<String, NameAddress> bindings = new HashMap<>();

  BenchRegistrar(TransactionLayer layer, Tokens tokens) {
    this.layer = layer;
    this.tokens = tokens;
    SecureRandom random = new SecureRandom();
    byte[] secret = new byte[32];
    random.nextBytes(secret);
    this.gate =
        new DigestGate(
            REALM,
            new NonceMint(secret, REALM, "bench", NONCE_LIFE_MILLIS, random),
            REMEMBERED_NONCES);
  }

  void register(ServerTransactionId id, SipRequest request) {
    long nowMillis = System.currentTimeMillis();
    Optional<DigestAnswer> answer =
        Optional.ofNullable(request.header(HeaderName.AUTHORIZATION)).flatMap(DigestAnswer::parse);
    boolean let =
        answer.isPresent()
            && gate.check(answer.get(), SipRequest.REGISTER, stored, DigestOffer.MD5, nowMillis)
                == DigestVerdict.ACCEPTED;
    SipResponse response =
        SipResponse.to(request, let ? 200 : 401, let ? tokens.next() : layer.tag(id));
    if (let) {
      for (NameAddress contact : request.contacts()) {
        bindings.put(contact.uri().toString(), contact);
        response = response.adding(HeaderName.CONTACT, contact + ";expires=" + EXPIRES_SECONDS);
      }
    } else {
      for (String challenge : gate.challenges(DigestOffer.MD5, false, nowMillis)) {
        response = response.adding(HeaderName.WWW_AUTHENTICATE, challenge);
      }
    }
    boolean unused = let ? layer.respond(id, response) : layer.respondOnce(id, response);
  }
}
