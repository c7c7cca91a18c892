package io.tandem.protocol.media.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Vector;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The key and the self-signed certificate a node shows in all its handshakes: ECDSA on P-256 (RFC
 * 8827 6.5). Made at start, kept in memory: the signalling carries its fingerprint each time.
 */
public final class DtlsIdentity {
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final SignatureAndHashAlgorithm SIGNATURE =
      SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa);

  private final BcTlsCrypto crypto;
  private final AsymmetricKeyParameter key;
  private final Certificate chain;
  private final DtlsFingerprint fingerprint;

  private DtlsIdentity(
      BcTlsCrypto crypto,
      AsymmetricKeyParameter key,
      Certificate chain,
      DtlsFingerprint fingerprint) {
    this.crypto = crypto;
    this.key = key;
    this.chain = chain;
    this.fingerprint = fingerprint;
  }

  /**
   * A new key and certificate.
   *
   * @param now the certificate is valid from a day before for a year
   */
  public static DtlsIdentity generate(SecureRandom random, Instant now) {
    BcTlsCrypto crypto = new BcTlsCrypto(random);
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    generator.init(
        new ECKeyGenerationParameters(
            ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp256r1), random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    try {
      byte[] certificate = certificate(pair, random, now).getEncoded();
      Certificate chain =
          new Certificate(new TlsCertificate[] {crypto.createCertificate(certificate)});
      return new DtlsIdentity(
          crypto, pair.getPrivate(), chain, DtlsFingerprint.sha256(certificate));
    } catch (IOException | OperatorCreationException impossible) {
      throw new IllegalStateException("a P-256 certificate cannot be made", impossible);
    }
  }

  private static X509CertificateHolder certificate(
      AsymmetricCipherKeyPair pair, SecureRandom random, Instant now)
      throws IOException, OperatorCreationException {
    AlgorithmIdentifier signature = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    X500Name name = new X500Name("CN=tandem");
    return new BcX509v3CertificateBuilder(
            name,
            new BigInteger(64, random),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(VALIDITY)),
            name,
            pair.getPublic())
        .build(
            new BcECContentSignerBuilder(
                    signature, new DefaultDigestAlgorithmIdentifierFinder().find(signature))
                .build(pair.getPrivate()));
  }

  /** What our offers and answers say. */
  public DtlsFingerprint fingerprint() {
    return fingerprint;
  }

  BcTlsCrypto crypto() {
    return crypto;
  }

  TlsCredentialedSigner credentials(TlsContext context) {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context), crypto, key, chain, SIGNATURE);
  }

  /** What a peer may sign with. */
  static Vector<?> signatures(TlsContext context) {
    return TlsUtils.getDefaultSupportedSignatureAlgorithms(context);
  }

  @Override
  public String toString() {
    return "DtlsIdentity[" + fingerprint.value() + "]";
  }
}
