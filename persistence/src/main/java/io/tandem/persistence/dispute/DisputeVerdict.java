package io.tandem.persistence.dispute;

/** What came of a dispute (DSP-4). */
public enum DisputeVerdict {
  /** All of the charge is given back. */
  APPROVED,
  /** A part of it. */
  PARTLY_APPROVED,
  /** Nothing. */
  REJECTED
}
