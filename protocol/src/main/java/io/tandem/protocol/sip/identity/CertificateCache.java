package io.tandem.protocol.sip.identity;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Certificates by where they were found, for a while, in bounded memory; what was not found is
 * remembered too, but shorter, so that a bad address is not asked for each call. Thread-safe.
 */
public final class CertificateCache {
  private static final Duration GOOD_FOR = Duration.ofHours(6);
  private static final Duration BAD_FOR = Duration.ofMinutes(1);

  private final Map<URI, Kept> kept;

  private record Kept(List<X509Certificate> chain, Instant until) {}

  /**
   * @param most how many addresses; the one that was used least lately goes first
   */
  public CertificateCache(int most) {
    this.kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<URI, Kept> eldest) {
            return size() > most;
          }
        };
  }

  /** What is known of an address: a chain, no certificates (an empty list), or nothing. */
  public synchronized Optional<List<X509Certificate>> of(URI address, Instant now) {
    Kept found = kept.get(address);
    return found == null || !found.until().isAfter(now)
        ? Optional.empty()
        : Optional.of(found.chain());
  }

  /** What was found there: PEM or DER; what cannot be read is as good as nothing. */
  public synchronized List<X509Certificate> keep(URI address, byte[] found, Instant now) {
    List<X509Certificate> chain = read(found);
    kept.put(address, new Kept(chain, now.plus(chain.isEmpty() ? BAD_FOR : GOOD_FOR)));
    return chain;
  }

  /** The certificates in PEM or DER, in their order; none when they cannot be read. */
  public static List<X509Certificate> read(byte[] found) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(found))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException unreadable) {
      return List.of();
    }
  }
}
