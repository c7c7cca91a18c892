package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;

/**
 * A checkpoint with its signature, as a signed note ({@link SignedNote}).
 *
 * @param note all of it
 */
public record SignedCheckpoint(Checkpoint checkpoint, String note) {

  static SignedCheckpoint sign(Checkpoint checkpoint, SigningKey key) {
    return new SignedCheckpoint(checkpoint, SignedNote.sign(checkpoint.text(), key));
  }

  /**
   * Reads a note and checks its signature.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static SignedCheckpoint read(String note, VerifyingKey key) {
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, key));
    if (!checkpoint.log().equals(key.name())) {
      throw new IllegalArgumentException("it is of another log, " + checkpoint.log());
    }
    return new SignedCheckpoint(checkpoint, note);
  }

  /** Its place among the others, from 1. */
  public long number() {
    return checkpoint.number();
  }

  /** What the next one names as its predecessor. */
  public Hash hash() {
    return Hash.of(SignedNote.bytes(note));
  }
}
