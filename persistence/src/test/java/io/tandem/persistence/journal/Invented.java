package io.tandem.persistence.journal;

import io.tandem.persistence.money.Money;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.PVector;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import org.pcollections.TreePVector;

/**
 * Records of any class, full of what is rare: every length at which a form changes, all of Unicode,
 * the greatest and least numbers, nothing at all.
 */
final class Invented {

  private static final int TRIES = 200;
  private static final int WILD_TRIES = 100;

  private final Random random;
  private boolean tame;

  Invented(Random random) {
    this.random = random;
  }

  /** A record; of a class that refuses much, one of more common values. */
  Record record(Class<?> type) {
    return record(type, Map.of());
  }

  private Record record(Class<?> type, Map<TypeVariable<?>, Type> bound) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    InvocationTargetException refused = null;
    boolean before = tame;
    for (int tried = 0; tried < TRIES; tried++) {
      tame = before || tried > WILD_TRIES;
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        boolean none = !tame && !types[i].isPrimitive() && random.nextInt(8) == 0;
        values[i] =
            none
                ? null
                : type == Money.class && types[i] == String.class
                    ? "USD"
                    : value(components[i].getGenericType(), bound);
      }
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        Record made = (Record) constructor.newInstance(values);
        tame = before;
        return made;
      } catch (InvocationTargetException e) {
        refused = e; // by the record's own constructor
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("no " + type, e);
      }
    }
    throw new IllegalStateException("none of many was a " + type, refused);
  }

  private Object value(Type type, Map<TypeVariable<?>, Type> bound) {
    return switch (type) {
      case TypeVariable<?> variable -> value(bound.get(variable), bound);
      case ParameterizedType generic -> generic(generic, bound);
      case Class<?> plain -> plain(plain);
      default -> throw new IllegalStateException("no " + type);
    };
  }

  private Object generic(ParameterizedType type, Map<TypeVariable<?>, Type> bound) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    if (raw.isRecord()) {
      Map<TypeVariable<?>, Type> inner = new HashMap<>();
      for (int i = 0; i < arguments.length; i++) {
        inner.put(raw.getTypeParameters()[i], arguments[i]);
      }
      return record(raw, inner);
    }
    Type last = arguments[arguments.length - 1];
    if (raw == Personal.class) {
      return personal(value(last, bound));
    }
    boolean before = tame;
    tame = before || raw == PSortedSet.class; // what is compared has all its components
    List<Object> values = new ArrayList<>();
    for (int left = size(); left > 0; left--) {
      values.add(value(last, bound));
    }
    tame = before;
    if (Map.class.isAssignableFrom(raw)) {
      Map<String, Object> named = new HashMap<>();
      values.forEach(each -> named.put(text(), each));
      return raw == PSortedMap.class
          ? TreePMap.from(named)
          : raw == PMap.class ? HashTreePMap.from(named) : named;
    } else if (raw == PSortedSet.class) {
      return sorted(values);
    } else if (raw == PSet.class) {
      return HashTreePSet.from(values);
    } else if (raw == PVector.class) {
      return TreePVector.from(values);
    } else if (raw == List.class) {
      return values;
    }
    throw new IllegalStateException("no " + type);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what is in a sorted set can be compared
  private static Object sorted(List<Object> values) {
    return TreePSet.from((List) values);
  }

  private Object personal(Object value) {
    DataClass dataClass = DataClass.values()[random.nextInt(DataClass.values().length)];
    String subject = "person:" + text();
    return switch (random.nextInt(4)) {
      case 0 -> new Personal.Erased<>(subject, dataClass);
      case 1 -> new Personal.Clear<>(subject, dataClass, value, new KeyId(1, random.nextInt(16)));
      default -> Personal.of(subject, dataClass, value);
    };
  }

  private Object plain(Class<?> type) {
    if (type == String.class) {
      return text();
    } else if (type == long.class || type == Long.class) {
      return number(Long.SIZE);
    } else if (type == int.class || type == Integer.class) {
      return (int) number(Integer.SIZE);
    } else if (type == boolean.class || type == Boolean.class) {
      return random.nextBoolean();
    } else if (type == byte[].class) {
      byte[] bytes = new byte[length()];
      random.nextBytes(bytes);
      return bytes;
    } else if (type == Instant.class) {
      return instant();
    } else if (type == Duration.class) {
      return tame
          ? Duration.ofMillis(number(Integer.SIZE))
          : Duration.ofSeconds(number(Long.SIZE), random.nextInt(1_000_000_000));
    } else if (type == LocalDate.class) {
      return LocalDate.ofEpochDay(tame ? 20_000 : random.nextInt(6_000_000) - 3_000_000);
    } else if (type == LocalTime.class) {
      return random.nextBoolean()
          ? LocalTime.of(random.nextInt(24), random.nextInt(60))
          : LocalTime.ofNanoOfDay(random.nextLong(86_400_000_000_000L));
    } else if (type == ZoneId.class) {
      return ZoneId.of(random.nextBoolean() ? "America/New_York" : "+05:30");
    } else if (type.isEnum()) {
      return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    } else if (type.isRecord()) {
      return record(type);
    } else if (type.isSealed()) {
      Class<?>[] permitted = type.getPermittedSubclasses();
      return plain(permitted[random.nextInt(permitted.length)]);
    }
    throw new IllegalStateException("no " + type);
  }

  private Instant instant() {
    return switch (tame ? 3 : random.nextInt(4)) {
      case 0 -> random.nextBoolean() ? Instant.MAX : Instant.MIN;
      case 1 -> Instant.ofEpochSecond(number(Integer.SIZE), random.nextInt(1_000_000_000));
      case 2 -> TimeForms.ofMicros(number(Long.SIZE));
      default -> TimeForms.ofMicros(1_700_000_000_000_000L + random.nextInt());
    };
  }

  /** Around every power of two. */
  private long number(int bits) {
    if (tame) {
      return 1 + random.nextInt(1_000);
    }
    long number = (1L << random.nextInt(bits)) + random.nextInt(3) - 1;
    return random.nextBoolean() ? number : -number;
  }

  private int size() {
    return switch (random.nextInt(8)) {
      case 0 -> tame ? 1 : 0;
      case 1 -> tame ? 1 : 22 + random.nextInt(4);
      default -> 1 + random.nextInt(2);
    };
  }

  private int length() {
    return switch (random.nextInt(40)) {
      case 0, 1, 2, 3 -> 0;
      case 4, 5, 6, 7 -> 20 + random.nextInt(8);
      case 8, 9 -> 80 + random.nextInt(10);
      case 10, 11, 12 -> 250 + random.nextInt(10);
      case 13 -> 3_990 + random.nextInt(10);
      case 14 -> 7_985 + random.nextInt(14);
      case 15 -> random.nextInt(70_000);
      default -> random.nextInt(16);
    };
  }

  /** Well-formed text of any length, mostly ASCII. */
  String text() {
    int length = tame ? 1 + random.nextInt(9) : length();
    int kind = tame ? 0 : random.nextInt(10);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.appendCodePoint(
          switch (kind) {
            case 6 -> random.nextInt(0x100);
            case 7 -> random.nextInt(0x800);
            case 8 -> random.nextInt(0xD800);
            case 9 -> random.nextInt(4) > 0 ? 0x1F600 + random.nextInt(80) : ' ';
            default -> tame ? 'a' + random.nextInt(26) : ' ' + random.nextInt(95);
          });
    }
    return text.toString();
  }
}
