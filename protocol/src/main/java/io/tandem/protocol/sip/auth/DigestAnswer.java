package io.tandem.protocol.sip.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of an Authorization or Proxy-Authorization header (RFC 7616 3.4).
 *
 * @param uri the digest-uri as sent; it is hashed as it stands, since proxies rewrite Request-URIs
 * @param response lower-case hex
 * @param cnonce null in the old form without qop
 * @param nonceCount uses of the nonce so far, this one included; 0 in the old form
 */
public record DigestAnswer(
    String username,
    String realm,
    String nonce,
    String uri,
    DigestAlgorithm algorithm,
    String response,
    @Nullable String cnonce,
    long nonceCount,
    @Nullable String opaque) {

  /** Reads a header value; empty for another scheme or anything this side cannot check. */
  public static Optional<DigestAnswer> parse(String headerValue) {
    return AuthParams.parse(headerValue).flatMap(DigestAnswer::of);
  }

  private static Optional<DigestAnswer> of(AuthParams params) {
    String username = params.get("username");
    String realm = params.get("realm");
    String nonce = params.get("nonce");
    String uri = params.get("uri");
    String response = params.get("response");
    Optional<DigestAlgorithm> algorithm = DigestAlgorithm.of(params.get("algorithm", "MD5"));
    if (username == null || realm == null || nonce == null || uri == null || response == null) {
      return Optional.empty();
    }
    String qop = params.get("qop");
    String cnonce = params.get("cnonce");
    long nonceCount = qop == null ? 0 : nonceCount(params.get("nc", ""));
    boolean sound =
        qop == null || (qop.equalsIgnoreCase("auth") && cnonce != null && nonceCount > 0);
    if (!sound || !isHex(response)) {
      return Optional.empty();
    }
    return algorithm.map(
        found ->
            new DigestAnswer(
                username,
                realm,
                nonce,
                uri,
                found,
                response.toLowerCase(Locale.ROOT),
                qop == null ? null : cnonce,
                nonceCount,
                params.get("opaque")));
  }

  private static boolean isHex(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || Character.digit(c, 16) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Eight hex digits (RFC 7616 3.4); -1 for anything else. */
  private static long nonceCount(String hex) {
    if (hex.length() != 8 || !isHex(hex)) {
      return -1;
    }
    return Long.parseLong(hex, 16);
  }

  /** The answer of {@code username} to a challenge. */
  static DigestAnswer to(
      DigestChallenge challenge,
      String username,
      String password,
      String method,
      String uri,
      String cnonce,
      long nonceCount) {
    String ha1 = challenge.algorithm().hash(username + ':' + challenge.realm() + ':' + password);
    DigestAnswer unsigned =
        new DigestAnswer(
            username,
            challenge.realm(),
            challenge.nonce(),
            uri,
            challenge.algorithm(),
            "",
            challenge.qopAuth() ? cnonce : null,
            challenge.qopAuth() ? nonceCount : 0,
            challenge.opaque());
    return new DigestAnswer(
        username,
        unsigned.realm,
        unsigned.nonce,
        uri,
        unsigned.algorithm,
        unsigned.expected(ha1, method),
        unsigned.cnonce,
        unsigned.nonceCount,
        unsigned.opaque);
  }

  /** Whether the response was made with this HA1, compared in constant time. */
  boolean madeWith(String ha1, String method) {
    return MessageDigest.isEqual(
        expected(ha1, method).getBytes(StandardCharsets.US_ASCII),
        response.getBytes(StandardCharsets.UTF_8));
  }

  /** RFC 7616 3.4.1, with qop=auth or in the form of RFC 2069. */
  private String expected(String ha1, String method) {
    String ha2 = algorithm.hash(method + ':' + uri);
    return cnonce == null
        ? algorithm.hash(ha1 + ':' + nonce + ':' + ha2)
        : algorithm.hash(ha1 + ':' + nonce + ':' + nc() + ':' + cnonce + ":auth:" + ha2);
  }

  private String nc() {
    return HexFormat.of().toHexDigits((int) nonceCount);
  }

  /** The header's value. */
  public String headerValue() {
    StringBuilder value = new StringBuilder(256);
    value.append("Digest username=").append(AuthParams.quote(username));
    value.append(", realm=").append(AuthParams.quote(realm));
    value.append(", nonce=").append(AuthParams.quote(nonce));
    value.append(", uri=").append(AuthParams.quote(uri));
    value.append(", response=\"").append(response).append('"');
    value.append(", algorithm=").append(algorithm.token());
    if (cnonce != null) {
      value.append(", cnonce=").append(AuthParams.quote(cnonce));
      value.append(", qop=auth, nc=").append(nc());
    }
    if (opaque != null) {
      value.append(", opaque=").append(AuthParams.quote(opaque));
    }
    return value.toString();
  }

  /** Masked: an answer names its user and can be attacked off line (PRV-4). */
  @Override
  public String toString() {
    return "DigestAnswer[" + algorithm + ", masked]";
  }
}
