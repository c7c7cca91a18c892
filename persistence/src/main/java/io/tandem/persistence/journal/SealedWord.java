package io.tandem.persistence.journal;

import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.PersonalSealer.Sealed;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * A value about a person in one word of text, for components that were made for a word: the number
 * of an agent behind a trunk, in the place of the user name of a phone. It stays sealed between
 * nodes too, and is opened where it is used. {@link PersonalScan} finds it, so that an erasure
 * misses none.
 *
 * <p>The form is {@code +~} and, in base64url, the class (1 byte), the key (16), the length of the
 * subject (1), the subject in UTF-8, and the ciphertext.
 */
public final class SealedWord {

  /** No user name begins like this, and no number. */
  private static final String MARK = "+~";

  private static final int SUBJECT_BYTES_MAX = 255;
  private static final int FIXED_BYTES = 1 + 2 * Long.BYTES + 1;

  private SealedWord() {}

  private record Parts(String subject, DataClass dataClass, Sealed sealed) {}

  /** Whether a text is one. */
  public static boolean is(String text) {
    return text.startsWith(MARK);
  }

  /**
   * Seals a text; twice the same does not come out the same.
   *
   * @throws JournalException UNAVAILABLE where there is no key for it
   */
  public static String seal(
      PersonalSealer sealer, String subject, DataClass dataClass, String clear) {
    byte[] whom = subject.getBytes(StandardCharsets.UTF_8);
    if (whom.length > SUBJECT_BYTES_MAX) {
      throw new IllegalArgumentException("a subject of " + whom.length + " bytes");
    }
    Sealed sealed =
        sealer
            .seal(subject, dataClass, null, clear.getBytes(StandardCharsets.UTF_8))
            .orElseThrow(() -> new JournalException(Fault.UNWRITABLE, "no key for a new value"));
    byte[] all =
        ByteBuffer.allocate(FIXED_BYTES + whom.length + sealed.bytes().length)
            .put((byte) dataClass.code())
            .putLong(sealed.key().high())
            .putLong(sealed.key().low())
            .put((byte) whom.length)
            .put(whom)
            .put(sealed.bytes())
            .array();
    return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * Opens one; empty where its key was destroyed. May wait for the key store.
   *
   * @throws JournalException UNREADABLE where it is none or was changed; UNKNOWN_KEY, UNAVAILABLE
   */
  public static Optional<String> open(PersonalSealer sealer, String word) {
    Parts parts = parts(word);
    return sealer
        .open(parts.subject(), parts.dataClass(), parts.sealed())
        .map(clear -> new String(clear, StandardCharsets.UTF_8));
  }

  /** Whose it is; empty where somebody's words only begin like one. */
  static Optional<PersonalScan.Found> found(String word) {
    try {
      Parts parts = parts(word);
      return Optional.of(
          new PersonalScan.Found(parts.sealed().key(), parts.subject(), parts.dataClass()));
    } catch (JournalException e) {
      return Optional.empty();
    }
  }

  private static Parts parts(String word) {
    try {
      if (!is(word)) {
        throw new IllegalArgumentException("it does not begin like one");
      }
      ByteBuffer in = ByteBuffer.wrap(Base64.getUrlDecoder().decode(word.substring(MARK.length())));
      DataClass dataClass = DataClass.of(in.get());
      KeyId key = new KeyId(in.getLong(), in.getLong());
      byte[] whom = new byte[Byte.toUnsignedInt(in.get())];
      in.get(whom);
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return new Parts(new String(whom, StandardCharsets.UTF_8), dataClass, new Sealed(key, bytes));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new JournalException(Fault.UNREADABLE, "no sealed word", e);
    }
  }
}
