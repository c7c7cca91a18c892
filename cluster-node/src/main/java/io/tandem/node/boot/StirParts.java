package io.tandem.node.boot;

import io.tandem.node.edge.trunk.Vouching;
import io.tandem.node.job.GuardedPost;
import io.tandem.node.webhook.PublicAddresses;
import io.tandem.protocol.sip.identity.CertificateCache;
import io.tandem.protocol.sip.identity.IdentitySigner;
import io.tandem.protocol.sip.identity.IdentityVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** {@code tandem.sip.stir} as the edge wants it: keys read, certificates fetched over HTTPS. */
final class StirParts {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int OCTETS_MAX = 65_536;

  private StirParts() {}

  static Vouching vouching(Node node) {
    SipSettings.Stir stir = node.settings().sip().stir();
    if (stir.key().isEmpty() && stir.trusted().isEmpty()) {
      return Vouching.NONE;
    }
    return new Vouching(
        stir.key().isEmpty() ? null : signer(stir),
        stir.trusted().isEmpty() ? null : new IdentityVerifier(authorities(stir.trusted())),
        node.parts().certificates().apply(node),
        node.blocking(),
        node.parts().wall());
  }

  private static IdentitySigner signer(SipSettings.Stir stir) {
    try {
      String pem = Files.readString(Path.of(stir.key())).replaceAll("-----[A-Z ]+-----|\\s", "");
      ECPrivateKey key =
          (ECPrivateKey)
              KeyFactory.getInstance("EC")
                  .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
      return new IdentitySigner(key, URI.create(stir.certificate()));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new CannotStart(
          "tandem.sip.stir: the key is no PKCS#8 key on P-256 in PEM, or the certificate no"
              + " address",
          e);
    }
  }

  private static List<X509Certificate> authorities(String file) {
    try {
      List<X509Certificate> read = CertificateCache.read(Files.readAllBytes(Path.of(file)));
      if (read.isEmpty()) {
        throw new IOException("no certificates in " + file);
      }
      return read;
    } catch (IOException e) {
      throw new CannotStart("tandem.sip.stir.trusted: " + e.getMessage(), e);
    }
  }

  /**
   * Strangers name the address: over HTTPS alone, of the public Internet, shortly, and not much.
   */
  static Vouching.Fetch fetching(Node node) {
    GuardedPost guarded =
        new GuardedPost(
            node.system(),
            new PublicAddresses(Set.copyOf(node.settings().sip().stir().allowedAddresses())));
    return address -> {
      if (!"https".equals(address.getScheme())) {
        throw new IOException("only https is asked");
      }
      return guarded.get(address, PATIENCE, OCTETS_MAX);
    };
  }
}
