package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.Personal.Clear;
import io.tandem.persistence.journal.Personal.Erased;
import io.tandem.persistence.journal.PersonalSealer.Sealed;
import io.tandem.persistence.journal.cbor.CborCursor;
import io.tandem.persistence.journal.cbor.CborPen;
import io.tandem.persistence.journal.cbor.RecordReading;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The forms a personal value takes in bytes. Every form is a tagged array that starts with its
 * code:
 *
 * <pre>
 * [0, subject, class, value]              clear, between nodes
 * [1, subject, class, key id, ciphertext] sealed, in stored bytes
 * [2, subject, class]                     erased, either way
 * </pre>
 */
abstract sealed class PersonalForm {

  /**
   * The CBOR tag, from the first-come range: a scan finds sealed values without knowing any type.
   */
  static final int TAG = 0x54504E; // "TPN"

  static final int CLEAR = 0;
  static final int SEALED = 1;
  static final int ERASED = 2;

  private static final int KEY_BYTES = 16;

  /** Tells the form which mapper writes the values inside. */
  void bind(ObjectMapper mapper) {}

  abstract void write(Clear<?> value, JsonGenerator out) throws IOException;

  void writeErased(Personal<?> value, JsonGenerator out) throws IOException {
    head(out, ERASED, value);
    out.writeEndArray();
  }

  abstract Personal<?> read(
      int code,
      String subject,
      DataClass dataClass,
      JsonParser in,
      JavaType type,
      DeserializationContext context)
      throws IOException;

  /** Writes a text straight to the bytes. */
  final void write(Personal<?> text, CborPen out) {
    switch (text) {
      case Clear<?> clear -> writeClear(clear, out);
      case Erased<?> erased -> writeErased(erased, out);
    }
  }

  /** Only of the forms that bytes have; where it is refused, Jackson is to say why. */
  void writeClear(Clear<?> text, CborPen out) {
    throw new UnsupportedOperationException("no form of bytes");
  }

  private static void writeErased(Personal<?> value, CborPen out) {
    head(out, ERASED, value);
    out.close();
  }

  /** Reads a value of that type straight from the bytes; null where only Jackson can. */
  RecordReading.@Nullable Reading straight(Type type) {
    return null;
  }

  /** What follows subject and class of a sealed value. */
  @FunctionalInterface
  interface Opening {
    Personal<?> of(String subject, DataClass dataClass, CborCursor in);
  }

  static Personal<?> tagged(CborCursor in, Opening opening) {
    require(in.tag() == TAG, "a personal value without its tag");
    int count = in.array();
    long code = in.number();
    require(code == SEALED || code == ERASED, "a clear personal value in stored bytes");
    require(
        count == CborCursor.UNCOUNTED || count == (code == SEALED ? 5 : 3),
        "a personal value of another length");
    String subject = in.text();
    DataClass dataClass = DataClass.of(Math.toIntExact(in.number()));
    Personal<?> value =
        code == ERASED ? new Erased<>(subject, dataClass) : opening.of(subject, dataClass, in);
    require(count != CborCursor.UNCOUNTED || in.closes(), "a personal value that goes on");
    return value;
  }

  private static void head(JsonGenerator out, int code, Personal<?> value) throws IOException {
    if (out instanceof CBORGenerator cbor) {
      cbor.writeTag(TAG);
    }
    out.writeStartArray();
    out.writeNumber(code);
    out.writeString(value.subject());
    out.writeNumber(value.dataClass().code());
  }

  private static void head(CborPen out, int code, Personal<?> value) {
    out.tag(TAG);
    out.openArray();
    out.number(code);
    out.text(value.subject());
    out.number(value.dataClass().code());
  }

  /** Between nodes. */
  static final class Open extends PersonalForm {
    @Override
    void write(Clear<?> value, JsonGenerator out) throws IOException {
      head(out, CLEAR, value);
      out.writePOJO(value.value().orElseThrow());
      out.writeEndArray();
    }

