package io.tandem.persistence.dispute;

/** On what a dispute was decided (DSP-4): what was found, which need not be what was filed. */
public enum DisputeGround {
  UNLICENSED_STATE(true),
  WRONG_VERTICAL(true),
  TECHNICAL_FAILURE(true),
  DO_NOT_CALL(true),
  FRAUD(true),
  /** Nothing shows what was filed. */
  NOT_PROVEN(false),
  /** What is known of the call shows the opposite. */
  CONTRADICTED(false),
  /** It comes to a reason that cannot win (DSP-3). */
  REASON_CANNOT_WIN(false);

  private final boolean forFiler;

  DisputeGround(boolean forFiler) {
    this.forFiler = forFiler;
  }

  /** Whether it is a ground to give money back; the others are grounds to keep it. */
  public boolean forFiler() {
    return forFiler;
  }

  /** Whether the call is no longer held for or against its agent (DSP-6). */
  public boolean technical() {
    return this == TECHNICAL_FAILURE;
  }
}
