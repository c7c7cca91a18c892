package io.tandem.persistence.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The little that plain JDBC lacks: binding by position, lists of rows, batches, µs instants. */
public final class Sql {

  private Sql() {}

  /** Makes one row of a result. */
  @FunctionalInterface
  public interface Row<T> {
    T of(ResultSet row) throws SQLException;
  }

  /** Binds parameters in order; an {@link Instant} goes as microseconds since 1970. */
  public static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      Object value = parameters[i];
      if (value instanceof Instant instant) {
        statement.setLong(i + 1, micros(instant));
      } else if (value instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, value);
      }
    }
  }

  /** All rows of a query. */
  public static <T> List<T> list(
      Connection connection, String sql, Row<T> row, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      bind(statement, parameters);
      List<T> rows = new ArrayList<>();
      try (ResultSet result = statement.executeQuery()) {
        while (result.next()) {
          rows.add(row.of(result));
        }
      }
      return rows;
    }
  }

  /** The one number that a query of one row and one column has. */
  public static long number(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    return list(connection, sql, row -> row.getLong(1), parameters).getFirst();
  }

  /** Runs one statement without parameters. */
  public static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Runs one statement for each set of parameters, in one trip; does nothing for none. */
  public static int[] batch(Connection connection, String sql, Collection<@Nullable Object[]> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return new int[0];
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (@Nullable Object[] parameters : rows) {
        bind(statement, parameters);
        statement.addBatch();
      }
      return statement.executeBatch();
    }
  }

  /** Microseconds since 1970, rounded down. */
  public static long micros(Instant instant) {
    return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1_000;
  }

  /** The instant of a column of microseconds; null where the column is. */
  public static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : instant(micros);
  }

  /** A whole number that may be null. */
  public static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  /** The instant of microseconds since 1970. */
  public static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }
}
