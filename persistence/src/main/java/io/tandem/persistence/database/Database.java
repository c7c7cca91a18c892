package io.tandem.persistence.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.journal.JournalException.Fault;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A pool of connections to a database whose schema is this build's. */
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int CONNECT_TIMEOUT_MILLIS = 10_000;

  /** What a database is for: each kind has its own migrations. */
  public enum Contents {
    /** The journal, its snapshots and the read models. */
    JOURNAL("db"),
    /** The keys to personal data: to be another file, schema or server than the journal's. */
    KEYS("db/keys"),
    /** A file that finished entities were moved to. */
    ARCHIVE("db/archive");

    private final String root;

    Contents(String root) {
      this.root = root;
    }
  }

  private final DatabaseSettings settings;
  private final HikariDataSource pool;
  private volatile List<Database> archives = List.of();

  private Database(DatabaseSettings settings, HikariDataSource pool) {
    this.settings = settings;
    this.pool = pool;
  }

  /**
   * Opens a database and brings its schema up to this build's. A newer schema that was made so that
   * this build can go on with it is left as it is.
   *
   * @throws JournalException NEWER_SCHEMA where a newer build has migrated it beyond that;
   *     UNAVAILABLE where it cannot be reached, or its schema is not one that this build's grew
   *     from
   */
  public static Database open(DatabaseSettings settings, Contents contents) {
    return open(settings, contents, true);
  }

  /**
   * Opens a database as it is, for tools that only read. Refuses one whose schema is not exactly
   * this build's.
   *
   * @throws JournalException NEWER_SCHEMA, or UNAVAILABLE where it cannot be reached or is older
   */
  public static Database openUnchanged(DatabaseSettings settings, Contents contents) {
    return open(settings, contents, false);
  }

  private static Database open(DatabaseSettings settings, Contents contents, boolean migrate) {
    HikariDataSource pool = null;
    try {
      pool = new HikariDataSource(poolOf(settings));
      Flyway flyway = flyway(settings, contents, pool);
      MigrationInfo[] known = flyway.info().all();
      boolean newer = false;
      for (MigrationInfo each : known) {
        if (each.getState().isApplied() && !each.getState().isResolved()) {
          newer = true;
          if (reaches(pool, each, newestOf(known))) {
            continue;
          }
          throw new JournalException(
              Fault.NEWER_SCHEMA,
              "%s has schema version %s, which this build does not know (it knows up to %s): it was migrated by a newer build"
                  .formatted(settings, each.getVersion(), newestOf(known)));
        }
      }
      if (newer) {
        LOG.warn(
            "{} has a newer schema than this build's {}, made so that this build can go on with it",
            settings,
            newestOf(known));
      } else if (migrate) {
        flyway.migrate();
      } else if (flyway.info().pending().length > 0) {
        throw new JournalException(
            Fault.UNAVAILABLE,
            settings + " has an older schema, or none: start a node on it once, which migrates it");
      }
      return new Database(settings, pool);
    } catch (FlywayException | HikariPool.PoolInitializationException e) {
      closeQuietly(pool);
      throw new JournalException(Fault.UNAVAILABLE, settings + ": " + firstLine(e), e);
    } catch (JournalException e) {
      closeQuietly(pool);
      throw e;
    }
  }

  /**
   * Whether a migration that this build does not know was made so that it can go on with it: {@code
   * schema_reach} says so (OPS-8). A node of this build may then run beside one of the newer build,
   * and start again.
   */
  private static boolean reaches(HikariDataSource pool, MigrationInfo newer, String newestKnown) {
    try (Connection connection = pool.getConnection()) {
      return Sql.list(
              connection,
              "select oldest from schema_reach where version = ?",
              row -> row.getLong("oldest"),
              Long.parseLong(String.valueOf(newer.getVersion())))
          .stream()
          .anyMatch(oldest -> oldest <= Long.parseLong(newestKnown));
    } catch (SQLException | NumberFormatException e) {
      LOG.debug("nothing says that an older build can go on", e);
      return false; // a database of keys or of before there was such a table
    }
  }

  private static HikariConfig poolOf(DatabaseSettings settings) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(settings.jdbcUrl());
    config.setUsername(settings.user());
    config.setPassword(settings.password());
    config.setMaximumPoolSize(settings.connections());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(CONNECT_TIMEOUT_MILLIS);
    String schema = settings.schema();
    if (schema != null) {
      config.setSchema(schema);
    }
    config.setPoolName("tandem-" + settings.dialect().folder());
    return config;
  }

  private static Flyway flyway(
      DatabaseSettings settings, Contents contents, HikariDataSource pool) {
    FluentConfiguration config =
        Flyway.configure()
            .dataSource(pool)
            .locations("classpath:" + contents.root + "/" + settings.dialect().folder())
            .failOnMissingLocations(true)
            .cleanDisabled(true);
    String schema = settings.schema();
    if (schema != null) {
      config.schemas(schema).defaultSchema(schema);
    }
    return config.load();
  }

  private static String newestOf(MigrationInfo[] known) {
    String newest = "none";
    for (MigrationInfo each : known) {
      if (each.getState().isResolved()) {
        newest = String.valueOf(each.getVersion());
      }
    }
    return newest;
  }

  private static String firstLine(Exception e) {
    String message = String.valueOf(e.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  private static void closeQuietly(@Nullable HikariDataSource pool) {
    if (pool != null) {
      pool.close();
    }
  }

  /** H2 or PostgreSQL. */
  public Dialect dialect() {
    return settings.dialect();
  }

  /** What it was opened with. */
  public DatabaseSettings settings() {
    return settings;
  }

  /**
   * Lets readers of this journal read files as one with it (AUD-7); they are closed with it. What a
   * node does with a journal is not touched by this.
   */
  public void attach(List<Database> files) {
    archives = List.copyOf(files);
  }

  /** What is attached, in the order of their numbers. */
  public List<Database> archives() {
    return archives;
  }

  /** The pool, for those who keep connections themselves. */
  public DataSource dataSource() {
    return pool;
  }

  /** What is done with a connection. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object> {
    T with(Connection connection) throws SQLException;
  }

  /**
   * Runs statements that each stand for themselves.
   *
   * @throws JournalException UNAVAILABLE where the database refuses or cannot be reached
   */
  public <T extends @Nullable Object> T run(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /**
   * Runs statements that hold together or not at all; commits when the work returns.
   *
   * @throws JournalException UNAVAILABLE, after which nothing of it has happened
   */
  public <T extends @Nullable Object> T inTransaction(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      boolean done = false;
      try {
        T result = work.with(connection);
        connection.commit();
        done = true;
        return result;
      } finally {
        if (!done) {
          connection.rollback();
        }
        connection.setAutoCommit(true);
      }
    } catch (SQLException e) {
      throw unavailable(e);
    }
  }

  /** Runs one statement with its parameters; gives the number of rows it changed. */
  public int update(String sql, @Nullable Object... parameters) {
    return run(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Sql.bind(statement, parameters);
            return statement.executeUpdate();
          }
        });
  }

  private JournalException unavailable(SQLException e) {
    return new JournalException(
        Fault.UNAVAILABLE, settings + ": " + e.getSQLState() + " " + firstLine(e), e);
  }

  @Override
  public void close() {
    archives.forEach(Database::close);
    pool.close();
  }
}
