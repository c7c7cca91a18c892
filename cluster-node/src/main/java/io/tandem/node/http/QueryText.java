package io.tandem.node.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters after the question mark, read one by one; one nobody asked for is refused in
 * {@link #finish}.
 */
public final class QueryText {
  private static final int LIMIT_DEFAULT = 50;
  private static final int LIMIT_MAX = 200;
  private static final int CHARS_MAX = 300;

  private final Map<String, List<String>> values;
  private final Set<String> asked = new HashSet<>();

  QueryText(Map<String, List<String>> values) {
    this.values = values;
  }

  /** A parameter, or nothing. */
  public Optional<String> text(String name) {
    asked.add(name);
    List<String> all = values.getOrDefault(name, List.of());
    if (all.size() > 1) {
      throw Refusal.field(name, "it " + all.size() + " times", "once");
    }
    if (!all.isEmpty() && (all.getFirst().isBlank() || all.getFirst().length() > CHARS_MAX)) {
      throw Refusal.field(name, "nothing or too much", "1 to " + CHARS_MAX + " characters");
    }
    return all.stream().findFirst();
  }

  /** An instant, or nothing. */
  public Optional<Instant> instant(String name) {
    return text(name)
        .map(
            text -> {
              try {
                return Instant.parse(text);
              } catch (DateTimeException e) {
                throw Refusal.field(
                    name, "'" + text + "'", "an instant such as 2026-05-01T12:00:00Z");
              }
            });
  }

  /** How many are asked for on a page. */
  public int limit() {
    String allowed = "a whole number from 1 to " + LIMIT_MAX;
    return text("limit")
        .map(
            text -> {
              if (!text.matches("\\d{1,3}")
                  || Integer.parseInt(text) < 1
                  || Integer.parseInt(text) > LIMIT_MAX) {
                throw Refusal.field("limit", "'" + text + "'", allowed);
              }
              return Integer.parseInt(text);
            })
        .orElse(LIMIT_DEFAULT);
  }

  /** Where the last page ended, as {@link #cursorAfter} wrote it. */
  public Optional<String> cursor() {
    return text("cursor")
        .map(
            text -> {
              try {
                return new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
              } catch (IllegalArgumentException e) {
                throw badCursor();
              }
            });
  }

  /** The same where a position is a number; 0 before the first page. */
  public long numberCursor() {
    return cursor()
        .map(
            text -> {
              if (!text.matches("\\d{1,18}")) {
                throw badCursor();
              }
              return Long.parseLong(text);
            })
        .orElse(0L);
  }

  /** A cursor that is none of ours. */
  public static Refusal badCursor() {
    return Refusal.field("cursor", "something else", "the member next of the page before");
  }

  /** What a page gives for its {@code next}. */
  public static String cursorAfter(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(position.getBytes(StandardCharsets.UTF_8));
  }

  /** Refuses parameters that nobody asked for. */
  void finish() {
    for (String name : values.keySet()) {
      if (!asked.contains(name)) {
        throw Refusal.field(
            name,
            "a parameter nobody knows",
            asked.isEmpty()
                ? "no parameters"
                : String.join(", ", asked.stream().sorted().toList()));
      }
    }
  }
}
