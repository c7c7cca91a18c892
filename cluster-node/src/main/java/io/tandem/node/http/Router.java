package io.tandem.node.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the operation of a method and path. */
final class Router {

  /** What is at an address. */
  sealed interface Found {}

  /** An operation, with the parameters of its path. */
  record Hit(Operation operation, Map<String, String> parameters) implements Found {}

  /** The address is good with other methods. */
  record OtherMethod(List<String> allowed) implements Found {}

  /** Nothing. */
  record Nothing() implements Found {}

  private record Way(Operation operation, List<String> segments) {}

  private final List<Way> ways;

  Router(List<Operation> operations) {
    ways =
        operations.stream()
            .map(operation -> new Way(operation, List.of(operation.path().substring(1).split("/"))))
            .toList();
  }

  Found find(String method, List<String> segments) {
    List<String> allowed = new ArrayList<>();
    for (Way way : ways) {
      if (fits(way.segments(), segments)) {
        if (way.operation().method().name().equals(method)) {
          return new Hit(way.operation(), parameters(way.segments(), segments));
        }
        allowed.add(way.operation().method().name());
      }
    }
    return allowed.isEmpty() ? new Nothing() : new OtherMethod(allowed);
  }

  private static boolean fits(List<String> template, List<String> segments) {
    if (template.size() != segments.size()) {
      return false;
    }
    for (int i = 0; i < template.size(); i++) {
      if (isParameter(template.get(i))
          ? segments.get(i).isEmpty()
          : !template.get(i).equals(segments.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> parameters(List<String> template, List<String> segments) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < template.size(); i++) {
      String part = template.get(i);
      if (isParameter(part)) {
        parameters.put(part.substring(1, part.length() - 1), segments.get(i));
      }
    }
    return parameters;
  }

  private static boolean isParameter(String part) {
    return part.startsWith("{");
  }
}
