package io.tandem.persistence.database;

import java.util.Locale;

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
}
