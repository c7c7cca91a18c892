package io.tandem.protocol.sip.transport.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates in use: one set for all connections that begin now, replaced as a whole when its
 * files change and are good. Connections that are open keep what they began with.
 */
public final class TlsContexts {
  private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
  private static final int SAN_DNS = 2;

  private record InUse(
      Mapping<String, SslContext> byName, SslContext client, Map<Path, FileTime> read) {}

  private final TlsSettings settings;
  private volatile InUse inUse;

  /**
   * Reads all files.
   *
   * @throws UnusableCertificate naming the first file that is no good
   */
  public TlsContexts(TlsSettings settings) throws UnusableCertificate {
    this.settings = settings;
    this.inUse = read(settings);
  }

  /** What a server of that name shows; null for a peer that names none. */
  public SslContext server(@Nullable String name) {
    return inUse.byName().map(name);
  }

  /** What we are as a client. */
  public SslContext client() {
    return inUse.client();
  }

  /**
   * Reads the files again if one of them changed. What cannot be used is logged and leaves the old
   * set in use, to be tried again at its next change.
   *
   * @return whether a new set is in use
   */
  public boolean refresh() {
    InUse old = inUse;
    Map<Path, FileTime> now = stamps(settings);
    if (now.equals(old.read())) {
      return false;
    }
    try {
      inUse = read(settings);
      LOG.info("TLS certificates were read again");
      return true;
    } catch (UnusableCertificate bad) {
      inUse = new InUse(old.byName(), old.client(), now);
      LOG.error("TLS certificates stay as they were: {}", bad.getMessage());
      return false;
    }
  }

  private static InUse read(TlsSettings settings) throws UnusableCertificate {
    Map<Path, FileTime> stamps = stamps(settings);
    List<SslContext> contexts = new ArrayList<>();
    for (TlsSettings.Pair pair : settings.certificates()) {
      contexts.add(server(settings, pair));
    }
    DomainWildcardMappingBuilder<SslContext> byName =
        new DomainWildcardMappingBuilder<>(contexts.getFirst());
    for (int i = contexts.size() - 1; i >= 0; i--) {
      for (String name : names(settings.certificates().get(i).chain())) {
        byName.add(name, contexts.get(i));
      }
    }
    return new InUse(byName.build(), client(settings), stamps);
  }

  private static SslContext server(TlsSettings settings, TlsSettings.Pair pair)
      throws UnusableCertificate {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(pair.chain().toFile(), pair.key().toFile())
              .clientAuth(
                  switch (settings.clientCertificates()) {
                    case NONE -> ClientAuth.NONE;
                    case WANTED -> ClientAuth.OPTIONAL;
                    case REQUIRED -> ClientAuth.REQUIRE;
                  });
      return built(settings, builder);
    } catch (SSLException | RuntimeException e) {
      throw new UnusableCertificate(pair.chain(), e);
    }
  }

  /** The peer's name is checked by {@link PeerNames}, which SIP has rules of its own for. */
  private static SslContext client(TlsSettings settings) throws UnusableCertificate {
    TlsSettings.Pair own = settings.certificates().getFirst();
    try {
      SslContextBuilder builder =
          SslContextBuilder.forClient()
              .keyManager(own.chain().toFile(), own.key().toFile())
              .endpointIdentificationAlgorithm(null);
      return built(settings, builder);
    } catch (SSLException | RuntimeException e) {
      throw new UnusableCertificate(own.chain(), e);
    }
  }

  private static SslContext built(TlsSettings settings, SslContextBuilder builder)
      throws SSLException, UnusableCertificate {
    Path trusted = settings.trusted();
    if (trusted != null) {
      File authorities = trusted.toFile();
      try {
        builder.trustManager(authorities);
      } catch (RuntimeException e) {
        throw new UnusableCertificate(trusted, e);
      }
    }
    return builder.sslProvider(SslProvider.JDK).protocols(settings.protocols()).build();
  }

  /** The DNS names of the first certificate of a chain, wildcards included. */
  private static List<String> names(Path chain) throws UnusableCertificate {
    try (InputStream in = Files.newInputStream(chain)) {
      X509Certificate leaf =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return dnsNames(leaf);
    } catch (IOException | CertificateException e) {
      throw new UnusableCertificate(chain, e);
    }
  }

  private static List<String> dnsNames(X509Certificate leaf) throws CertificateParsingException {
    Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
    return alternatives == null
        ? List.of()
        : alternatives.stream()
            .filter(name -> ((Integer) name.get(0)) == SAN_DNS)
            .map(name -> String.valueOf(name.get(1)))
            .toList();
  }

  private static Map<Path, FileTime> stamps(TlsSettings settings) {
    Map<Path, FileTime> stamps = new HashMap<>();
    for (TlsSettings.Pair pair : settings.certificates()) {
      stamp(stamps, pair.chain());
      stamp(stamps, pair.key());
    }
    Path trusted = settings.trusted();
    if (trusted != null) {
      stamp(stamps, trusted);
    }
    return stamps;
  }

  private static void stamp(Map<Path, FileTime> stamps, Path file) {
    try {
      stamps.put(file, Files.getLastModifiedTime(file));
    } catch (IOException gone) {
      // a file that is being replaced: as if changed, and reading it says what is wrong
      stamps.put(file, FileTime.fromMillis(0));
    }
  }
}
