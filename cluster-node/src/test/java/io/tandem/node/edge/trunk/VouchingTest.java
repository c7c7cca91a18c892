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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VouchingTest {
  private static final URI WHERE = URI.create("https://cert.example.com/tandem.pem");
  private static final String FROM = "12125550123";
  private static final String TO = "13105550199";

  @TempDir Path directory;

  private final List<URI> asked = new CopyOnWriteArrayList<>();
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");

  private Vouching vouching(boolean away) throws Exception {
    return vouching(
        chain ->
            address -> {
              asked.add(address);
              if (away) {
                throw new IOException("away");
              }
              return Files.readAllBytes(chain);
            },
        Runnable::run,
        Duration.ofMinutes(1));
  }

  private Vouching vouching(
      Function<Path, Vouching.Fetch> fetch, Executor blocking, Duration patience) throws Exception {
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
        fetch.apply(pair.chain()),
        blocking,
        () -> now,
        patience);
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
  void a_certificate_that_drips_for_ever_holds_no_call_up_and_is_asked_for_once() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor()) {
      Vouching vouching =
          vouching(
              chain ->
                  address -> {
                    asked.add(address);
                    try {
                      never.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                    return new byte[0];
                  },
              blocking,
              Duration.ofMillis(300));
      String identity = vouching.identity(FROM, TO, true).orElseThrow();
      BlockingQueue<Verification> heard = new LinkedBlockingQueue<>();
      for (int i = 0; i < 3; i++) {
        vouching.judge(identity, FROM, TO, Runnable::run, heard::add);
      }
      for (int i = 0; i < 3; i++) {
        assertThat(heard.poll(10, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                Verification.Doubtful.class, no -> assertThat(no.status()).isEqualTo(436));
      }
      assertThat(asked).containsExactly(WHERE);
      never.countDown();
    }
  }

  @Test
  void what_nobody_signed_is_unsigned_and_an_edge_without_keys_signs_nothing() throws Exception {
    assertThat(judged(vouching(false), null, FROM).verstat()).isEqualTo("No-TN-Validation");
    assertThat(Vouching.NONE.identity(FROM, TO, true)).isEmpty();
  }
}