    @Override
    void writeClear(Clear<?> text, CborPen out) {
      head(out, CLEAR, text);
      out.text((String) text.value().orElseThrow());
      out.close();
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context)
        throws IOException {
      require(code == CLEAR, "a sealed value in a message");
      in.nextToken();
      Object value = context.readValue(in, type);
      return new Clear<>(subject, dataClass, value, null);
    }
  }

  /** In stored bytes. */
  static final class Sealing extends PersonalForm {
    private final PersonalSealer sealer;
    private @Nullable ObjectMapper mapper;

    Sealing(PersonalSealer sealer) {
      this.sealer = sealer;
    }

    @Override
    void bind(ObjectMapper mapper) {
      this.mapper = mapper;
    }

    @Override
    void write(Clear<?> value, JsonGenerator out) throws IOException {
      byte[] clear = mapper().writeValueAsBytes(value.value().orElseThrow());
      Optional<Sealed> sealed = sealer.seal(value.subject(), value.dataClass(), value.key(), clear);
      if (sealed.isEmpty()) {
        writeErased(value, out);
        return;
      }
      head(out, SEALED, value);
      out.writeBinary(bytesOf(sealed.get().key()));
      out.writeBinary(sealed.get().bytes());
      out.writeEndArray();
    }

    @Override
    void writeClear(Clear<?> text, CborPen out) {
      byte[] clear = CborPen.alone((String) text.value().orElseThrow());
      Optional<Sealed> sealed = sealer.seal(text.subject(), text.dataClass(), text.key(), clear);
      if (sealed.isEmpty()) {
        PersonalForm.writeErased(text, out);
        return;
      }
      head(out, SEALED, text);
      out.binary(bytesOf(sealed.get().key()));
      out.binary(sealed.get().bytes());
      out.close();
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context)
        throws IOException {
      require(code == SEALED, "a clear personal value in stored bytes");
      in.nextToken();
      KeyId key = readKey(in);
      in.nextToken();
      Optional<byte[]> clear =
          sealer.open(subject, dataClass, new Sealed(key, in.getBinaryValue()));
      if (clear.isEmpty()) {
        return new Erased<>(subject, dataClass);
      }
      Object value = mapper().readValue(clear.get(), type);
      return new Clear<>(subject, dataClass, value, key);
    }

    @Override
    RecordReading.Reading straight(Type type) {
      JavaType value = mapper().constructType(type);
      return in -> tagged(in, (subject, dataClass, rest) -> open(subject, dataClass, rest, value));
    }

    private Personal<?> open(String subject, DataClass dataClass, CborCursor in, JavaType type) {
      KeyId key = readKey(in.binary());
      Optional<byte[]> clear = sealer.open(subject, dataClass, new Sealed(key, in.binary()));
      if (clear.isEmpty()) {
        return new Erased<>(subject, dataClass);
      }
      try {
        Object value = mapper().readValue(clear.get(), type);
        return new Clear<>(subject, dataClass, value, key);
      } catch (IOException e) {
        throw new JournalException(
            Fault.UNREADABLE, "a personal value: " + WireMapper.describe(e), e);
      }
    }

    private ObjectMapper mapper() {
      if (mapper == null) {
        throw new IllegalStateException("bound when the mapper is made");
      }
      return mapper;
    }
  }

  /** Stored bytes for a reader who wants nothing of persons: what is sealed stays so. */
  static final class Closed extends PersonalForm {
    @Override
    void write(Clear<?> value, JsonGenerator out) {
      throw refused();
    }

    @Override
    void writeClear(Clear<?> text, CborPen out) {
      throw refused();
    }

    private static JournalException refused() {
      return new JournalException(Fault.UNWRITABLE, "a closed codec writes no personal value");
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context)
        throws IOException {
      require(code == SEALED, "a clear personal value in stored bytes");
      in.nextToken(); // the key
      in.nextToken(); // the ciphertext
      return new Erased<>(subject, dataClass);
    }

    @Override
    RecordReading.Reading straight(Type type) {
      return in ->
          tagged(
              in,
              (subject, dataClass, rest) -> {
                rest.skipBinary(); // the key
                rest.skipBinary(); // the ciphertext
                return new Erased<>(subject, dataClass);
              });
    }
  }

