package io.tandem.protocol.sip.auth;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of a WWW-Authenticate or Proxy-Authenticate header (RFC 7616 3.3).
 *
 * @param qopAuth whether qop=auth is offered; without any qop the answer takes the old form of RFC
 *     2069
 * @param stale the answer's nonce was too old but its password may be right: try again without
 *     asking the user
 */
public record DigestChallenge(
    String realm,
    String nonce,
    DigestAlgorithm algorithm,
    boolean qopAuth,
    boolean stale,
    @Nullable String opaque) {

  /**
   * Reads a header value; empty for another scheme, a broken value or an algorithm not spoken here.
   */
  public static Optional<DigestChallenge> parse(String headerValue) {
    return AuthParams.parse(headerValue).flatMap(DigestChallenge::of);
  }

  private static Optional<DigestChallenge> of(AuthParams params) {
    String realm = params.get("realm");
    String nonce = params.get("nonce");
    String qop = params.get("qop");
    if (realm == null || nonce == null || (qop != null && !offersAuth(qop))) {
      return Optional.empty();
    }
    boolean stale = "true".equalsIgnoreCase(params.get("stale"));
    return DigestAlgorithm.of(params.get("algorithm", "MD5"))
        .map(
            algorithm ->
                new DigestChallenge(
                    realm, nonce, algorithm, qop != null, stale, params.get("opaque")));
  }

  private static boolean offersAuth(String qop) {
    for (String option : qop.split(",")) {
      if (option.strip().equalsIgnoreCase("auth")) {
        return true;
      }
    }
    return false;
  }

  /** The header's value. */
  public String headerValue() {
    StringBuilder value = new StringBuilder(160);
    value.append("Digest realm=").append(AuthParams.quote(realm));
    value.append(", nonce=").append(AuthParams.quote(nonce));
    value.append(", algorithm=").append(algorithm.token());
    if (qopAuth) {
      value.append(", qop=\"auth\"");
    }
    if (stale) {
      value.append(", stale=true");
    }
    if (opaque != null) {
      value.append(", opaque=").append(AuthParams.quote(opaque));
    }
    return value.toString();
  }
}
