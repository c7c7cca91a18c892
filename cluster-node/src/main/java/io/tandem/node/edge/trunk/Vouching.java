package io.tandem.node.edge.trunk;

import io.tandem.protocol.sip.identity.Attestation;
import io.tandem.protocol.sip.identity.CertificateCache;
import io.tandem.protocol.sip.identity.IdentitySigner;
import io.tandem.protocol.sip.identity.IdentityVerifier;
import io.tandem.protocol.sip.identity.Passport;
import io.tandem.protocol.sip.identity.Verification;
import java.io.IOException;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Vouches for callers of calls out and asks who vouches for those of calls in (TEL-12). A call is
 * never refused for what is found: the result is shown to the agent's phone and counted.
 */
public final class Vouching {
  private static final Logger LOG = LoggerFactory.getLogger(Vouching.class);
  private static final int CERTIFICATES_MAX = 1_000;

  /** A caller waits for the certificate of its network no longer than that. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Signs nothing and believes nobody. */
  public static final Vouching NONE =
      new Vouching(
          null,
          null,
          address -> {
            throw new IOException("nothing is fetched");
          },
          Runnable::run,
          InstantSource.system());

  /** Gets what is at an address. */
  @FunctionalInterface
  public interface Fetch {
    /**
     * The octets there.
     *
     * @throws IOException when it is away, too long, or not to be asked
     */
    byte[] get(URI address) throws IOException;
  }

  private final @Nullable IdentitySigner signer;
  private final @Nullable IdentityVerifier verifier;
  private final Fetch fetch;
  private final Executor blocking;
  private final InstantSource wall;
  private final Duration patience;
  private final Map<URI, CompletableFuture<List<X509Certificate>>> underWay =
      new ConcurrentHashMap<>();
  private final CertificateCache cache = new CertificateCache(CERTIFICATES_MAX);

  /**
   * @param signer null where calls out are not signed
   * @param verifier null where calls in are not judged
   * @param blocking where certificates may be waited for
   */
  public Vouching(
      @Nullable IdentitySigner signer,
      @Nullable IdentityVerifier verifier,
      Fetch fetch,
      Executor blocking,
      InstantSource wall) {
    this(signer, verifier, fetch, blocking, wall, PATIENCE);
  }

  /** As the other, with another patience. */
  Vouching(
      @Nullable IdentitySigner signer,
      @Nullable IdentityVerifier verifier,
      Fetch fetch,
      Executor blocking,
      InstantSource wall,
      Duration patience) {
    this.patience = patience;
    this.signer = signer;
    this.verifier = verifier;
    this.fetch = fetch;
    this.blocking = blocking;
    this.wall = wall;
  }

  /**
   * The Identity header of a call out, where calls are signed.
   *
   * @param own whether the caller's number is one of ours: A; else the call came in from elsewhere
   *     and goes out again: C
   */
  Optional<String> identity(String from, String to, boolean own) {
    IdentitySigner with = signer;
    return with == null || from.isEmpty()
        ? Optional.empty()
        : Optional.of(
            with.identity(
                new Passport(
                    own ? Attestation.A : Attestation.C,
                    from,
                    List.of(to),
                    wall.instant(),
                    UUID.randomUUID().toString())));
  }

  /**
   * Judges a caller's number.
   *
   * @param identity the header; null without one
   * @param loop where the result is told
   */
  public void judge(
      @Nullable String identity,
      String from,
      String to,
      Executor loop,
      Consumer<Verification> then) {
    IdentityVerifier with = verifier;
    if (with == null || identity == null) {
      then.accept(new Verification.Unsigned());
      return;
    }
    Instant now = wall.instant();
    URI where = IdentityVerifier.certificate(identity).orElse(null);
    Optional<List<X509Certificate>> known =
        where == null ? Optional.of(List.of()) : cache.of(where, now);
    if (where == null || known.isPresent()) {
      List<X509Certificate> chain = known.orElse(List.of());
      then.accept(with.verify(identity, chain, from, to, now));
      return;
    }
    var unused =
        fetching(where, now)
            .exceptionally(late -> cache.keep(where, new byte[0], now))
            .thenAcceptAsync(
                chain -> then.accept(with.verify(identity, chain, from, to, now)), loop);
  }

  /** Once at a time, however many calls name it; ends in time, whatever the place does. */
  private CompletableFuture<List<X509Certificate>> fetching(URI where, Instant now) {
    CompletableFuture<List<X509Certificate>> begun = new CompletableFuture<>();
    CompletableFuture<List<X509Certificate>> other = underWay.putIfAbsent(where, begun);
    if (other != null) {
      return other;
    }
    var unused =
        begun
            .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((chain, late) -> underWay.remove(where, begun));
    try {
      blocking.execute(() -> begun.complete(fetched(where, now)));
    } catch (RejectedExecutionException stopping) {
      begun.completeExceptionally(stopping);
    }
    return begun;
  }

  private List<X509Certificate> fetched(URI where, Instant now) {
    try {
      return cache.keep(where, fetch.get(where), now);
    } catch (IOException | RuntimeException away) {
      LOG.info("a certificate for caller ids is not to be had: {}", away.toString());
      return cache.keep(where, new byte[0], now);
    }
  }
}
