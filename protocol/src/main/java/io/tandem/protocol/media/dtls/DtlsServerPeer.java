package io.tandem.protocol.media.dtls;

import io.tandem.protocol.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** The passive side of a handshake: asks for a certificate, and for SRTP. */
final class DtlsServerPeer extends DefaultTlsServer {
  private final DtlsIdentity identity;
  private final DtlsTerms terms;
  private @Nullable SrtpProfile profile;
  private DtlsOutcome.@Nullable Keyed keyed;

  DtlsServerPeer(DtlsIdentity identity, DtlsTerms terms) {
    super(identity.crypto());
    this.identity = identity;
    this.terms = terms;
  }

  /** The keys, once the handshake is complete. */
  DtlsOutcome.@Nullable Keyed keyed() {
    return keyed;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return DtlsTerms.VERSIONS;
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return DtlsTerms.CIPHER_SUITES;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return terms.timeoutMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return terms.resendMillis();
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return identity.credentials(context);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        DtlsIdentity.signatures(context),
        null);
  }

  @Override
  public void notifyClientCertificate(Certificate certificate) throws IOException {
    terms.check(certificate);
  }

  @Override
  @SuppressWarnings("rawtypes") // as BouncyCastle declares it
  public void processClientExtensions(Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    profile =
        extensions == null ? null : terms.choose(TlsSRTPUtils.getUseSRTPExtension(extensions));
    if (profile == null) {
      throw new TlsFatalAlert(AlertDescription.handshake_failure, "no SRTP profile in common");
    }
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked"}) // as BouncyCastle declares it
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    SrtpProfile chosen = profile;
    if (chosen != null) {
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(new int[] {chosen.dtlsNumber()}, new byte[0]));
    }
    return extensions;
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile chosen = profile;
    if (chosen != null) {
      keyed = DtlsTerms.keys(context, chosen);
    }
  }
}
