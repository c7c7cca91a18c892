package io.tandem.protocol.sip.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import io.tandem.protocol.sip.identity.Verification.Doubtful;
import io.tandem.protocol.sip.identity.Verification.Vouched;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Judges what a signer says of a caller (RFC 8224 section 6.2): the PASSporT is of our kind and
 * fresh, its numbers are those of the request, its certificate leads to an authority that is
 * trusted, and the signature is the certificate's.
 *
 * <p>The certificate's list of numbers (TNAuthList, RFC 8226) is not compared with the caller's
 * number: a SHAKEN certificate names a carrier, not its numbers.
 */
public final class IdentityVerifier {
  /** RFC 8224 section 6.2.2 step 4: how old, or how far ahead, a PASSporT may be. */
  private static final Duration FRESH = Duration.ofSeconds(60);

  private static final int LENGTH_MAX = 8_192;

  private final Set<TrustAnchor> anchors;

  /**
   * @param authorities whose certificates are believed
   */
  public IdentityVerifier(List<X509Certificate> authorities) {
    this.anchors =
        authorities.stream().map(each -> new TrustAnchor(each, null)).collect(Collectors.toSet());
  }

  /** Where the certificate of an Identity header is to be found; empty when it cannot be read. */
  public static Optional<URI> certificate(String identity) {
    return read(identity).map(jws -> jws.getHeader().getX509CertURL());
  }

  /**
   * Judges.
   *
   * @param chain the certificates found there, the signer's first; empty when there were none
   * @param from E.164 digits of the caller
   * @param to E.164 digits of the called number
   */
  public Verification verify(
      String identity, List<X509Certificate> chain, String from, String to, Instant now) {
    JWSObject jws = read(identity).orElse(null);
    if (jws == null || !isShaken(jws)) {
      return new Doubtful(438, "no SHAKEN PASSporT");
    }
    Passport passport = passport(jws).orElse(null);
    if (passport == null) {
      return new Doubtful(438, "claims are missing");
    }
    if (Duration.between(passport.issuedAt(), now).abs().compareTo(FRESH) > 0) {
      return new Doubtful(403, "stale date");
    }
    if (!passport.from().equals(from) || !passport.to().contains(to)) {
      return new Doubtful(438, "other numbers");
    }
    if (chain.isEmpty()) {
      return new Doubtful(436, "no certificate");
    }
    if (!isTrusted(chain, now)) {
      return new Doubtful(437, "a certificate of nobody we trust");
    }
    return isSignedBy(jws, chain.getFirst())
        ? new Vouched(passport.attestation(), passport.originId())
        : new Doubtful(438, "another signature");
  }

  private static Optional<JWSObject> read(String identity) {
    int end = identity.indexOf(';');
    String token = (end < 0 ? identity : identity.substring(0, end)).strip();
    if (token.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      return Optional.of(JWSObject.parse(token));
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private static boolean isShaken(JWSObject jws) {
    return JWSAlgorithm.ES256.equals(jws.getHeader().getAlgorithm())
        && IdentitySigner.PASSPORT.equals(jws.getHeader().getType())
        && IdentitySigner.SHAKEN.equals(jws.getHeader().getCustomParam("ppt"));
  }

  private static Optional<Passport> passport(JWSObject jws) {
    Map<String, Object> claims = jws.getPayload().toJSONObject();
    if (claims != null
        && claims.get("iat") instanceof Number issued
        && claims.get("attest") instanceof String letter
        && claims.get("origid") instanceof String origin
        && claims.get("orig") instanceof Map<?, ?> orig
        && orig.get("tn") instanceof String from
        && claims.get("dest") instanceof Map<?, ?> dest
        && dest.get("tn") instanceof List<?> to) {
      return Attestation.of(letter)
          .map(
              attestation ->
                  new Passport(
                      attestation,
                      from,
                      to.stream().map(String::valueOf).toList(),
                      Instant.ofEpochSecond(issued.longValue()),
                      origin));
    }
    return Optional.empty();
  }

  private boolean isTrusted(List<X509Certificate> chain, Instant now) {
    try {
      PKIXParameters how = new PKIXParameters(anchors);
      how.setRevocationEnabled(false);
      how.setDate(Date.from(now));
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      var unused =
          CertPathValidator.getInstance("PKIX").validate(factory.generateCertPath(chain), how);
      return true;
    } catch (GeneralSecurityException distrusted) {
      return false;
    }
  }

  private static boolean isSignedBy(JWSObject jws, X509Certificate signer) {
    if (!(signer.getPublicKey() instanceof ECPublicKey key)) {
      return false;
    }
    try {
      return jws.verify(new ECDSAVerifier(key));
    } catch (JOSEException otherCurve) {
      return false;
    }
  }
}
