package io.tandem.persistence.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.WireName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The form of every registered type in one file, a line a name and version (AUD-5). A golden file
 * holds one sample and cannot show what that sample leaves out: a component that is null in it,
 * another constant of an enumeration, another kind of a sealed family. This does: a form that
 * changes under the same name and version fails, whatever its sample says.
 *
 * <p>{@code -Dgolden.write=true} adds the lines of new names, and never changes one that is there.
 */
public final class FormsFile {

  private final Path file;

  public FormsFile(Path file) {
    this.file = file;
  }

  /**
   * Fails unless each name has the form that the file says, and each name of the file is still
   * known.
   *
   * @param lifted names that are no longer written, and are read by upcasters
   */
  public void check(TypeNames names, Set<WireName> lifted) {
    Map<String, String> golden = read();
    List<String> wrong = new ArrayList<>();
    Map<String, String> now = new TreeMap<>();
    names.all().forEach((name, type) -> now.put(name.toString(), formOf(type)));
    now.forEach(
        (name, form) -> {
          String was = golden.get(name);
          if (was == null && Boolean.getBoolean("golden.write")) {
            golden.put(name, form);
          } else if (was == null) {
            wrong.add(name + " is new: -Dgolden.write=true adds its form");
          } else if (!was.equals(form)) {
            wrong.add(
                "%s has another form without another version: it needs one, and an upcaster\n  was %s\n  is  %s"
                    .formatted(name, was, form));
          }
        });
    golden
        .keySet()
        .forEach(
            name -> {
              if (!now.containsKey(name) && !lifted.contains(WireName.parse(name))) {
                wrong.add(name + " was written once, and nothing reads it any more");
              }
            });
    if (Boolean.getBoolean("golden.write")) {
      write(golden);
    }
    assertThat(wrong).as("forms in %s", file).isEmpty();
  }

  /** The form of a record in words. */
  static String formOf(Class<?> type) {
    return form(type, new ArrayList<>());
  }

  private static String form(Type type, List<Class<?>> within) {
    return switch (type) {
      case Class<?> plain -> plain(plain, within);
      case ParameterizedType generic ->
          ((Class<?>) generic.getRawType()).getSimpleName()
              + Arrays.stream(generic.getActualTypeArguments())
                  .map(each -> form(each, within))
                  .collect(Collectors.joining(",", "<", ">"));
      case GenericArrayType array -> form(array.getGenericComponentType(), within) + "[]";
      case WildcardType wildcard -> form(wildcard.getUpperBounds()[0], within);
      default -> type.getTypeName();
    };
  }

  private static String plain(Class<?> type, List<Class<?>> within) {
    if (within.contains(type)) {
      return "↑" + within.indexOf(type); // one that holds itself
    }
    List<Class<?>> deeper = new ArrayList<>(within);
    deeper.add(type);
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(each -> ((Enum<?>) each).name())
          .collect(Collectors.joining("|", "(", ")"));
    }
    if (type.isRecord()) {
      return Arrays.stream(type.getRecordComponents())
          .map(each -> component(each, deeper))
          .collect(Collectors.joining(",", "{", "}"));
    }
    if (type.isSealed() && type.getClassLoader() != null && !type.getName().endsWith(".Personal")) {
      return kinds(type)
          .map(each -> String.valueOf(nameOf(each)) + plain(each, deeper))
          .sorted()
          .collect(Collectors.joining("|", "(", ")"));
    }
    return type.getSimpleName();
  }

  private static java.util.stream.Stream<Class<?>> kinds(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(
            each -> each.isSealed() ? kinds(each) : java.util.stream.Stream.<Class<?>>of(each));
  }

  private static @Nullable String nameOf(Class<?> kind) {
    JsonTypeName name = kind.getAnnotation(JsonTypeName.class);
    return name == null ? null : name.value();
  }

  private static String component(RecordComponent component, List<Class<?>> within) {
    AnnotatedType type = component.getAnnotatedType();
    return component.getName()
        + ":"
        + form(component.getGenericType(), within)
        + (type.isAnnotationPresent(Nullable.class) ? "?" : "");
  }

  private Map<String, String> read() {
    Map<String, String> lines = new TreeMap<>();
    if (Files.exists(file)) {
      try {
        for (String line : Files.readAllLines(file)) {
          int space = line.indexOf(' ');
          lines.put(line.substring(0, space), line.substring(space + 1));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }

  private void write(Map<String, String> lines) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(
          file, lines.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
