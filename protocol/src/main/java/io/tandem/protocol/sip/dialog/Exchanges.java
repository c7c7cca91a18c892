package io.tandem.protocol.sip.dialog;

import java.util.Optional;

/**
 * What is under way in one dialog: whose INVITE has no final response yet, and whose offer no
 * answer. One offer at a time, one INVITE at a time (RFC 3261 section 14, RFC 3311 section 5.2, RFC
 * 6337 section 2). Immutable.
 *
 * @param ourInvite an INVITE of ours has no final response
 * @param theirInvite an INVITE of theirs has none
 * @param ourOffer an offer of ours has no answer
 * @param theirOffer an offer of theirs has none
 */
public record Exchanges(
    boolean ourInvite, boolean theirInvite, boolean ourOffer, boolean theirOffer) {

  /** Nothing is under way. */
  public static final Exchanges NONE = new Exchanges(false, false, false, false);

  /**
   * The longest that a Retry-After of a 500 asks somebody to wait (RFC 3261 14.2, RFC 3311 5.2).
   */
  public static final int RETRY_AFTER_SECONDS_MAX = 10;

  /** Why a request of theirs cannot be taken now. */
  public enum Refusal {
    /** Ours crosses it: both wait and try again ({@link Glare}). */
    PENDING(491),
    /** Theirs of before is not answered yet: 500 with a Retry-After of 0 to 10 s. */
    TOO_SOON(500);

    private final int status;

    Refusal(int status) {
      this.status = status;
    }

    /** The response's status. */
    public int status() {
      return status;
    }
  }

  /** Whether an INVITE of theirs cannot be taken now (RFC 3261 14.2). */
  public Optional<Refusal> onInvite() {
    if (theirInvite) {
      return Optional.of(Refusal.TOO_SOON);
    }
    if (ourInvite || ourOffer) {
      return Optional.of(Refusal.PENDING);
    }
    return theirOffer ? Optional.of(Refusal.TOO_SOON) : Optional.empty();
  }

  /**
   * Whether an UPDATE of theirs cannot be taken now (RFC 3311 5.2); without an offer it always can.
   */
  public Optional<Refusal> onUpdate(boolean offers) {
    if (!offers) {
      return Optional.empty();
    }
    if (ourOffer) {
      return Optional.of(Refusal.PENDING);
    }
    return theirOffer ? Optional.of(Refusal.TOO_SOON) : Optional.empty();
  }

  /** Whether we may send an INVITE now (RFC 3261 14.1). */
  public boolean mayInvite() {
    return equals(NONE);
  }

  /** Whether we may send an offer in an UPDATE now (RFC 3311 5.1). */
  public boolean mayOffer() {
    return !ourOffer && !theirOffer;
  }

  /** They sent an INVITE; without an offer, ours is due in its 2xx. */
  public Exchanges theyInvite(boolean offers) {
    return new Exchanges(ourInvite, true, ourOffer || !offers, theirOffer || offers);
  }

  /** We sent an INVITE; without an offer, theirs is due in its 2xx. */
  public Exchanges weInvite(boolean offers) {
    return new Exchanges(true, theirInvite, ourOffer || offers, theirOffer || !offers);
  }

  /** They sent an offer in an UPDATE. */
  public Exchanges theyOffer() {
    return new Exchanges(ourInvite, theirInvite, ourOffer, true);
  }

  /** We sent an offer in an UPDATE. */
  public Exchanges weOffer() {
    return new Exchanges(ourInvite, theirInvite, true, theirOffer);
  }
}
