package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.cbor.RecordReading;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records to bytes and back: plain Jackson CBOR under stable names, needing no actor system.
 *
 * <p>Two forms. {@link #sealed} is for what is stored (events, snapshots): personal values are
 * encrypted. {@link #clear} is for what travels between nodes (commands, replies): they are not.
 * Neither reads the other's. Reading is strict: a property that is missing or unknown is an error
 * unless an {@link Upcaster} handles that version. Thread-safe; make one and keep it.
 */
public final class EventCodec {

  private final TypeNames names;
  private final PersonalForm form;
  private final Map<WireName, Upcaster> upcasters = new HashMap<>();
  private final ObjectMapper mapper;
  private final ObjectMapper masked;
  private final Map<Class<?>, ObjectWriter> writers = new ConcurrentHashMap<>();
  private final Map<Class<?>, ObjectReader> readers = new ConcurrentHashMap<>();
  private final Map<Class<?>, Optional<? extends RecordReading<?>>> straight =
      new ConcurrentHashMap<>();
  private final @Nullable StraightForms straightForms;

  private EventCodec(TypeNames names, Collection<? extends Upcaster> steps, PersonalForm form) {
    this(names, steps, form, new StraightForms(form));
  }

  private EventCodec(
      TypeNames names,
      Collection<? extends Upcaster> steps,
      PersonalForm form,
      @Nullable StraightForms straightForms) {
    this.names = names;
    this.form = form;
    this.straightForms = straightForms;
    this.mapper = WireMapper.cbor(form);
    this.masked = WireMapper.json();
    for (Upcaster step : steps) {
      if (names.classOf(step.from()).isPresent() || upcasters.put(step.from(), step) != null) {
        throw new IllegalArgumentException(step.from() + " is read in two ways");
      }
    }
  }

  /** The codec for stored bytes: personal values are sealed. */
  public static EventCodec sealed(
      TypeNames names, Collection<? extends Upcaster> upcasters, PersonalSealer sealer) {
    return new EventCodec(names, upcasters, new PersonalForm.Sealing(sealer));
  }

  /**
   * The codec for readers of stored bytes that want nothing of persons: nothing is decrypted, and
   * every personal value reads as erased. It writes none.
   */
  public EventCodec closed() {
    return new EventCodec(names, List.copyOf(upcasters.values()), new PersonalForm.Closed());
  }

  /** The same where everything goes through Jackson, to compare with. */
  EventCodec withoutShortcut() {
    return new EventCodec(names, List.copyOf(upcasters.values()), form, null);
  }

  /** Whether these bytes are read without Jackson. */
  boolean readsStraight(WireName name, byte[] bytes) {
    return names.classOf(name).filter(type -> straight(type, bytes) != null).isPresent();
  }

  /** The codec for messages between nodes: personal values travel as they are. */
  public static EventCodec clear(TypeNames names, Collection<? extends Upcaster> upcasters) {
    return new EventCodec(names, upcasters, new PersonalForm.Open());
  }

  /** The closed list this codec writes and reads. */
  public TypeNames names() {
    return names;
  }

  /** The name a record is written under. */
  public WireName nameOf(Record value) {
    return names.nameOf(value.getClass());
  }

  /**
   * The bytes of a registered record, to be stored with {@link #nameOf}.
   *
   * @throws JournalException UNWRITABLE, UNAVAILABLE
   */
  public byte[] encode(Record value) {
    Class<?> type = value.getClass();
    ObjectWriter writer = writers.get(type);
    if (writer == null) {
      WireName unused = names.nameOf(type);
      writer = mapper.writerFor(type);
      writers.put(type, writer);
    }
    try {
      return writer.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw faultOf(e, Fault.UNWRITABLE, type.getName());
    }
  }

  /**
   * The record of stored or received bytes; an older version is lifted to the present one first.
   *
   * @throws JournalException UNKNOWN_TYPE, UNREADABLE, UNKNOWN_KEY, UNAVAILABLE
   */
  public Record decode(WireName name, byte[] bytes) {
    Class<? extends Record> type = names.classOf(name).orElse(null);
    if (type == null) {
      return decodeOlder(name, bytes);
    }
    Record known = straight(type, bytes);
    if (known != null) {
      return known;
    }
    try {
      return type.cast(readerOf(type).readValue(bytes));
    } catch (IOException e) {
      throw faultOf(e, Fault.UNREADABLE, name.toString());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new JournalException(Fault.UNREADABLE, name + ": " + e.getMessage(), e);
    }
  }

  /**
   * As {@link #decode(WireName, byte[])}, for a caller that knows what family it reads.
   *
   * @throws JournalException also UNREADABLE where it is of another family
   */
  public <T> T decode(WireName name, byte[] bytes, Class<T> family) {
    Record value = decode(name, bytes);
    if (!family.isInstance(value)) {
      throw new JournalException(
          Fault.UNREADABLE, name + " is not a " + family.getSimpleName() + " as expected here");
    }
    return family.cast(value);
  }

  /** A record as readable JSON with personal values masked, for people and logs. */
  public String toJson(Object value) {
    try {
      return masked.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw faultOf(e, Fault.UNWRITABLE, value.getClass().getName());
    }
  }

  /** The stored tree as readable JSON without opening it: ciphertext shows as base64. */
  public String storedToJson(byte[] bytes) {
    try {
      return masked.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(bytes));
    } catch (IOException e) {
      throw faultOf(e, Fault.UNREADABLE, "stored bytes");
    }
  }

  /** The stored tree as maps and lists, for tools that look at shapes. */
  public Map<String, Object> storedTree(byte[] bytes) {
    try {
      return mapper.readValue(bytes, new TypeReference<>() {});
    } catch (IOException e) {
      throw faultOf(e, Fault.UNREADABLE, "stored bytes");
    }
  }

  /**
   * Read without Jackson, in a fifth of its time, where the bytes are as this build writes them;
   * else null, and Jackson is to say what they are.
   */
  private @Nullable Record straight(Class<? extends Record> type, byte[] bytes) {
    if (straightForms == null) {
      return null;
    }
    Optional<? extends RecordReading<?>> reading = straight.get(type);
    if (reading == null) {
      reading = RecordReading.of(type, straightForms);
      straight.put(type, reading);
    }
    if (reading.isEmpty()) {
      return null;
    }
    try {
      return reading.get().read(bytes);
    } catch (JournalException e) {
      if (e.fault() != Fault.UNREADABLE) {
        throw e;
      }
      return null;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private Record decodeOlder(WireName name, byte[] bytes) {
    Upcaster step = upcasters.get(name);
    if (step == null) {
      throw new JournalException(Fault.UNKNOWN_TYPE, "this build does not know " + name);
    }
    try {
      JsonNode read = mapper.readTree(bytes);
      if (!(read instanceof ObjectNode tree)) {
        throw new JournalException(Fault.UNREADABLE, name + " is not a map");
      }
      WireName at = name;
      Class<? extends Record> type = null;
      while (type == null) {
        step = upcasters.get(at);
        if (step == null) {
          throw new JournalException(Fault.UNKNOWN_TYPE, "no way from " + name + " past " + at);
        }
        tree = step.upcast(tree);
        at = step.to();
        type = names.classOf(at).orElse(null);
      }
      // through bytes once more, so that sealed values are met in their stored form
      return type.cast(readerOf(type).readValue(mapper.writeValueAsBytes(tree)));
    } catch (IOException e) {
      throw faultOf(e, Fault.UNREADABLE, name.toString());
    }
  }

  private ObjectReader readerOf(Class<?> type) {
    ObjectReader reader = readers.get(type);
    if (reader == null) {
      reader = mapper.readerFor(type);
      readers.put(type, reader);
    }
    return reader;
  }

  /**
   * Keeps a fault raised inside Jackson; its own messages may quote values, so only paths are kept.
   */
  private static JournalException faultOf(IOException failure, Fault otherwise, String what) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof JournalException own) {
        return own;
      }
    }
    return new JournalException(otherwise, what + ": " + WireMapper.describe(failure), failure);
  }
}
