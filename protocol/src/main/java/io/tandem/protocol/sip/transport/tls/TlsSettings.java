package io.tandem.protocol.sip.transport.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How TLS is spoken.
 *
 * @param certificates at least one; the first is shown to a peer that names no server, and by us as
 *     a client
 * @param clientCertificates whether peers that connect to us must prove who they are
 * @param trusted authorities that vouch for peers, PEM; null for those of Java
 * @param protocols TLSv1.3, TLSv1.2
 * @param lookAgain how often files are looked at for changes
 */
public record TlsSettings(
    List<Pair> certificates,
    ClientCertificates clientCertificates,
    @Nullable Path trusted,
    List<String> protocols,
    Duration lookAgain) {

  /** A certificate chain and its key, PEM; the key PKCS#8 without password. */
  public record Pair(Path chain, Path key) {}

  /** What is asked of a peer that connects to us. */
  public enum ClientCertificates {
    NONE,
    WANTED,
    REQUIRED
  }

  public TlsSettings {
    certificates = List.copyOf(certificates);
    protocols = List.copyOf(protocols);
  }

  /** One certificate, no proof asked, TLS 1.3 and 1.2, changes seen within 10 s. */
  public static TlsSettings of(Path chain, Path key) {
    return new TlsSettings(
        List.of(new Pair(chain, key)),
        ClientCertificates.NONE,
        null,
        List.of("TLSv1.3", "TLSv1.2"),
        Duration.ofSeconds(10));
  }

  /** With more certificates, found by the names they carry. */
  public TlsSettings alsoShowing(Path chain, Path key) {
    List<Pair> all = new java.util.ArrayList<>(certificates);
    all.add(new Pair(chain, key));
    return new TlsSettings(all, clientCertificates, trusted, protocols, lookAgain);
  }

  /** Trusting these authorities, and asking this of who connects. */
  public TlsSettings trusting(Path authorities, ClientCertificates asked) {
    return new TlsSettings(certificates, asked, authorities, protocols, lookAgain);
  }

  /** With these protocol versions only. */
  public TlsSettings speaking(String... versions) {
    return new TlsSettings(certificates, clientCertificates, trusted, List.of(versions), lookAgain);
  }
}
