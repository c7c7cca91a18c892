package io.tandem.protocol.sip.auth;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The client role for one user: takes challenges, gives answers, and reuses a nonce with a growing
 * count, so that only the first request needs two rounds. Not thread-safe.
 */
public final class DigestSession {

  private final String username;
  private final String password;
  private final Supplier<String> cnonces;
  private @Nullable DigestChallenge challenge;
  private long nonceCount;

  /**
   * @param cnonces makes an unguessable client nonce; a fixed one in tests
   */
  public DigestSession(String username, String password, Supplier<String> cnonces) {
    this.username = username;
    this.password = password;
    this.cnonces = cnonces;
  }

  /**
   * Takes the challenges of a 401 or 407 in the order of their headers; the first one spoken here
   * is used (RFC 8760 2.4).
   *
   * @param answered whether the refused request carried an answer of ours already
   * @return whether a new try makes sense: not when the password was refused
   */
  public boolean challenged(List<String> headerValues, boolean answered) {
    Optional<DigestChallenge> chosen =
        headerValues.stream().map(DigestChallenge::parse).flatMap(Optional::stream).findFirst();
    if (chosen.isEmpty()) {
      return false;
    }
    DigestChallenge fresh = chosen.get();
    boolean worthwhile = !answered || fresh.stale();
    challenge = fresh;
    nonceCount = 0;
    return worthwhile;
  }

  /** The Authorization value for the next request, or empty as long as nobody challenged. */
  public Optional<String> answer(String method, String uri) {
    DigestChallenge current = challenge;
    if (current == null) {
      return Optional.empty();
    }
    nonceCount++;
    return Optional.of(
        DigestAnswer.to(current, username, password, method, uri, cnonces.get(), nonceCount)
            .headerValue());
  }

  /** Masked: it holds a password. */
  @Override
  public String toString() {
    return "DigestSession[masked]";
  }
}
