package io.tandem.protocol.sip.identity;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import java.net.URI;
import java.security.interfaces.ECPrivateKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Signs for callers: makes the value of an Identity header (RFC 8224 section 4, RFC 8588). */
public final class IdentitySigner {
  /** The PASSporT extension. */
  static final String SHAKEN = "shaken";

  static final JOSEObjectType PASSPORT = new JOSEObjectType("passport");

  private final ECDSASigner signer;
  private final URI certificate;

  /**
   * @param key on P-256
   * @param certificate where verifiers find the certificate of the key
   * @throws IllegalArgumentException when the key is on another curve
   */
  public IdentitySigner(ECPrivateKey key, URI certificate) {
    try {
      this.signer = new ECDSASigner(key);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("the key of STIR is on P-256", e);
    }
    if (!signer.supportedJWSAlgorithms().contains(JWSAlgorithm.ES256)) {
      throw new IllegalArgumentException("the key of STIR is on P-256");
    }
    this.certificate = certificate;
  }

  /** The header's value: the full form of the PASSporT, and where its certificate is. */
  public String identity(Passport passport) {
    JWSHeader header =
        new JWSHeader.Builder(JWSAlgorithm.ES256)
            .type(PASSPORT)
            .customParam("ppt", SHAKEN)
            .x509CertURL(certificate)
            .build();
    // RFC 8225 section 9: members in lexicographic order
    Map<String, Object> claims = new TreeMap<>();
    claims.put("attest", passport.attestation().name());
    claims.put("dest", Map.of("tn", passport.to()));
    claims.put("iat", passport.issuedAt().getEpochSecond());
    claims.put("orig", Map.of("tn", passport.from()));
    claims.put("origid", passport.originId());
    JWSObject signed = new JWSObject(header, new Payload(new LinkedHashMap<>(claims)));
    try {
      signed.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("a good key signs", e);
    }
    return signed.serialize() + ";info=<" + certificate + ">;alg=ES256;ppt=\"" + SHAKEN + '"';
  }
}
