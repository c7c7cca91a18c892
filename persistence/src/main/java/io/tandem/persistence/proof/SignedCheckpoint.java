package io.tandem.persistence.proof;

import io.tandem.persistence.journal.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A checkpoint with its signature, as a signed note (c2sp.org/signed-note): the text, an empty
 * line, and {@code — name base64}, where the base64 holds the key's hash and the Ed25519 signature
 * over the text.
 *
 * @param note all of it
 */
public record SignedCheckpoint(Checkpoint checkpoint, String note) {

  private static final String DASH = "\u2014 ";

  static SignedCheckpoint sign(Checkpoint checkpoint, SigningKey key) {
    String text = checkpoint.text();
    byte[] signature = key.sign(bytes(text));
    byte[] id = key.verifying().id();
    byte[] both = Arrays.copyOf(id, id.length + signature.length);
    System.arraycopy(signature, 0, both, id.length, signature.length);
    return new SignedCheckpoint(
        checkpoint,
        text
            + "\n"
            + DASH
            + key.verifying().name()
            + " "
            + Base64.getEncoder().encodeToString(both)
            + "\n");
  }

  /**
   * Reads a note and checks its signature.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static SignedCheckpoint read(String note, VerifyingKey key) {
    int end = note.indexOf("\n\n");
    if (end < 0) {
      throw new IllegalArgumentException("it is no signed note");
    }
    String text = note.substring(0, end + 1);
    String line = note.substring(end + 2);
    String start = DASH + key.name() + " ";
    if (!line.startsWith(start) || !line.endsWith("\n")) {
      throw new IllegalArgumentException("it is not signed by " + key.name());
    }
    String base64 = line.substring(start.length(), line.length() - 1);
    byte[] both = Base64.getDecoder().decode(base64);
    int idBytes = key.id().length;
    if (both.length <= idBytes
        || !Base64.getEncoder().encodeToString(both).equals(base64)
        || !Arrays.equals(Arrays.copyOf(both, idBytes), key.id())) {
      throw new IllegalArgumentException("it is signed with another key");
    }
    if (!key.verifies(bytes(text), Arrays.copyOfRange(both, idBytes, both.length))) {
      throw new IllegalArgumentException("its signature does not hold");
    }
    Checkpoint checkpoint = Checkpoint.parse(text);
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
    return Hash.of(bytes(note));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
