package io.tandem.protocol.sip.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tandem.protocol.sip.identity.Verification.Doubtful;
import io.tandem.protocol.sip.identity.Verification.Vouched;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final URI WHERE = URI.create("https://cert.example.com/tandem.pem");
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final String FROM = "12125550123";
  private static final String TO = "18005550100";

  @TempDir Path directory;

  private List<X509Certificate> chain;
  private IdentitySigner signer;
  private IdentityVerifier verifier;

  @BeforeEach
  void keys() throws IOException, GeneralSecurityException {
    TestAuthority authority = new TestAuthority(directory, "sti-ca");
    TlsSettings.Pair pair = authority.sign("carrier", "dns:carrier.example.com");
    chain = CertificateCache.read(Files.readAllBytes(pair.chain()));
    signer = new IdentitySigner(key(pair.key()), WHERE);
    verifier =
        new IdentityVerifier(CertificateCache.read(Files.readAllBytes(authority.certificate())));
  }

  private static ECPrivateKey key(Path pem) throws IOException, GeneralSecurityException {
    String text = Files.readString(pem).replaceAll("-----[A-Z ]+-----|\\s", "");
    return (ECPrivateKey)
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(text)));
  }

  private String signed(Attestation attestation) {
    return signer.identity(new Passport(attestation, FROM, List.of(TO), NOW, "origin-1"));
  }

  @Test
  void what_is_signed_is_vouched_for_as_far_as_the_signer_says() {
    for (Attestation attestation : Attestation.values()) {
      String identity = signed(attestation);
      assertThat(IdentityVerifier.certificate(identity)).hasValue(WHERE);
      assertThat(verifier.verify(identity, chain, FROM, TO, NOW.plusSeconds(60)))
          .isEqualTo(new Vouched(attestation, "origin-1"));
    }
  }

  @Test
  void the_header_has_the_form_of_rfc_8224_and_the_claims_that_of_rfc_8225() {
    String identity = signed(Attestation.A);
    assertThat(identity).endsWith(";info=<" + WHERE + ">;alg=ES256;ppt=\"shaken\"");
    String[] parts = identity.substring(0, identity.indexOf(';')).split("\\.");
    assertThat(decoded(parts[0]))
        .contains("\"alg\":\"ES256\"", "\"typ\":\"passport\"", "\"ppt\":\"shaken\"", "\"x5u\":");
    assertThat(decoded(parts[1]))
        .isEqualTo(
            "{\"attest\":\"A\",\"dest\":{\"tn\":[\"18005550100\"]},\"iat\":"
                + NOW.getEpochSecond()
                + ",\"orig\":{\"tn\":\"12125550123\"},\"origid\":\"origin-1\"}");
    assertThat(Base64.getUrlDecoder().decode(parts[2])).as("R and S, 32 octets each").hasSize(64);
  }

  private static String decoded(String part) {
    return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
  }

  private int status(Verification verification) {
    assertThat(verification).isInstanceOf(Doubtful.class);
    return ((Doubtful) verification).status();
  }

  @Test
  void what_does_not_fit_is_doubtful_with_the_status_of_rfc_8224() throws Exception {
    String good = signed(Attestation.A);
    assertThat(status(verifier.verify(good, chain, FROM, TO, NOW.plusSeconds(61)))).isEqualTo(403);
    assertThat(status(verifier.verify(good, chain, FROM, TO, NOW.minusSeconds(61)))).isEqualTo(403);
    assertThat(status(verifier.verify(good, chain, "13105550000", TO, NOW))).isEqualTo(438);
    assertThat(status(verifier.verify(good, chain, FROM, "18005550199", NOW))).isEqualTo(438);
    assertThat(status(verifier.verify(good, List.of(), FROM, TO, NOW))).isEqualTo(436);
    assertThat(status(verifier.verify("nonsense", chain, FROM, TO, NOW))).isEqualTo(438);

    TestAuthority stranger = new TestAuthority(directory, "stranger");
    TlsSettings.Pair forged = stranger.sign("forged", "dns:carrier.example.com");
    List<X509Certificate> theirs = CertificateCache.read(Files.readAllBytes(forged.chain()));
    String byStranger =
        new IdentitySigner(key(forged.key()), WHERE)
            .identity(new Passport(Attestation.A, FROM, List.of(TO), NOW, "o"));
    assertThat(status(verifier.verify(byStranger, theirs, FROM, TO, NOW))).isEqualTo(437);
    assertThat(status(verifier.verify(byStranger, chain, FROM, TO, NOW))).isEqualTo(438);
  }

  @Test
  void every_flipped_bit_of_the_claims_is_found() {
    String good = signed(Attestation.C);
    int from = good.indexOf('.') + 1;
    int to = good.indexOf('.', from);
    for (int i = from; i < to; i++) {
      char other = good.charAt(i) == 'A' ? 'B' : 'A';
      String bad = good.substring(0, i) + other + good.substring(i + 1);
      assertThat(verifier.verify(bad, chain, FROM, TO, NOW)).isInstanceOf(Doubtful.class);
    }
  }

  @Test
  void a_certificate_is_kept_for_hours_and_a_failure_for_a_minute() throws IOException {
    CertificateCache cache = new CertificateCache(2);
    byte[] pem = Files.readAllBytes(directory.resolve("carrier.pem"));
    assertThat(cache.of(WHERE, NOW)).isEmpty();
    assertThat(cache.keep(WHERE, pem, NOW)).isEqualTo(chain);
    assertThat(cache.of(WHERE, NOW.plusSeconds(6 * 3_600 - 1))).hasValue(chain);
    assertThat(cache.of(WHERE, NOW.plusSeconds(6 * 3_600))).isEmpty();
    URI broken = URI.create("https://cert.example.com/broken.pem");
    assertThat(cache.keep(broken, "<html>".getBytes(StandardCharsets.US_ASCII), NOW)).isEmpty();
    assertThat(cache.of(broken, NOW.plusSeconds(59))).hasValue(List.of());
    assertThat(cache.of(broken, NOW.plusSeconds(60))).isEmpty();
  }

  @Test
  void a_key_on_another_curve_is_refused_at_once() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp384r1"));
    ECPrivateKey key = (ECPrivateKey) generator.generateKeyPair().getPrivate();
    assertThatIllegalArgumentException().isThrownBy(() -> new IdentitySigner(key, WHERE));
  }
}
