package io.tandem.persistence.journal;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Checks, once at start, that everything reachable from a registered record has a stable form. */
final class WireShape {

  private final Set<Type> seen = new HashSet<>();

  private WireShape() {}

  static void check(Collection<Class<? extends Record>> types) {
    WireShape shape = new WireShape();
    types.forEach(type -> shape.visit(type, type.getName()));
  }

  private void visit(Type type, String path) {
    if (!seen.add(type)) {
      return;
    }
    switch (type) {
      case Class<?> plain -> visitClass(plain, path);
      case ParameterizedType generic -> {
        visit(generic.getRawType(), path);
        for (Type argument : generic.getActualTypeArguments()) {
          visit(argument, path);
        }
      }
      case GenericArrayType array -> visit(array.getGenericComponentType(), path);
      case WildcardType wildcard -> visit(wildcard.getUpperBounds()[0], path);
      default -> {
        // a type variable: its bound was given where the record is used
      }
    }
  }

  private void visitClass(Class<?> type, String path) {
    if (type == Object.class || type == Record.class) {
      throw new IllegalArgumentException(path + " is of no particular type and has no stable form");
    }
    if (type.isArray()) {
      visit(type.getComponentType(), path);
    } else if (type.isRecord()) {
      for (RecordComponent component : type.getRecordComponents()) {
        visit(component.getGenericType(), type.getName() + "." + component.getName());
      }
    } else if (type.isSealed() && type != Personal.class && type.getClassLoader() != null) {
      visitSealed(type, path);
    }
  }

  private void visitSealed(Class<?> type, String path) {
    JsonTypeInfo form = type.getAnnotation(JsonTypeInfo.class);
    if (form == null || form.use() != JsonTypeInfo.Id.NAME) {
      throw new IllegalArgumentException(
          path + ": sealed " + type.getName() + " needs @JsonTypeInfo(use = NAME)");
    }
    Map<String, Class<?>> names = new HashMap<>();
    visitPermitted(type, names);
  }

  private void visitPermitted(Class<?> type, Map<String, Class<?>> names) {
    for (Class<?> each : type.getPermittedSubclasses()) {
      if (each.isSealed()) {
        visitPermitted(each, names);
        continue;
      }
      JsonTypeName name = each.getAnnotation(JsonTypeName.class);
      if (name == null || name.value().isEmpty()) {
        throw new IllegalArgumentException(each.getName() + " needs a @JsonTypeName");
      }
      Class<?> other = names.put(name.value(), each);
      if (other != null) {
        throw new IllegalArgumentException(
            each.getName() + " and " + other.getName() + " share the name " + name.value());
      }
      visit(each, each.getName());
    }
  }
}