  /** For people; never read. */
  static final class Masked extends PersonalForm {
    @Override
    void write(Clear<?> value, JsonGenerator out) throws IOException {
      out.writeString(value.toString());
    }

    @Override
    void writeErased(Personal<?> value, JsonGenerator out) throws IOException {
      out.writeString(value.toString());
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context) {
      throw new JournalException(Fault.UNREADABLE, "masked values cannot be read");
    }
  }

  /** For {@link Likeness}, in memory alone: class, subject and, while its key lives, the value. */
  static final class Compared extends PersonalForm {
    @Override
    void write(Clear<?> value, JsonGenerator out) throws IOException {
      begin(value, out);
      out.writePOJO(value.value().orElseThrow());
      out.writeEndArray();
    }

    @Override
    void writeErased(Personal<?> value, JsonGenerator out) throws IOException {
      begin(value, out);
      out.writeEndArray();
    }

    private static void begin(Personal<?> value, JsonGenerator out) throws IOException {
      out.writeStartArray();
      out.writeString(Likeness.PERSONAL);
      out.writeString(value.dataClass() + "|" + value.subject());
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context) {
      throw new JournalException(Fault.UNREADABLE, "what is compared cannot be read");
    }
  }

  /** For the digest of a command: a personal value counts for nothing. */
  static final class Left extends PersonalForm {
    @Override
    void write(Clear<?> value, JsonGenerator out) throws IOException {
      out.writeNull();
    }

    @Override
    void writeErased(Personal<?> value, JsonGenerator out) throws IOException {
      out.writeNull();
    }

    @Override
    Personal<?> read(
        int code,
        String subject,
        DataClass dataClass,
        JsonParser in,
        JavaType type,
        DeserializationContext context) {
      throw new JournalException(Fault.UNREADABLE, "digests cannot be read");
    }
  }

  private static byte[] bytesOf(KeyId key) {
    return ByteBuffer.allocate(KEY_BYTES).putLong(key.high()).putLong(key.low()).array();
  }

  static KeyId readKey(JsonParser in) throws IOException {
    return readKey(in.getBinaryValue());
  }

  static KeyId readKey(byte[] bytes) {
    require(bytes.length == KEY_BYTES, "a key id of " + bytes.length + " bytes");
    ByteBuffer key = ByteBuffer.wrap(bytes);
    return new KeyId(key.getLong(), key.getLong());
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new JournalException(Fault.UNREADABLE, otherwise);
    }
  }

  @SuppressWarnings("rawtypes")
  static final class Writer extends StdSerializer<Personal> {
    private final transient PersonalForm form;

    Writer(PersonalForm form) {
      super(Personal.class);
      this.form = form;
    }

    @Override
    public void serialize(Personal value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      switch (value) {
        case Clear<?> clear -> form.write(clear, out);
        case Erased<?> erased -> form.writeErased(erased, out);
        default -> throw new IllegalStateException("Personal is sealed");
      }
    }
  }

  @SuppressWarnings("rawtypes")
  static final class Reader extends StdDeserializer<Personal> implements ContextualDeserializer {
    private final transient PersonalForm form;
    private final transient @Nullable JavaType type;

    Reader(PersonalForm form, @Nullable JavaType type) {
      super(Personal.class);
      this.form = form;
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      return new Reader(form, context.getContextualType().containedTypeOrUnknown(0));
    }

    @Override
    public Personal deserialize(JsonParser in, DeserializationContext context) throws IOException {
      require(in.currentToken() == JsonToken.START_ARRAY, "a personal value is an array");
      int code = in.nextIntValue(-1);
      String subject = in.nextTextValue();
      require(subject != null, "a personal value without a subject");
      DataClass dataClass = DataClass.of(in.nextIntValue(-1));
      if (type == null || subject == null) {
        throw new IllegalStateException("contextual");
      }
      Personal<?> value =
          code == ERASED
              ? new Erased<>(subject, dataClass)
              : form.read(code, subject, dataClass, in, type, context);
      require(in.nextToken() == JsonToken.END_ARRAY, "a personal value that goes on");
      return value;
    }
  }
}
