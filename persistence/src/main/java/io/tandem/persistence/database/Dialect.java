package io.tandem.persistence.database;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Where the two databases differ in what they are told. */
public enum Dialect {
  H2("h2"),
  POSTGRESQL("postgresql");

  private final String folder;

  Dialect(String folder) {
    this.folder = folder;
  }

  /** The dialect of a JDBC URL. */
  public static Dialect of(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    if (lower.startsWith("jdbc:h2:")) {
      return H2;
    }
    if (lower.startsWith("jdbc:postgresql:")) {
      return POSTGRESQL;
    }
    int end = lower.indexOf(':', 5);
    throw new IllegalArgumentException(
        "a database URL starts with jdbc:h2: or jdbc:postgresql:, found "
            + (end < 0 ? "none of these" : url.substring(0, end + 1)));
  }

  /** The folder of its migrations below a root. */
  String folder() {
    return folder;
  }

  /**
   * Inserts a row or overwrites the one with its keys. One batch must not hold one key twice.
   *
   * @param keys how many of the columns, from the first, are the key
   */
  public String upsert(String table, int keys, String... columns) {
    String list = String.join(", ", columns);
    List<String> key = Arrays.asList(columns).subList(0, keys);
    String marks = String.join(", ", Collections.nCopies(columns.length, "?"));
    if (this == H2) {
      return "merge into %s (%s) key (%s) values (%s)"
          .formatted(table, list, String.join(", ", key), marks);
    }
    String set =
        Arrays.stream(columns)
            .skip(keys)
            .map(column -> column + " = excluded." + column)
            .collect(Collectors.joining(", "));
    return "insert into %s (%s) values (%s) on conflict (%s) do update set %s"
        .formatted(table, list, marks, String.join(", ", key), set);
  }
}
