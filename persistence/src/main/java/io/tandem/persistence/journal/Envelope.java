package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.cbor.CborCursor;
import io.tandem.persistence.journal.cbor.CborPen;
import io.tandem.persistence.journal.cbor.Unlike;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One stored event: its header, its payload, and the very bytes that hold both.
 *
 * <p>The bytes are one CBOR array, in this order:
 *
 * <pre>
 * [1, entity type, entity id, sequence, event name, event version, command id, command digest,
 *  cause, actor, at (µs), clock id, previous hash (null for the first), next due (µs) or null, payload]
 * </pre>
 *
 * <p>{@link #hash()} is over these bytes as they were stored, so the next event vouches for every
 * bit of this one. Times before 1970-01-01 do not occur. Immutable; the arrays that it is made of
 * are not copied and must not be changed.
 */
public final class Envelope {

  private static final int FORM = 1;
  private static final int ELEMENTS = 15;

  /** About what a header takes. */
  private static final int HEADER_BYTES = 320;

  private static final CBORFactory CBOR = new CBORFactory();

  private final String entityType;
  private final String entityId;
  private final long sequence;
  private final WireName event;
  private final Hash previousHash;
  private final Slice payload;
  private final byte[] bytes;

  /** Made when it is asked for: who folds a journal wants but little of it. */
  private @Nullable EventHeader header;

  private @Nullable Hash hash;

  private Envelope(EventHeader header, Slice payload, byte[] bytes) {
    this(
        header.entityType(),
        header.entityId(),
        header.sequence(),
        header.event(),
        header.previousHash(),
        payload,
        bytes);
    this.header = header;
  }

  private Envelope(
      String entityType,
      String entityId,
      long sequence,
      WireName event,
      Hash previousHash,
      Slice payload,
      byte[] bytes) {
    this.entityType = entityType;
    this.entityId = entityId;
    this.sequence = sequence;
    this.event = event;
    this.previousHash = previousHash;
    this.payload = payload;
    this.bytes = bytes;
  }

  /** Bytes among others, which are not copied. */
  record Slice(byte[] within, int from, int length) {
    static Slice all(byte[] bytes) {
      return new Slice(bytes, 0, bytes.length);
    }

    byte[] copy() {
      return Arrays.copyOfRange(within, from, from + length);
    }
  }

  /** Puts a payload under a header: the envelope that is to be stored. */
  public static Envelope of(EventHeader header, byte[] payload) {
    try {
      return new Envelope(header, Slice.all(payload), straight(header, payload));
    } catch (Unlike e) {
      return byJackson(header, payload);
    }
  }

  /** The bytes as Jackson writes them, in a fraction of its time. */
  private static byte[] straight(EventHeader header, byte[] payload) {
    CborPen pen = new CborPen(payload.length + HEADER_BYTES);
    pen.array(ELEMENTS);
    pen.number(FORM);
    pen.text(header.entityType());
    pen.text(header.entityId());
    pen.number(header.sequence());
    pen.text(header.event().name());
    pen.number(header.event().version());
    pen.text(header.commandId());
    pen.binary(header.commandDigest().shared());
    pen.text(header.cause());
    pen.text(header.actor());
    pen.number(TimeForms.micros(header.at()));
    pen.text(header.clockId());
    if (header.previousHash().equals(Hash.NONE)) {
      pen.nothing();
    } else {
      pen.binary(header.previousHash().shared());
    }
    Instant nextDue = header.nextDue();
    if (nextDue == null) {
      pen.nothing();
    } else {
      pen.number(TimeForms.micros(nextDue));
    }
    pen.binary(payload);
    return pen.written();
  }

  /** The same by the general library, which knows all text. */
  static Envelope byJackson(EventHeader header, byte[] payload) {
    ByteArrayBuilder out = new ByteArrayBuilder(payload.length + HEADER_BYTES);
    try (CBORGenerator cbor = CBOR.createGenerator(out)) {
      cbor.writeStartArray(null, ELEMENTS);
      cbor.writeNumber(FORM);
      cbor.writeString(header.entityType());
      cbor.writeString(header.entityId());
      cbor.writeNumber(header.sequence());
      cbor.writeString(header.event().name());
      cbor.writeNumber(header.event().version());
      cbor.writeString(header.commandId());
      cbor.writeBinary(header.commandDigest().shared());
      cbor.writeString(header.cause());
      cbor.writeString(header.actor());
      cbor.writeNumber(TimeForms.micros(header.at()));
      cbor.writeString(header.clockId());
      if (header.previousHash().equals(Hash.NONE)) {
        cbor.writeNull();
      } else {
        cbor.writeBinary(header.previousHash().shared());
      }
      Instant nextDue = header.nextDue();
      if (nextDue == null) {
        cbor.writeNull();
      } else {
        cbor.writeNumber(TimeForms.micros(nextDue));
      }
      cbor.writeBinary(payload);
      cbor.writeEndArray();
    } catch (IOException e) {
      throw new JournalException(Fault.UNWRITABLE, "envelope", e);
    }
    return new Envelope(header, Slice.all(payload), out.toByteArray());
  }

  /**
   * Reads stored bytes.
   *
   * @throws JournalException UNREADABLE where they are not exactly one envelope
   */
  public static Envelope read(byte[] bytes) {
    try {
      return straight(bytes);
    } catch (RuntimeException e) {
      return readByJackson(bytes); // which reads it all the same, or says that it is none
    }
  }

  private static Envelope straight(byte[] bytes) {
    CborCursor in = new CborCursor(bytes);
    int count = in.array();
    require(count == CborCursor.UNCOUNTED || count == ELEMENTS);
    require(in.number() == FORM);
    String entityType = in.text();
    String entityId = in.text();
    long sequence = in.number();
    require(sequence > 0);
    WireName event = WireName.of(in.text(), Math.toIntExact(in.number()));
    boolean plain = in.passText(); // the command
    in.skipBinary(); // its digest
    plain &= in.passText(); // the cause
    plain &= in.passText(); // the actor
    plain &= TimeForms.isMicros(in.number());
    plain &= in.passText(); // the clock
    Hash previous = in.isNull() ? Hash.NONE : Hash.owning(in.binary());
    plain &= in.isNull() || TimeForms.isMicros(in.number());
    int length = in.binaryLength();
    Slice payload = new Slice(bytes, in.position(), length);
    in.skip(length);
    require((count == ELEMENTS || in.closes()) && in.isAtEnd());
    Envelope read = new Envelope(entityType, entityId, sequence, event, previous, payload, bytes);
    if (!plain) {
      read.header = headerOf(bytes); // which may refuse it
    }
    return read;
  }

  /** The header of bytes whose outline is right. */
  private static EventHeader headerOf(byte[] bytes) {
    CborCursor in = new CborCursor(bytes);
    int unused = in.array();
    require(in.number() == FORM);
    return new EventHeader(
        in.text(),
        in.text(),
        in.number(),
        WireName.of(in.text(), Math.toIntExact(in.number())),
        in.text(),
        CommandDigest.from(in.binary()),
        in.text(),
        in.text(),
        TimeForms.ofMicros(in.number()),
        in.text(),
        in.isNull() ? Hash.NONE : Hash.owning(in.binary()),
        in.isNull() ? null : TimeForms.ofMicros(in.number()));
  }

  private static Envelope readByJackson(byte[] bytes) {
    try (JsonParser in = CBOR.createParser(bytes)) {
      require(in.nextToken() == JsonToken.START_ARRAY);
      require(number(in) == FORM);
      String entityType = text(in);
      String entityId = text(in);
      long sequence = number(in);
      WireName event = new WireName(text(in), Math.toIntExact(number(in)));
      String commandId = text(in);
      CommandDigest digest = CommandDigest.from(binary(in));
      String cause = text(in);
      String actor = text(in);
      Instant at = TimeForms.ofMicros(number(in));
      String clockId = text(in);
      Hash previous =
          in.nextToken() == JsonToken.VALUE_NULL ? Hash.NONE : Hash.from(in.getBinaryValue());
      Instant nextDue =
          in.nextToken() == JsonToken.VALUE_NULL ? null : TimeForms.ofMicros(in.getLongValue());
      byte[] payload = binary(in);
      require(in.nextToken() == JsonToken.END_ARRAY && in.nextToken() == null);
      EventHeader header =
          new EventHeader(
              entityType,
              entityId,
              sequence,
              event,
              commandId,
              digest,
              cause,
              actor,
              at,
              clockId,
              previous,
              nextDue);
      return new Envelope(header, Slice.all(payload), bytes);
    } catch (IOException | IllegalArgumentException | ArithmeticException e) {
      throw new JournalException(Fault.UNREADABLE, "these bytes are no envelope", e);
    }
  }

  /** Who, when, why. */
  public EventHeader header() {
    EventHeader known = header;
    if (known == null) {
      known = headerOf(bytes);
      header = known;
    }
    return known;
  }

  /** Name and version of the payload. */
  public WireName event() {
    return event;
  }

  /** Hash of the entity's event before, {@link Hash#NONE} for the first. */
  public Hash previousHash() {
    return previousHash;
  }

  /**
   * A copy of the encoded event, to be read by {@link EventCodec#decode} under {@code
   * header().event()}.
   */
  public byte[] payload() {
    return payload.copy();
  }

  /** The encoded event where it lies. */
  Slice slice() {
    return payload;
  }

  /** What is stored. */
  public byte[] bytes() {
    return bytes;
  }

  /** SHA-256 of what is stored: the {@code previousHash} of the entity's next event. */
  public Hash hash() {
    Hash known = hash;
    if (known == null) {
      known = Hash.of(bytes);
      hash = known;
    }
    return known;
  }

  public String entityType() {
    return entityType;
  }

  public String entityId() {
    return entityId;
  }

  public long sequence() {
    return sequence;
  }

  /** The journal's name of the entity, {@code type|id}. */
  public String persistenceId() {
    return persistenceId(entityType, entityId);
  }

  /** Whether that is the journal's name of the entity. */
  public boolean isOf(String persistenceId) {
    return persistenceId.length() == entityType.length() + 1 + entityId.length()
        && persistenceId.charAt(entityType.length()) == '|'
        && persistenceId.startsWith(entityType)
        && persistenceId.endsWith(entityId);
  }

  /** The journal's name of an entity, {@code type|id}. */
  public static String persistenceId(String entityType, String entityId) {
    return entityType + '|' + entityId;
  }

  @Override
  public String toString() {
    return persistenceId() + '#' + sequence + ' ' + event;
  }

  private static String text(JsonParser in) throws IOException {
    String text = in.nextTextValue();
    require(text != null);
    return text == null ? "" : text;
  }

  private static long number(JsonParser in) throws IOException {
    require(in.nextToken() == JsonToken.VALUE_NUMBER_INT);
    return in.getLongValue();
  }

  private static byte[] binary(JsonParser in) throws IOException {
    require(in.nextToken() == JsonToken.VALUE_EMBEDDED_OBJECT);
    return in.getBinaryValue();
  }

  private static void require(boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException("not the form of an envelope");
    }
  }
}
