package io.tandem.persistence.journal.cbor;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
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
  private static final int SHORT_KEY = 23;
  private static final int TEXT_HEAD = 0x60;
  private static final int ISO_DATE = 10;

  /** Reads one value. */
  @FunctionalInterface
  public interface Reading {
    @Nullable Object of(CborCursor in);
  }

  /** How values are read that this package knows nothing of; null where they are not known. */
  @FunctionalInterface
  public interface Leaves {
    @Nullable Reading of(Class<?> raw, Type type);
  }

  private final Class<R> type;
  private final byte[][] keys;
  private final Reading[] components;
  private final MethodHandle constructor;

  private RecordReading(
      Class<R> type, byte[][] keys, Reading[] components, MethodHandle constructor) {
    this.type = type;
    this.keys = keys;
    this.components = components;
    this.constructor = constructor;
  }

  /** How a class of record is read; empty where it is left to the general library. */
  public static <R extends Record> Optional<RecordReading<R>> of(Class<R> type, Leaves leaves) {
    return Optional.ofNullable(new Maker(leaves).made(type));
  }

  /**
   * The record of bytes that hold it and nothing else.
   *
   * @throws RuntimeException {@link Unlike} and others where the bytes are not as this build writes
   *     them or the record refuses what they say
   */
  public R read(byte[] bytes) {
    CborCursor in = new CborCursor(bytes);
    R read = type.cast(record(in));
    if (!in.isAtEnd()) {
      throw new Unlike("the end");
    }
    return read;
  }

  private Object record(CborCursor in) {
    int count = in.map();
    if (count != CborCursor.UNCOUNTED && count != components.length) {
      throw new Unlike("so many components");
    }
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      in.exactly(keys[i]);
      values[i] = components[i].of(in);
    }
    if (count == CborCursor.UNCOUNTED && !in.closes()) {
      throw new Unlike("no further component");
    }
    try {
      return constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(type.getName() + " refused its components", e);
    }
  }

  private static Reading orNull(Reading reading) {
    return in -> in.isNull() ? null : reading.of(in);
  }

  private static List<@Nullable Object> list(CborCursor in, Reading element) {
    int count = in.array();
    if (count == CborCursor.UNCOUNTED) {
      List<@Nullable Object> read = new ArrayList<>();
      while (!in.closes()) {
        read.add(element.of(in));
      }
      return read;
    }
    List<@Nullable Object> read = new ArrayList<>(Math.min(count, LIST_ROOM));
    for (int i = 0; i < count; i++) {
      read.add(element.of(in));
    }
    return read;
  }

  private static LocalDate date(CborCursor in) {
    String text = in.text();
    if (text.length() != ISO_DATE) {
      throw new Unlike("a date");
    }
    return LocalDate.parse(text);
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
      byte[][] keys = new byte[declared.length][];
      Reading[] readings = new Reading[declared.length];
      for (int i = 0; i < declared.length; i++) {
        byte[] name = declared[i].getName().getBytes(StandardCharsets.UTF_8);
        Reading reading = name.length > SHORT_KEY ? null : reading(declared[i].getGenericType());
        if (reading == null) {
          return null;
        }
        keys[i] = new byte[name.length + 1];
        keys[i][0] = (byte) (TEXT_HEAD + name.length);
        System.arraycopy(name, 0, keys[i], 1, name.length);
        readings[i] = reading;
      }
      within.pop();
      return new RecordReading<>(type, keys, readings, constructor(type, declared));
    }

    private static MethodHandle constructor(Class<?> type, RecordComponent[] declared) {
      Class<?>[] parameters =
          Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(parameters);
        constructor.setAccessible(true);
        return MethodHandles.lookup()
            .unreflectConstructor(constructor)
            .asSpreader(Object[].class, parameters.length)
            .asType(MethodType.methodType(Object.class, Object[].class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("every record has its canonical constructor", e);
      }
    }

    private @Nullable Reading reading(Type type) {
      if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
        Reading element = reading(generic.getActualTypeArguments()[0]);
        return element == null ? null : orNull(in -> list(in, element));
      }
      Class<?> raw =
          type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> of
              ? of
              : type instanceof Class<?> plain ? plain : null;
      if (raw == null) {
        return null;
      }
      Reading leaf = leaves.of(raw, type);
      return leaf != null ? orNull(leaf) : type instanceof Class<?> ? plain(raw) : null;
    }

    private @Nullable Reading plain(Class<?> type) {
      if (type == long.class) {
        return CborCursor::number;
      }
      if (type == int.class) {
        return in -> Math.toIntExact(in.number());
      }
      if (type == boolean.class) {
        return CborCursor::truth;
      }
      if (type == Long.class) {
        return orNull(CborCursor::number);
      }
      if (type == Integer.class) {
        return orNull(in -> Math.toIntExact(in.number()));
      }
      if (type == Boolean.class) {
        return orNull(CborCursor::truth);
      }
      if (type == String.class) {
        return orNull(CborCursor::text);
      }
      if (type == LocalDate.class) {
        return orNull(RecordReading::date);
      }
      if (type.isEnum()) {
        return orNull(constants(type));
      }
      if (type.isRecord() && type.getTypeParameters().length == 0) {
        RecordReading<?> inner = made(type.asSubclass(Record.class));
        return inner == null ? null : orNull(inner::record);
      }
      return null;
    }
  }
}
