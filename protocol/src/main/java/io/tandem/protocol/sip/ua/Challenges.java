package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.auth.DigestSession;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A line's dealings with 401 and 407 (RFC 3261 22.2, 22.3). Once challenged, each request carries
 * its answer at once.
 */
final class Challenges {

  private final @Nullable DigestSession session;
  private String answerHeader = HeaderName.AUTHORIZATION;

  Challenges(UaIdentity identity, Supplier<String> cnonces) {
    String password = identity.password();
    session = password == null ? null : new DigestSession(identity.user(), password, cnonces);
  }

  /** The request with credentials, when there are any to give. */
  SipRequest authorize(SipRequest request) {
    DigestSession own = session;
    return own == null
        ? request
        : own.answer(request.method(), request.uri().toString())
            .map(answer -> request.with(answerHeader, answer))
            .orElse(request);
  }

  /**
   * Takes a refusal.
   *
   * @param again whether this request had been sent again for a challenge before
   * @return whether to send it once more: it was a challenge, and there is hope
   */
  boolean challenged(SipResponse refusal, boolean again) {
    DigestSession own = session;
    boolean byProxy = refusal.status() == 407;
    if (own == null || (!byProxy && refusal.status() != 401)) {
      return false;
    }
    answerHeader = byProxy ? HeaderName.PROXY_AUTHORIZATION : HeaderName.AUTHORIZATION;
    List<String> challenges =
        refusal
            .headers()
            .all(byProxy ? HeaderName.PROXY_AUTHENTICATE : HeaderName.WWW_AUTHENTICATE);
    return own.challenged(challenges, again);
  }
}
