package io.tandem.persistence.dispute;

/**
 * Why somebody wants a charge back: reasons that can win (DSP-2), and those that cannot (DSP-3).
 */
public enum DisputeReason {
  /** The caller is in a state that the agent has no licence for. */
  UNLICENSED_STATE(true, "the caller is in a state the agent has no licence for"),
  /** The caller wanted something else than what the campaign is for. */
  WRONG_VERTICAL(true, "the caller wanted another vertical"),
  /** The call was materially unusable: one-way audio, a broken line. */
  TECHNICAL_FAILURE(true, "a material technical failure"),
  /** The caller only wanted to be put on the do-not-call list. */
  DO_NOT_CALL(true, "the caller only wanted to be put on the do-not-call list"),
  /** Clear fraud. */
  FRAUD(true, "clear fraud"),
  /** Nothing was sold. */
  NO_SALE(false, "a qualified call is charged whether or not it ends in a sale"),
  /** The caller compared offers. */
  CALLER_SHOPPING(false, "a caller who compares offers is a genuine caller"),
  /** The agent was not there. */
  AGENT_UNAVAILABLE(false, "who is online is offered calls: go offline when not available"),
  /** The agent's side ended the call before the timer. */
  AGENT_HUNG_UP(false, "a call that ends before its timer is not charged at all");

  private final boolean canWin;
  private final String explanation;

  DisputeReason(boolean canWin, String explanation) {
    this.canWin = canWin;
    this.explanation = explanation;
  }

  /** Whether it is a reason of DSP-2. */
  public boolean canWin() {
    return canWin;
  }

  /** What it means or, of one that cannot win, why (DSP-3). */
  public String explanation() {
    return explanation;
  }
}
