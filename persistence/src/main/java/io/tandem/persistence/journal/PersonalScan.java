package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORParser;
import io.tandem.persistence.journal.JournalException.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the sealed values in stored bytes, by their tag or as a {@link SealedWord}, without keys
 * and without knowing any type: whose they are and under which key.
 */
public final class PersonalScan {

  private static final CBORFactory CBOR = new CBORFactory();

  /** A tag whose number is in the four bytes that follow (RFC 8949, 3). */
  private static final int TAG_OF_FOUR = 0xDA;

  private static final int TAG_BYTES = 4;

  private PersonalScan() {}

  /** A sealed value that was found. */
  public record Found(KeyId key, String subject, DataClass dataClass) {}

  /**
   * The sealed values of an event, in their order; most events have none, which is seen without
   * parsing them.
   *
   * @throws JournalException UNREADABLE
   */
  public static List<Found> of(Envelope envelope) {
    Envelope.Slice bytes = envelope.slice();
    return mayHold(bytes) ? of(bytes.copy()) : List.of();
  }

  /** Whether the tag stands there, or what a sealed word begins with. */
  private static boolean mayHold(Envelope.Slice bytes) {
    byte[] in = bytes.within();
    int end = bytes.from() + bytes.length() - 1;
    for (int i = bytes.from(); i < end; i++) {
      boolean word = in[i] == '+' && in[i + 1] == '~';
      boolean tag = in[i] == (byte) TAG_OF_FOUR && i + TAG_BYTES <= end;
      if (word || (tag && ByteBuffer.wrap(in).getInt(i + 1) == PersonalForm.TAG)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The sealed values of a payload, in their order.
   *
   * @throws JournalException UNREADABLE
   */
  public static List<Found> of(byte[] payload) {
    List<Found> all = new ArrayList<>(2);
    try (CBORParser in = CBOR.createParser(payload)) {
      while (in.nextToken() != null) {
        if (in.currentToken() == JsonToken.VALUE_STRING && SealedWord.is(in.getText())) {
          SealedWord.found(in.getText()).ifPresent(all::add);
        } else if (in.currentToken() == JsonToken.START_ARRAY
            && in.getCurrentTag() == PersonalForm.TAG
            && in.nextIntValue(-1) == PersonalForm.SEALED) {
          String subject = String.valueOf(in.nextTextValue());
          DataClass dataClass = DataClass.of(in.nextIntValue(-1));
          in.nextToken();
          all.add(new Found(PersonalForm.readKey(in), subject, dataClass));
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new JournalException(Fault.UNREADABLE, "a payload that is no CBOR", e);
    }
    return all;
  }
}
