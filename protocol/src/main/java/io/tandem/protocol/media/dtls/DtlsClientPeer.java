package io.tandem.protocol.media.dtls;

import io.tandem.protocol.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** The active side of a handshake: shows its certificate, and asks for SRTP. */
final class DtlsClientPeer extends DefaultTlsClient {
  private final DtlsIdentity identity;
  private final DtlsTerms terms;
  private @Nullable SrtpProfile profile;
  private DtlsOutcome.@Nullable Keyed keyed;

  DtlsClientPeer(DtlsIdentity identity, DtlsTerms terms) {
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
  @SuppressWarnings({"rawtypes", "unchecked"}) // as BouncyCastle declares it
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    TlsSRTPUtils.addUseSRTPExtension(extensions, terms.offer());
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes") // as BouncyCastle declares it
  public void processServerExtensions(Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    UseSRTPData chosen = extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions);
    profile = chosen == null || chosen.getMki().length > 0 ? null : terms.choose(chosen);
    if (profile == null) {
      throw new TlsFatalAlert(AlertDescription.illegal_parameter, "no SRTP profile of ours");
    }
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        terms.check(certificate.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) {
        return identity.credentials(context);
      }
    };
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
