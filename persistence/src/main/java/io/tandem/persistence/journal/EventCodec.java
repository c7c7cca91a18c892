package io.tandem.persistence.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.journal.Envelope.Slice;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.cbor.RecordReading;
import io.tandem.persistence.journal.cbor.RecordWriting;
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
  private final Map<Class<?>, Optional<RecordWriting>> straightly = new ConcurrentHashMap<>();
  private final @Nullable StraightForms straightForms;
  private final Supersessions supersessions;

  private EventCodec(TypeNames names, Collection<? extends Upcaster> steps, PersonalForm form) {
    this(names, steps, form, new StraightForms(form), Supersessions.NONE);
  }

  private EventCodec(
      TypeNames names,
      Collection<? extends Upcaster> steps,
      PersonalForm form,
      @Nullable StraightForms straightForms,
      Supersessions supersessions) {
    this.supersessions = supersessions;
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
    PersonalForm shut = new PersonalForm.Closed();
    return new EventCodec(
        names, List.copyOf(upcasters.values()), shut, new StraightForms(shut), supersessions);
  }

  /** The same, reading in the place of some events what records beside the journal say. */
  public EventCodec consulting(Supersessions records) {
    return new EventCodec(names, List.copyOf(upcasters.values()), form, straightForms, records);
  }

  /** The same where everything goes through Jackson, to compare with. */
  EventCodec withoutShortcut() {
    return new EventCodec(names, List.copyOf(upcasters.values()), form, null, supersessions);
  }

  /** Whether these bytes are read without Jackson. */
  boolean readsStraight(WireName name, byte[] bytes) {
    return names.classOf(name).filter(type -> straight(type, Slice.all(bytes)) != null).isPresent();
  }

  /** Whether records of a class are written without Jackson. */
  boolean writesStraight(Class<? extends Record> type) {
    return writing(type).isPresent();
  }

  /** Whether this record is, too: what is the same to the byte may still be Jackson's. */
  boolean writesStraight(Record value) {
    return straight(value.getClass(), value) != null;
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
    Class<? extends Record> type = value.getClass();
    byte[] known = straight(type, value);
    if (known != null) {
      return known;
    }
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
    return decode(name, Slice.all(bytes));
  }

  private Record decode(WireName name, Slice bytes) {
    Class<? extends Record> type = names.classOf(name).orElse(null);
    if (type == null) {
      return decodeOlder(name, bytes.copy());
    }
    Record known = straight(type, bytes);
    if (known != null) {
      return known;
    }
    try {
      return type.cast(readerOf(type).readValue(bytes.within(), bytes.from(), bytes.length()));
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
    return decode(name, Slice.all(bytes), family);
  }

  private <T> T decode(WireName name, Slice bytes, Class<T> family) {
    Record value = decode(name, bytes);
    if (!family.isInstance(value)) {
      throw new JournalException(
          Fault.UNREADABLE, name + " is not a " + family.getSimpleName() + " as expected here");
    }
    @SuppressWarnings("unchecked") // it was just looked at
    T read = (T) value;
    return read;
  }

  /**
   * What a stored event says, or what a record beside the journal says in its place (AUD-5).
   *
   * @return empty where nothing is to be read: the entity is as it was before
   * @throws JournalException as {@link #decode(WireName, byte[], Class)} does
   */
  public <T> Optional<T> read(Envelope envelope, Class<T> family) {
    Supersession instead = supersessions.of(envelope);
    if (instead == null) {
      try {
        return Optional.of(decode(envelope.event(), envelope.slice(), family));
      } catch (JournalException e) {
        if (e.fault().retryHelps()) {
          throw e;
        }
        supersessions.lookAgain();
        instead = supersessions.of(envelope);
        if (instead == null) {
          throw e;
        }
      }
    }
    WireName reads = instead.reads();
    return reads == null ? Optional.empty() : Optional.of(decode(reads, instead.payload(), family));
  }

  /** The record beside the journal that an event is read by; null where it is read itself. */
  public @Nullable Supersession supersession(Envelope envelope) {
    return supersessions.of(envelope);
  }

  /** An event could be read and not be folded: what is new beside the journal is looked for. */
  public void lookAgain() {
    supersessions.lookAgain();
  }

  /**
   * Stored bytes with a change to them (JSON merge patch, RFC 7396); what the change does not name,
   * sealed values among it, stays as it is.
   *
   * @param stored a map; empty for one without anything
   * @throws JournalException UNREADABLE where either is none
   */
  public byte[] changed(byte[] stored, String mergePatch) {
    try {
      JsonNode before = stored.length == 0 ? mapper.createObjectNode() : mapper.readTree(stored);
      JsonNode change = masked.readTree(mergePatch);
      if (!(before instanceof ObjectNode target) || !(change instanceof ObjectNode patch)) {
        throw new JournalException(Fault.UNREADABLE, "what is stored, or the change, is no object");
      }
      merge(target, patch);
      return mapper.writeValueAsBytes(target);
    } catch (IOException e) {
      throw faultOf(e, Fault.UNREADABLE, "stored bytes or a change to them");
    }
  }

  private static void merge(ObjectNode target, ObjectNode patch) {
    patch
        .properties()
        .forEach(
            each -> {
              JsonNode now = target.get(each.getKey());
              if (each.getValue().isNull()) {
                target.remove(each.getKey());
              } else if (each.getValue() instanceof ObjectNode inner) {
                ObjectNode into = now instanceof ObjectNode o ? o : target.objectNode();
                merge(into, inner);
                target.set(each.getKey(), into);
              } else {
                target.set(each.getKey(), each.getValue());
              }
            });
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
  private @Nullable Record straight(Class<? extends Record> type, Slice bytes) {
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
      return reading.get().read(bytes.within(), bytes.from(), bytes.length());
    } catch (JournalException e) {
      if (e.fault() != Fault.UNREADABLE) {
        throw e;
      }
      return null;
    } catch (RuntimeException e) {
      return null;
    }
  }

  /**
   * Written without Jackson where it is known to the byte what Jackson writes; else null, and
   * Jackson is to write it or to say why it cannot be written.
   */
  private byte @Nullable [] straight(Class<? extends Record> type, Record value) {
    Optional<RecordWriting> writing = writing(type);
    if (writing.isEmpty()) {
      return null;
    }
    try {
      return writing.get().written(value);
    } catch (JournalException e) {
      throw e;
    } catch (RuntimeException e) {
      return null;
    }
  }

  private Optional<RecordWriting> writing(Class<? extends Record> type) {
    Optional<RecordWriting> writing = straightly.get(type);
    if (writing == null) {
      WireName unused = names.nameOf(type);
      writing = straightForms == null ? Optional.empty() : RecordWriting.of(type, straightForms);
      straightly.put(type, writing);
    }
    return writing;
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
