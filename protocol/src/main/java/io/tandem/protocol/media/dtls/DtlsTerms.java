package io.tandem.protocol.media.dtls;

import io.tandem.protocol.media.srtp.SrtpKeys;
import io.tandem.protocol.media.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/**
 * What both roles ask of a handshake, and what they take from it.
 *
 * @param peer the fingerprints the signalling carried; one must fit (RFC 8122 5)
 * @param profiles best first
 * @param resendMillis the first interval of retransmission (RFC 6347 4.2.4.1)
 * @param timeoutMillis for the whole handshake
 * @param sentOctetsMax of one datagram; longer messages go in fragments
 */
public record DtlsTerms(
    List<DtlsFingerprint> peer,
    List<SrtpProfile> profiles,
    int resendMillis,
    int timeoutMillis,
    int sentOctetsMax) {
  /** Counter mode first: it makes no garbage (ADR 9). */
  public static final List<SrtpProfile> PROFILES =
      List.of(
          SrtpProfile.AES_CM_128_HMAC_SHA1_80,
          SrtpProfile.AEAD_AES_128_GCM,
          SrtpProfile.AEAD_AES_256_GCM,
          SrtpProfile.AES_CM_128_HMAC_SHA1_32);

  private static final int RESEND_MILLIS = 250;
  private static final int TIMEOUT_MILLIS = 20_000;

  /** Below every path's limit, so that no certificate is cut by IP. */
  private static final int SENT_OCTETS_MAX = 1200;

  static final ProtocolVersion[] VERSIONS = ProtocolVersion.DTLSv12.only();
  static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256
  };

  public DtlsTerms {
    peer = List.copyOf(peer);
    profiles = List.copyOf(profiles);
  }

  /** The usual terms; media paths answer fast, so the first resend comes early (RFC 8827 6.5). */
  public static DtlsTerms of(List<DtlsFingerprint> peer) {
    return new DtlsTerms(peer, PROFILES, RESEND_MILLIS, TIMEOUT_MILLIS, SENT_OCTETS_MAX);
  }

  UseSRTPData offer() {
    return new UseSRTPData(
        profiles.stream().mapToInt(SrtpProfile::dtlsNumber).toArray(), new byte[0]);
  }

  /** Our first choice among what the other side offers; null when there is none. */
  @Nullable SrtpProfile choose(@Nullable UseSRTPData offered) {
    if (offered == null) {
      return null;
    }
    for (SrtpProfile profile : profiles) {
      if (Arrays.stream(offered.getProtectionProfiles()).anyMatch(n -> n == profile.dtlsNumber())) {
        return profile;
      }
    }
    return null;
  }

  /**
   * RFC 5763 5: the certificate is the one whose fingerprint the signalling carried.
   *
   * @throws TlsFatalAlert which ends the handshake
   */
  void check(@Nullable Certificate certificate) throws IOException {
    if (certificate == null || certificate.isEmpty()) {
      throw new TlsFatalAlert(AlertDescription.certificate_required);
    }
    byte[] encoded = certificate.getCertificateAt(0).getEncoded();
    if (peer.stream().noneMatch(fingerprint -> fingerprint.isOf(encoded))) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate, "not the fingerprint of the SDP");
    }
  }

  /** RFC 5764 4.2: client key, server key, client salt, server salt. */
  static DtlsOutcome.Keyed keys(TlsContext context, SrtpProfile profile) {
    int key = profile.keyOctets();
    int salt = profile.saltOctets();
    byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
    SrtpKeys client =
        SrtpKeys.of(
            profile,
            Arrays.copyOf(material, key),
            Arrays.copyOfRange(material, 2 * key, 2 * key + salt));
    SrtpKeys server =
        SrtpKeys.of(
            profile,
            Arrays.copyOfRange(material, key, 2 * key),
            Arrays.copyOfRange(material, 2 * key + salt, material.length));
    Arrays.fill(material, (byte) 0);
    return context.isServer()
        ? new DtlsOutcome.Keyed(server, client)
        : new DtlsOutcome.Keyed(client, server);
  }
}
