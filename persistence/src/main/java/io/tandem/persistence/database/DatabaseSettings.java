package io.tandem.persistence.database;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which database, and who we are there.
 *
 * @param url JDBC URL of H2 or PostgreSQL; what Tandem relies on is added to it by {@link #jdbcUrl}
 * @param connections size of the pool, from 1
 * @param schema schema to create and use, null for the connection's own
 */
public record DatabaseSettings(
    String url, String user, String password, int connections, @Nullable String schema) {

  public DatabaseSettings {
    if (connections < 1) {
      throw new IllegalArgumentException("at least one connection, not " + connections);
    }
    Dialect unused = Dialect.of(url);
  }

  /** A pool of the usual size in the connection's own schema. */
  public DatabaseSettings(String url, String user, String password) {
    this(url, user, password, 4, null);
  }

  /** H2 or PostgreSQL. */
  public Dialect dialect() {
    return Dialect.of(url);
  }

  /** The same with another pool size. */
  public DatabaseSettings withConnections(int connections) {
    return new DatabaseSettings(url, user, password, connections, schema);
  }

  /**
   * The URL to connect with, also for other pools on the same database. H2 files are written
   * through at each commit (with the default delay, half of the last second's commits were lost on
   * a halt) and open to a second process; PostgreSQL takes batches as one statement.
   */
  public String jdbcUrl() {
    String lower = url.toLowerCase(Locale.ROOT);
    if (dialect() == Dialect.POSTGRESQL) {
      return lower.contains("rewritebatchedinserts")
          ? url
          : url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true";
    }
    StringBuilder full = new StringBuilder(url);
    if (lower.startsWith("jdbc:h2:mem:")) {
      addUnlessSaid(full, lower, "DB_CLOSE_DELAY", "-1");
    } else if (!lower.startsWith("jdbc:h2:tcp:") && !lower.contains("access_mode_data=r")) {
      addUnlessSaid(full, lower, "WRITE_DELAY", "0");
      addUnlessSaid(full, lower, "AUTO_SERVER", "TRUE");
    }
    return full.toString();
  }

  private static void addUnlessSaid(StringBuilder url, String lower, String key, String value) {
    if (!lower.contains(";" + key.toLowerCase(Locale.ROOT) + "=")) {
      url.append(';').append(key).append('=').append(value);
    }
  }

  /** Without the password, and without whatever credentials the URL may carry. */
  @Override
  public String toString() {
    int end = url.indexOf('?') >= 0 ? url.indexOf('?') : url.indexOf(';');
    return (end < 0 ? url : url.substring(0, end)) + " as " + user;
  }
}
