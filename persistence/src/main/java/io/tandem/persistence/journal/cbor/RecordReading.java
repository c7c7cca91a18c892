package io.tandem.persistence.journal.cbor;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of one class, made of plain values, lists and other records, as this build writes
 * them: every component, by its name, in the order of its declaration.
 *
 * <p>There is none for a class that holds anything else (maps, sealed families, type variables).
 * Thread-safe; make one and keep it.
 */
public final class RecordReading<R extends Record> {

  private static final int LIST_ROOM = 64;

  /** 2026-11-23: where its year, its month and it itself end. */
  private static final int YEAR = 4;

  private static final int MONTH = 7;
  private static final int ISO_DATE = 10;

  /** Reads one value that is there; where there is none, null is read without it. */
  @FunctionalInterface
  public interface Reading {
    @Nullable Object of(CborCursor in);
  }

  /** How values are read that this package knows nothing of; null where they are not known. */
  @FunctionalInterface
  public interface Leaves {
    @Nullable Reading of(Class<?> raw, Type type);
  }

  private enum Plain {
    TEXT,
    NUMBER,
    TRUTH,
    OTHER;

    static Plain of(Type type) {
      return type == String.class
          ? TEXT
          : type == long.class || type == Long.class
              ? NUMBER
              : type == boolean.class || type == Boolean.class ? TRUTH : OTHER;
    }
  }

  private final Class<R> type;
  private final Key[] keys;
  private final Plain[] plain;
  private final Reading[] readings;
  private final RecordMaker maker;

  private RecordReading(
      Class<R> type, Key[] keys, Plain[] plain, Reading[] readings, RecordMaker maker) {
    this.type = type;
    this.keys = keys;
    this.plain = plain;
    this.readings = readings;
    this.maker = maker;
  }

  /** How a class of record is read; empty where it is left to the general library. */
  public static <R extends Record> Optional<RecordReading<R>> of(Class<R> type, Leaves leaves) {
    return Optional.ofNullable(new Maker(leaves).made(type));
  }

  /**
   * The record of bytes, among others, that hold it and nothing else.
   *
   * @throws RuntimeException {@link Unlike} and others where the bytes are not as this build writes
   *     them or the record refuses what they say
   */
  public R read(byte[] bytes, int from, int length) {
    CborCursor in = new CborCursor(bytes, from, length);
    R read = type.cast(record(in));
    if (!in.isAtEnd()) {
      throw new Unlike("the end");
    }
    return read;
  }

  private Record record(CborCursor in) {
    int count = in.map();
    if (count != CborCursor.UNCOUNTED && count != readings.length) {
      throw new Unlike("so many components");
    }
    @Nullable Object[] values = new Object[readings.length];
    for (int i = 0; i < values.length; i++) {
      in.exactly(keys[i]);
      values[i] = in.isNull() ? null : component(i, in);
    }
    if (count == CborCursor.UNCOUNTED && !in.closes()) {
      throw new Unlike("no further component");
    }
    return maker.of(values);
  }

  /** What most components are is read here, and not by way of their reading. */
  private @Nullable Object component(int index, CborCursor in) {
    return switch (plain[index]) {
      case TEXT -> in.text();
      case NUMBER -> in.number();
      case TRUTH -> in.truth();
      case OTHER -> readings[index].of(in);
    };
  }

  private static List<@Nullable Object> list(CborCursor in, Reading element) {
    int count = in.array();
    if (count == CborCursor.UNCOUNTED) {
      List<@Nullable Object> read = new ArrayList<>();
      while (!in.closes()) {
        read.add(in.isNull() ? null : element.of(in));
      }
      return read;
    }
    List<@Nullable Object> read = new ArrayList<>(Math.min(count, LIST_ROOM));
    for (int i = 0; i < count; i++) {
      read.add(in.isNull() ? null : element.of(in));
    }
    return read;
  }

  private static LocalDate date(CborCursor in) {
    String text = in.text();
    if (text.length() != ISO_DATE || text.charAt(YEAR) != '-' || text.charAt(MONTH) != '-') {
      throw new Unlike("a date");
    }
    return LocalDate.of(
        digits(text, 0, YEAR), digits(text, YEAR + 1, MONTH), digits(text, MONTH + 1, ISO_DATE));
  }

  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new Unlike("digits");
      }
      value = 10 * value + digit;
    }
    return value;
  }

  private static Reading constants(Class<?> type) {
    Map<String, Object> byName = new HashMap<>();
    for (Object constant : type.getEnumConstants()) {
      byName.put(((Enum<?>) constant).name(), constant);
    }
    return in -> {
      Object constant = byName.get(in.text());
      if (constant == null) {
        throw new Unlike("a constant of " + type.getName());
      }
      return constant;
    };
  }

  /** Finds out how a class is read. */
  private static final class Maker {
    private final Leaves leaves;
    private final Deque<Class<?>> within = new ArrayDeque<>();

    Maker(Leaves leaves) {
      this.leaves = leaves;
    }

    <R extends Record> @Nullable RecordReading<R> made(Class<R> type) {
      if (within.contains(type)) {
        return null; // of itself
      }
      within.push(type);
      RecordComponent[] declared = type.getRecordComponents();
      Key[] keys = new Key[declared.length];
      Plain[] plain = new Plain[declared.length];
      Reading[] readings = new Reading[declared.length];
      for (int i = 0; i < declared.length; i++) {
        String name = declared[i].getName();
        Reading reading = Key.isShort(name) ? reading(declared[i].getGenericType()) : null;
        if (reading == null) {
          return null;
        }
        keys[i] = Key.of(name);
        plain[i] = Plain.of(declared[i].getGenericType());
        readings[i] = reading;
      }
      within.pop();
      return new RecordReading<>(type, keys, plain, readings, RecordMaker.forClass(type));
    }

    private @Nullable Reading reading(Type type) {
      if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
        Reading element = reading(generic.getActualTypeArguments()[0]);
        return element == null ? null : in -> list(in, element);
      }
      Class<?> raw =
          type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> of
              ? of
              : type instanceof Class<?> plain ? plain : null;
      if (raw == null) {
        return null;
      }
      Reading leaf = leaves.of(raw, type);
      return leaf != null ? leaf : type instanceof Class<?> ? plain(raw) : null;
    }

    private @Nullable Reading plain(Class<?> type) {
      if (type == long.class || type == Long.class) {
        return CborCursor::number;
      }
      if (type == int.class || type == Integer.class) {
        return in -> Math.toIntExact(in.number());
      }
      if (type == boolean.class || type == Boolean.class) {
        return CborCursor::truth;
      }
      if (type == String.class) {
        return CborCursor::text;
      }
      if (type == LocalDate.class) {
        return RecordReading::date;
      }
      if (type.isEnum()) {
        return constants(type);
      }
      if (type.isRecord() && type.getTypeParameters().length == 0) {
        RecordReading<?> inner = made(type.asSubclass(Record.class));
        return inner == null ? null : inner::record;
      }
      return null;
    }
  }
}
