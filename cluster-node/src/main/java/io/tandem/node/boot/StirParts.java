package io.tandem.node.boot;

import io.tandem.node.edge.trunk.Vouching;
import io.tandem.protocol.sip.identity.CertificateCache;
import io.tandem.protocol.sip.identity.IdentitySigner;
import io.tandem.protocol.sip.identity.IdentityVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** {@code tandem.sip.stir} as the edge wants it: keys read, certificates fetched over HTTPS. */
final class StirParts {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int OCTETS_MAX = 65_536;
  private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

  private StirParts() {}

  static Vouching vouching(Node node) {
    SipSettings.Stir stir = node.settings().sip().stir();
    if (stir.key().isEmpty() && stir.trusted().isEmpty()) {
      return Vouching.NONE;
    }
    return new Vouching(
        stir.key().isEmpty() ? null : signer(stir),
        stir.trusted().isEmpty() ? null : new IdentityVerifier(authorities(stir.trusted())),
        node.parts().certificates(),
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

  /** Strangers name the address: over HTTPS alone, shortly, and not much. */
  static byte[] fetched(URI address) throws IOException {
    if (!"https".equals(address.getScheme())) {
      throw new IOException("only https is asked");
    }
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).GET().build();
    try {
      HttpResponse<InputStream> response =
          HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] read = body.readNBytes(OCTETS_MAX + 1);
        if (response.statusCode() != 200 || read.length > OCTETS_MAX) {
          throw new IOException("answered with " + response.statusCode());
        }
        return read;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
