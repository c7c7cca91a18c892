package io.tandem.node.golden;

import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * A full sample of any record, the same on every machine: each value follows from the name of its
 * component.
 */
final class Samples {

  private Samples() {}

  /** One sample of every record on the list. */
  static List<Record> of(TypeNames names) {
    List<Record> samples = new ArrayList<>();
    names.all().values().forEach(type -> samples.add(record(type, Map.of())));
    return samples;
  }

  private static Record record(Class<?> type, Map<TypeVariable<?>, Type> bound) {
    if (type == Money.class) {
      return new Money(12_500_000, "USD");
    }
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(components[i].getGenericType(), components[i].getName(), bound);
    }
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (Record) constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sample of " + type, e);
    }
  }

  private static Object value(Type type, String name, Map<TypeVariable<?>, Type> bound) {
    return switch (type) {
      case TypeVariable<?> variable -> value(bound.get(variable), name, bound);
      case ParameterizedType generic -> generic(generic, name, bound);
      case Class<?> plain -> plain(plain, name);
      default -> throw new IllegalStateException("no sample of " + type);
    };
  }

  private static Object generic(
      ParameterizedType type, String name, Map<TypeVariable<?>, Type> bound) {
    Class<?> raw = (Class<?>) type.getRawType();
    Type[] arguments = type.getActualTypeArguments();
    Type last = arguments[arguments.length - 1];
    if (raw.isRecord()) {
      Map<TypeVariable<?>, Type> inner = new HashMap<>();
      for (int i = 0; i < arguments.length; i++) {
        inner.put(raw.getTypeParameters()[i], arguments[i]);
      }
      return record(raw, inner);
    }
    if (raw == Personal.class) {
      return Personal.of("person:5a3f", DataClass.CONTACT, value(last, name, bound));
    }
    Object element = value(last, name, bound);
    if (raw == Optional.class) {
      return Optional.of(element);
    } else if (raw == PVector.class) {
      return TreePVector.singleton(element);
    } else if (raw == PSortedSet.class) {
      return sorted(element);
    } else if (raw == PSet.class) {
      return HashTreePSet.singleton(element);
    } else if (raw == List.class) {
      return List.of(element);
    } else if (raw == PSortedMap.class) {
      return TreePMap.singleton(name + "-key", element);
    } else if (raw == PMap.class) {
      return HashTreePMap.singleton(name + "-key", element);
    }
    throw new IllegalStateException("no sample of " + type);
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // what is in a sorted set can be compared
  private static Object sorted(Object element) {
    return TreePSet.singleton((Comparable) element);
  }

  private static Object plain(Class<?> type, String name) {
    int number = Math.floorMod(name.hashCode(), 1_000);
    if (type == String.class) {
      return name + "-" + number;
    } else if (type == long.class || type == Long.class) {
      return 1_000_000L + number;
    } else if (type == int.class || type == Integer.class) {
      return 1 + number;
    } else if (type == boolean.class) {
      return true;
    } else if (type == Instant.class) {
      return Instant.parse("2026-11-23T12:00:00.123456Z").plusSeconds(number);
    } else if (type == Duration.class) {
      return Duration.ofMillis(90_000L + number);
    } else if (type == LocalDate.class) {
      return LocalDate.of(2026, 11, 24);
    } else if (type == LocalTime.class) {
      return LocalTime.of(9, 30);
    } else if (type == DayOfWeek.class) {
      return DayOfWeek.TUESDAY;
    } else if (type == ZoneId.class) {
      return ZoneId.of("America/New_York");
    } else if (type.isEnum()) {
      return type.getEnumConstants()[number % type.getEnumConstants().length];
    } else if (type.isRecord()) {
      return record(type, Map.of());
    } else if (type.isSealed()) {
      return plain(type.getPermittedSubclasses()[type.getPermittedSubclasses().length - 1], name);
    }
    throw new IllegalStateException("no sample of " + type + " for " + name);
  }
}
