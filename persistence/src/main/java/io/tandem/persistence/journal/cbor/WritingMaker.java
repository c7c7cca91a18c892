package io.tandem.persistence.journal.cbor;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.tandem.persistence.journal.cbor.RecordWriting.Leaves;
import io.tandem.persistence.journal.cbor.RecordWriting.Plan;
import io.tandem.persistence.journal.cbor.RecordWriting.Writing;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out how a class of record is written: plain values, names of constants, days and times,
 * collections and maps by name of such, other records, and families of them by the {@link
 * JsonTypeName}. Of anything else, and of what an annotation of Jackson says more about, it knows
 * nothing.
 */
final class WritingMaker {

  /** What each type variable in sight stands for. */
  private record Bound(Map<TypeVariable<?>, Type> to) {
    private static final Bound NONE = new Bound(Map.of());

    Type type(Type type) {
      return type instanceof TypeVariable<?> variable ? to.getOrDefault(variable, type) : type;
    }
  }

  private final Leaves leaves;
  private final Deque<Class<?>> within = new ArrayDeque<>();

  WritingMaker(Leaves leaves) {
    this.leaves = leaves;
  }

  /** Null where it is not known how. */
  @Nullable Plan made(Class<? extends Record> type) {
    return type.getTypeParameters().length == 0 ? made(type, Bound.NONE) : null;
  }

  private @Nullable Plan made(Class<? extends Record> type, Bound bound) {
    if (within.contains(type) || isSpecial(type)) {
      return null; // of itself, or of a form of its own
    }
    byte[] opening = opening(type);
    if (opening == null) {
      return null;
    }
    within.push(type);
    RecordComponent[] components = type.getRecordComponents();
    Writing[] writings = new Writing[components.length];
    for (int i = 0; i < components.length; i++) {
      Writing writing = writing(components[i].getGenericType(), bound);
      if (writing == null) {
        within.pop();
        return null;
      }
      writings[i] = writing;
    }
    within.pop();
    return new Plan(type, opening, writings);
  }

  /** The head of a map and, where the class is of a family, its name there. */
  private static byte @Nullable [] opening(Class<?> type) {
    CborPen pen = new CborPen(0);
    pen.openMap();
    JsonTypeInfo family = family(type);
    if (family != null) {
      JsonTypeName name = type.getAnnotation(JsonTypeName.class);
      if (name == null
          || name.value().isEmpty()
          || family.property().isEmpty()
          || family.use() != JsonTypeInfo.Id.NAME
          || family.include() != JsonTypeInfo.As.PROPERTY) {
        return null;
      }
      pen.text(family.property());
      pen.text(name.value());
    }
    return pen.written();
  }

  private static @Nullable JsonTypeInfo family(Class<?> type) {
    JsonTypeInfo own = type.getAnnotation(JsonTypeInfo.class);
    for (Class<?> each : type.getInterfaces()) {
      own = own == null ? family(each) : own;
    }
    return own;
  }

  private @Nullable Writing writing(Type declared, Bound bound) {
    Type type = bound.type(declared);
    if (type instanceof Class<?> plain) {
      Writing leaf = leaves.written(plain, type);
      return leaf != null ? leaf : plain(plain);
    }
    if (!(type instanceof ParameterizedType generic)
        || !(generic.getRawType() instanceof Class<?> raw)) {
      return null;
    }
    Writing leaf = leaves.written(raw, type);
    if (leaf != null) {
      return leaf;
    }
    Type[] arguments = generic.getActualTypeArguments();
    if (raw.isRecord()) {
      Map<TypeVariable<?>, Type> inner = new HashMap<>();
      for (int i = 0; i < arguments.length; i++) {
        inner.put(raw.getTypeParameters()[i], bound.type(arguments[i]));
      }
      return made(raw.asSubclass(Record.class), new Bound(inner));
    }
    if (Collection.class.isAssignableFrom(raw) && arguments.length == 1) {
      Writing element = writing(arguments[0], bound);
      return element == null
          ? null
          : (out, value) -> collection(out, (Collection<?>) value, element);
    }
    if (Map.class.isAssignableFrom(raw) && arguments.length == 2 && arguments[0] == String.class) {
      Writing entry = writing(arguments[1], bound);
      return entry == null ? null : (out, value) -> map(out, (Map<?, ?>) value, entry);
    }
    return null;
  }

