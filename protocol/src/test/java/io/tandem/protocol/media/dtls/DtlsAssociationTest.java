package io.tandem.protocol.media.dtls;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.srtp.SrtpProfile;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsAssociationTest {
  private static final DtlsIdentity OURS =
      DtlsIdentity.generate(new SecureRandom(), Instant.parse("2026-11-22T12:00:00Z"));
  private static final DtlsIdentity THEIRS =
      DtlsIdentity.generate(new SecureRandom(), Instant.parse("2026-11-22T12:00:00Z"));
  private static final int RESEND_MILLIS = 30;
  private static final int TIMEOUT_MILLIS = 15_000;

  private final Peer server = new Peer();
  private final Peer client = new Peer();

  @AfterEach
  void close() {
    server.close();
    client.close();
  }

  @ParameterizedTest
  @EnumSource(
      value = SrtpProfile.class,
      names = {"AES_256_CM_HMAC_SHA1_80", "AES_256_CM_HMAC_SHA1_32"},
      mode = EnumSource.Mode.EXCLUDE)
  void both_sides_come_to_the_same_keys_crosswise(SrtpProfile profile) throws Exception {
    handshake(terms(THEIRS, profile), terms(OURS, profile), server::take, client::take);
    DtlsOutcome.Keyed ours = keyed(server);
    DtlsOutcome.Keyed theirs = keyed(client);
    assertThat(ours.sending()).isEqualTo(theirs.receiving());
    assertThat(ours.receiving()).isEqualTo(theirs.sending());
    assertThat(ours.sending()).isNotEqualTo(ours.receiving());
    assertThat(ours.sending().profile()).isEqualTo(profile);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void a_wire_that_loses_doubles_and_spoils_datagrams_is_overcome(long seed) throws Exception {
    Random random = new Random(seed);
    handshake(
        terms(THEIRS, SrtpProfile.AES_CM_128_HMAC_SHA1_80),
        terms(OURS, SrtpProfile.AES_CM_128_HMAC_SHA1_80),
        bad(random, server::take),
        bad(random, client::take));
    assertThat(keyed(server).sending()).as("seed %d", seed).isEqualTo(keyed(client).receiving());
  }

  @Test
  void a_client_hello_in_fragments_is_put_together() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    DtlsTerms small =
        new DtlsTerms(
            List.of(OURS.fingerprint()), DtlsTerms.PROFILES, RESEND_MILLIS, TIMEOUT_MILLIS, 100);
    handshake(
        terms(THEIRS, SrtpProfile.AEAD_AES_128_GCM),
        small,
        datagram -> {
          assertThat(datagram.length).isLessThanOrEqualTo(100);
          sent.incrementAndGet();
          server.take(datagram);
        },
        client::take);
    assertThat(keyed(server).sending()).isEqualTo(keyed(client).receiving());
    assertThat(sent.get()).isGreaterThan(4);
  }

  @Test
  void a_peer_of_another_fingerprint_gets_no_keys() throws Exception {
    DtlsIdentity stranger = DtlsIdentity.generate(new SecureRandom(), Instant.EPOCH);
    handshake(
        terms(stranger, SrtpProfile.AEAD_AES_128_GCM),
        terms(OURS, SrtpProfile.AEAD_AES_128_GCM),
        server::take,
        client::take);
    assertThat(server.outcome()).isInstanceOf(DtlsOutcome.Failed.class);
  }

  @Test
  void a_server_of_another_fingerprint_gets_no_keys() throws Exception {
    DtlsIdentity stranger = DtlsIdentity.generate(new SecureRandom(), Instant.EPOCH);
    handshake(
        terms(THEIRS, SrtpProfile.AEAD_AES_128_GCM),
        terms(stranger, SrtpProfile.AEAD_AES_128_GCM),
        server::take,
        client::take);
    assertThat(client.outcome()).isInstanceOf(DtlsOutcome.Failed.class);
    assertThat(server.outcome()).isInstanceOf(DtlsOutcome.Failed.class);
  }

  @Test
  void no_profile_in_common_is_no_handshake() throws Exception {
    handshake(
        terms(THEIRS, SrtpProfile.AEAD_AES_128_GCM),
        terms(OURS, SrtpProfile.AES_CM_128_HMAC_SHA1_80),
        server::take,
        client::take);
    assertThat(server.outcome()).isInstanceOf(DtlsOutcome.Failed.class);
  }

  @Test
  void an_unproven_source_gets_a_cookie_first_and_a_short_one() throws Exception {
    DtlsGreeter greeter = new DtlsGreeter(OURS);
    InetSocketAddress from = new InetSocketAddress("127.0.0.1", 4711);
    AtomicReference<@Nullable DTLSRequest> greeting = new AtomicReference<>();
    AtomicInteger cookies = new AtomicInteger();
    DtlsTerms terms = terms(THEIRS, SrtpProfile.AES_CM_128_HMAC_SHA1_80);
    List<byte[]> waiting = new ArrayList<>();
    client.start(
        DtlsRole.ACTIVE,
        THEIRS,
        terms(OURS, SrtpProfile.AES_CM_128_HMAC_SHA1_80),
        null,
        datagram -> {
          if (greeting.get() != null) {
            server.take(datagram);
            return;
          }
          DTLSRequest proven =
              greeter.greet(
                  datagram,
                  from,
                  answer -> {
                    cookies.incrementAndGet();
                    assertThat(answer.length).isLessThan(datagram.length);
                    waiting.add(answer);
                  });
          waiting.forEach(client::take);
          waiting.clear();
          if (proven != null) {
            greeting.set(proven);
            server.start(DtlsRole.PASSIVE, OURS, terms, proven, client::take);
          }
        });
    assertThat(keyed(client).sending()).isEqualTo(keyed(server).receiving());
    assertThat(cookies.get()).isPositive();
  }

  @Test
  void fingerprints_are_read_and_weak_ones_refused() {
    DtlsFingerprint own = OURS.fingerprint();
    assertThat(DtlsFingerprint.parse(own.value())).contains(own);
    assertThat(DtlsFingerprint.parse(own.value().toLowerCase(Locale.ROOT))).contains(own);
    assertThat(DtlsFingerprint.parse("sha-1 " + "AA:".repeat(19) + "AA")).isEmpty();
    assertThat(DtlsFingerprint.parse("sha-256 AA:BB")).isEmpty();
    assertThat(DtlsFingerprint.parse("sha-256")).isEmpty();
  }

  private void handshake(
      DtlsTerms ofServer,
      DtlsTerms ofClient,
      Consumer<byte[]> toServer,
      Consumer<byte[]> toClient) {
    server.start(DtlsRole.PASSIVE, OURS, ofServer, null, toClient);
    client.start(DtlsRole.ACTIVE, THEIRS, ofClient, null, toServer);
  }

  private static DtlsTerms terms(DtlsIdentity peer, SrtpProfile profile) {
    return new DtlsTerms(
        List.of(peer.fingerprint()), List.of(profile), RESEND_MILLIS, TIMEOUT_MILLIS, 1200);
  }

  /** Loses a fifth, doubles a tenth, and sends a spoiled copy ahead of another tenth. */
  private static Consumer<byte[]> bad(Random random, Consumer<byte[]> wire) {
    return datagram -> {
      int fate;
      byte[] spoiled = datagram.clone();
      synchronized (random) {
        fate = random.nextInt(10);
        spoiled[1 + random.nextInt(4)] ^= 0x55; // version or epoch: a record of nobody's
      }
      if (fate < 2) {
        return;
      }
      if (fate == 2) {
        wire.accept(datagram);
      }
      wire.accept(datagram);
      if (fate == 3) {
        wire.accept(spoiled);
        wire.accept(new byte[] {22});
      }
    };
  }

  private static DtlsOutcome.Keyed keyed(Peer peer) throws Exception {
    DtlsOutcome outcome = peer.outcome();
    assertThat(outcome).isInstanceOf(DtlsOutcome.Keyed.class);
    return (DtlsOutcome.Keyed) outcome;
  }

  /** One end: what comes before it is started waits for it. */
  private static final class Peer implements AutoCloseable {
    private final CompletableFuture<DtlsOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<DtlsAssociation> association = new CompletableFuture<>();

    void start(
        DtlsRole role,
        DtlsIdentity identity,
        DtlsTerms terms,
        @Nullable DTLSRequest greeting,
        Consumer<byte[]> wire) {
      association.complete(
          DtlsAssociation.start(role, identity, terms, greeting, wire, outcome::complete));
    }

    void take(byte[] datagram) {
      var unused = association.thenAccept(started -> started.take(datagram));
    }

    DtlsOutcome outcome() throws Exception {
      return outcome.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
      var unused = association.thenAccept(DtlsAssociation::close);
    }
  }
}
