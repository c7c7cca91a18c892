package io.tandem.node.edge.trunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.sip.identity.Attestation;
import io.tandem.protocol.sip.identity.CertificateCache;
import io.tandem.protocol.sip.identity.IdentitySigner;
import io.tandem.protocol.sip.identity.IdentityVerifier;
import io.tandem.protocol.sip.identity.Verification;
import io.tandem.protocol.sip.transport.tls.TestAuthority;
import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VouchingTest {
  private static final URI WHERE = URI.create("https://cert.example.com/tandem.pem");
  private static final String FROM = "12125550123";
  private static final String TO = "13105550199";

  @TempDir Path directory;

  private final List<URI> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");

  private Vouching vouching(boolean away) throws Exception {
    TestAuthority authority = new TestAuthority(directory, "sti-ca");
    TlsSettings.Pair pair = authority.sign("own", "dns:tandem.example.com");
    String pem = Files.readString(pair.key()).replaceAll("-----[A-Z ]+-----|\\s", "");
    ECPrivateKey key =
        (ECPrivateKey)
            KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
    return new Vouching(
        new IdentitySigner(key, WHERE),
        new IdentityVerifier(CertificateCache.read(Files.readAllBytes(authority.certificate()))),
        address -> {
          asked.add(address);
          if (away) {
            throw new IOException("away");
          }
          return Files.readAllBytes(pair.chain());
        },
        Runnable::run,
        () -> now);
  }

  private static Verification judged(Vouching by, @Nullable String identity, String from) {
    List<Verification> heard = new ArrayList<>();
    by.judge(identity, from, TO, Runnable::run, heard::add);
    assertThat(heard).hasSize(1);
    return heard.getFirst();
  }

  @Test
  void a_number_of_ours_is_vouched_for_in_full_and_what_passes_through_as_a_gateway_does()
      throws Exception {
    Vouching vouching = vouching(false);
    for (boolean own : new boolean[] {true, false}) {
      String identity = vouching.identity(FROM, TO, own).orElseThrow();
      assertThat(judged(vouching, identity, FROM))
          .isInstanceOfSatisfying(
              Verification.Vouched.class,
              vouched ->
                  assertThat(vouched.attestation()).isEqualTo(own ? Attestation.A : Attestation.C));
      assertThat(judged(vouching, identity, "13105550000").verstat())
          .isEqualTo("TN-Validation-Failed");
    }
    assertThat(asked).as("the certificate is fetched once").containsExactly(WHERE);
  }

  @Test
  void a_certificate_that_is_away_is_asked_for_once_a_minute() throws Exception {
    Vouching vouching = vouching(true);
    String identity = vouching.identity(FROM, TO, true).orElseThrow();
    for (int i = 0; i < 3; i++) {
      assertThat(judged(vouching, identity, FROM))
          .isInstanceOfSatisfying(
              Verification.Doubtful.class, no -> assertThat(no.status()).isEqualTo(436));
    }
    assertThat(asked).hasSize(1);
    now = now.plusSeconds(60);
    judged(vouching, identity, FROM);
    assertThat(asked).hasSize(2);
  }

  @Test
  void what_nobody_signed_is_unsigned_and_an_edge_without_keys_signs_nothing() throws Exception {
    assertThat(judged(vouching(false), null, FROM).verstat()).isEqualTo("No-TN-Validation");
    assertThat(Vouching.NONE.identity(FROM, TO, true)).isEmpty();
  }
}