  private @Nullable Writing plain(Class<?> type) {
    if (type == String.class) {
      return (out, value) -> out.text((String) value);
    }
    if (type == long.class || type == Long.class || type == int.class || type == Integer.class) {
      return (out, value) -> out.number(((Number) value).longValue());
    }
    if (type == boolean.class || type == Boolean.class) {
      return (out, value) -> out.truth((Boolean) value);
    }
    if (type == byte[].class) {
      return (out, value) -> out.binary((byte[]) value);
    }
    if (type == LocalDate.class || type == ZoneId.class) {
      return (out, value) -> out.text(value.toString());
    }
    if (type == LocalTime.class) {
      return (out, value) -> out.text(DateTimeFormatter.ISO_LOCAL_TIME.format((LocalTime) value));
    }
    if (type.isEnum()) {
      return isSpecial(type) ? null : (out, value) -> out.text(((Enum<?>) value).name());
    }
    if (type.isRecord() && type.getTypeParameters().length == 0) {
      return made(type.asSubclass(Record.class), Bound.NONE);
    }
    return type.isSealed() ? family(type, new HashMap<>()) : null;
  }

  /** By the class of each value: those of one family go by different names. */
  private @Nullable Writing family(Class<?> type, Map<Class<?>, Writing> members) {
    if (family(type) == null || !type.isInterface()) {
      return null;
    }
    for (Class<?> each : type.getPermittedSubclasses()) {
      Writing member =
          each.isRecord() && each.getTypeParameters().length == 0
              ? made(each.asSubclass(Record.class), Bound.NONE)
              : each.isSealed() ? family(each, members) : null;
      if (member == null) {
        return null;
      }
      members.put(each, member);
    }
    return (out, value) -> {
      Writing member = members.get(value.getClass());
      if (member == null) {
        throw new Unlike("one of " + type.getName());
      }
      member.of(out, value);
    };
  }

  private static void collection(CborPen out, Collection<?> values, Writing element) {
    out.array(values.size());
    for (Object each : values) {
      if (each == null) {
        out.nothing();
      } else {
        element.of(out, each);
      }
    }
  }

  /** In the order of the keys, as every map is that has none of its own. */
  private static void map(CborPen out, Map<?, ?> values, Writing entry) {
    Map<?, ?> ordered =
        values instanceof SortedMap || values.size() < 2 ? values : new TreeMap<>(values);
    out.openMap();
    for (Map.Entry<?, ?> each : ordered.entrySet()) {
      out.text((String) each.getKey());
      if (each.getValue() == null) {
        out.nothing();
      } else {
        entry.of(out, each.getValue());
      }
    }
    out.close();
  }

  /** Whether Jackson is told more of a class than by what its family is called. */
  private static boolean isSpecial(Class<?> type) {
    return Iterable.class.isAssignableFrom(type)
        || Map.class.isAssignableFrom(type)
        || Map.Entry.class.isAssignableFrom(type)
        || CharSequence.class.isAssignableFrom(type)
        || Arrays.stream(type.getInterfaces()).anyMatch(WritingMaker::isSpecial)
        || Stream.<AnnotatedElement[]>of(
                new AnnotatedElement[] {type},
                type.getDeclaredFields(),
                type.getDeclaredMethods(),
                type.getDeclaredConstructors())
            .flatMap(Arrays::stream)
            .flatMap(each -> Arrays.stream(each.getAnnotations()))
            .anyMatch(WritingMaker::isOfJackson);
  }

  private static boolean isOfJackson(Annotation annotation) {
    Class<?> kind = annotation.annotationType();
    return kind.getName().startsWith("com.fasterxml.")
        && kind != JsonTypeInfo.class
        && kind != JsonTypeName.class;
  }
}
