package io.tandem.persistence.journal.rows;

import io.tandem.persistence.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Connections to PostgreSQL that belong to one thread for as long as they live. */
final class LaneConnection {

  /** Longer than any flush takes, and short enough that a silent network is noticed. */
  private static final String SOCKET_SECONDS = "10";

  private static final String CONNECT_SECONDS = "3";

  private LaneConnection() {}

  /** Connects; statements are prepared on the server from their first use. */
  static Connection open(DatabaseSettings database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password());
    properties.setProperty("ApplicationName", "tandem-journal");
    properties.setProperty("connectTimeout", CONNECT_SECONDS);
    properties.setProperty("socketTimeout", SOCKET_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("prepareThreshold", "1");
    String schema = database.schema();
    if (schema != null) {
      properties.setProperty("currentSchema", schema);
    }
    return DriverManager.getConnection(database.jdbcUrl(), properties);
  }

  /** Whether a connection is of no use after this. */
  static boolean isLost(Connection connection, Exception cause) {
    if (!(cause instanceof SQLException failure)) {
      return true; // who knows in which state it left the connection
    }
    try {
      return connection.isClosed()
          || stateOf(failure).equals("08")
          || stateOf(failure).equals("57");
    } catch (SQLException e) {
      return true;
    }
  }

  /** The class of its SQLSTATE. */
  static String stateOf(SQLException e) {
    String state = e.getSQLState();
    return state == null || state.length() < 2 ? "" : state.substring(0, 2);
  }

  /** Without the server's detail, which may quote what was to be stored. */
  static String said(Exception e) {
    return e instanceof SQLException sql
        ? sql.getClass().getSimpleName() + " " + sql.getSQLState()
        : e.toString();
  }
}
