package io.tandem.protocol.sip.auth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server role: challenges, and judges answers against stored HA1 hashes (RFC 7616 3.4.6). The
 * caller reads the header, looks the user up in between, as slowly as it must, and answers 401 or
 * 407 with {@link #challenges}.
 *
 * <p>Not thread-safe: the replay guard belongs to one signalling loop. A nonce of another node with
 * the same secret is stale here (RFC 7616 3.3): the phone answers the next challenge by itself, one
 * round trip later, and what was heard there cannot be played again here.
 */
public final class DigestGate {

  private static final StoredHa1 NOBODY = StoredHa1.of("nobody", "nowhere", "no password");

  private final String realm;
  private final NonceMint mint;
  private final NonceUses uses;

  /**
   * @param rememberedNonces how many nonces in use the replay guard holds, about 150 bytes each
   */
  public DigestGate(String realm, NonceMint mint, int rememberedNonces) {
    this.realm = realm;
    this.mint = mint;
    this.uses = new NonceUses(rememberedNonces, mint.lifetimeMs());
  }

  /**
   * Header values for WWW-Authenticate or Proxy-Authenticate, in the order they must appear, all
   * with one nonce.
   */
  public List<String> challenges(DigestOffer offer, boolean stale, long nowMs) {
    return challenges(realm, offer, stale, nowMs);
  }

  /** The same in a realm of its own. */
  public List<String> challenges(String realm, DigestOffer offer, boolean stale, long nowMs) {
    String nonce = mint.mint(nowMs);
    List<String> values = new ArrayList<>(2);
    for (DigestAlgorithm algorithm : offer.algorithms()) {
      values.add(new DigestChallenge(realm, nonce, algorithm, true, stale, null).headerValue());
    }
    return values;
  }

  /**
   * Judges an answer. The same work is done for an unknown user as for a known one.
   *
   * @param method the request's method (for an ACK: INVITE)
   * @param stored the hashes of the user the answer names, null when there is no such user
   * @param offer what this endpoint is challenged with
   * @param nowMs wall clock
   */
  public DigestVerdict check(
      DigestAnswer answer,
      String method,
      @Nullable StoredHa1 stored,
      DigestOffer offer,
      long nowMs) {
    return check(realm, answer, method, stored, offer, nowMs);
  }

  /**
   * The same in a realm of its own.
   *
   * @param realm what was challenged with; the hashes are of it
   */
  public DigestVerdict check(
      String realm,
      DigestAnswer answer,
      String method,
      @Nullable StoredHa1 stored,
      DigestOffer offer,
      long nowMs) {
    if (!answer.realm().equals(realm)) {
      return DigestVerdict.WRONG_REALM;
    }
    // every challenge of ours says qop=auth: an answer without it is a downgrade
    if (!offer.algorithms().contains(answer.algorithm()) || answer.cnonce() == null) {
      return DigestVerdict.ALGORITHM_NOT_OFFERED;
    }
    NonceMint.Seen nonce = mint.seen(answer.nonce(), nowMs);
    if (nonce.worth() == NonceMint.Worth.FORGED) {
      return DigestVerdict.FORGED_NONCE;
    }
    String ha1 = stored == null ? null : stored.of(answer.algorithm());
    String compared = ha1 == null ? "" + NOBODY.of(answer.algorithm()) : ha1;
    boolean matches = answer.madeWith(compared, method);
    if (!matches || ha1 == null) {
      return DigestVerdict.WRONG_CREDENTIALS;
    }
    if (nonce.worth() != NonceMint.Worth.GOOD) {
      return DigestVerdict.STALE;
    }
    boolean fresh = uses.use(nonce.serial(), nonce.issuedAtMs(), answer.nonceCount(), nowMs);
    return fresh ? DigestVerdict.ACCEPTED : DigestVerdict.REPLAYED;
  }
}
