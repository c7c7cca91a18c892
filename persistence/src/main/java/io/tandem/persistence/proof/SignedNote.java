package io.tandem.persistence.proof;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A text with a signature as a signed note (c2sp.org/signed-note): the text, an empty line, and
 * {@code — name base64}, where the base64 holds the key's hash and the Ed25519 signature over the
 * text. The text has no empty line and ends with a line's end.
 */
public final class SignedNote {

  private static final String DASH = "\u2014 ";

  private SignedNote() {}

  /** The note of a text. */
  public static String sign(String text, SigningKey key) {
    byte[] signature = key.sign(bytes(text));
    byte[] id = key.verifying().id();
    byte[] both = Arrays.copyOf(id, id.length + signature.length);
    System.arraycopy(signature, 0, both, id.length, signature.length);
    return text
        + "\n"
        + DASH
        + key.verifying().name()
        + " "
        + Base64.getEncoder().encodeToString(both)
        + "\n";
  }

  /**
   * The text of a note whose signature holds.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static String open(String note, VerifyingKey key) {
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
    return text;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
