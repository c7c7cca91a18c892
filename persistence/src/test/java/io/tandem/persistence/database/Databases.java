package io.tandem.persistence.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Real databases for tests, an empty one each time. PostgreSQL is one server a JVM, from a jar,
 * with commits made durable as in production.
 *
 * <p>Contract tests run on each: {@code @ParameterizedClass @EnumSource(Databases.class)}.
 */
public enum Databases {
  H2_MEMORY {
    @Override
    public DatabaseSettings fresh() {
      return new DatabaseSettings("jdbc:h2:mem:test" + NEXT.incrementAndGet(), "sa", "");
    }
  },
  H2_FILE {
    @Override
    public DatabaseSettings fresh() {
      return new DatabaseSettings("jdbc:h2:file:" + temporaryFolder().resolve("tandem"), "sa", "");
    }
  },
  POSTGRESQL {
    @Override
    public DatabaseSettings fresh() {
      String name = "test" + NEXT.incrementAndGet();
      EmbeddedPostgres server = Server.running();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("create database " + name);
      } catch (SQLException e) {
        throw new IllegalStateException("creating " + name, e);
      }
      return new DatabaseSettings(
          "jdbc:postgresql://localhost:" + server.getPort() + "/" + name, "postgres", "postgres");
    }
  };

  private static final AtomicInteger NEXT = new AtomicInteger();

  /** Settings of a database that has nothing in it yet. */
  public abstract DatabaseSettings fresh();

  /** A fresh database, migrated. */
  public Database open(Database.Contents contents) {
    return Database.open(fresh(), contents);
  }

  private static Path temporaryFolder() {
    try {
      Path folder = Files.createTempDirectory("tandem-h2");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      System.err.println("could not clear " + folder + ": " + e);
    }
  }

  private static final class Server {
    private static @Nullable EmbeddedPostgres server;

    static synchronized EmbeddedPostgres running() {
      if (server == null) {
        try {
          server =
              EmbeddedPostgres.builder()
                  .setServerConfig("fsync", "on")
                  .setServerConfig("synchronous_commit", "on")
                  .setServerConfig("full_page_writes", "on")
                  .setServerConfig("max_prepared_transactions", "2")
                  // its transactions would hold the feed back at moments nobody chose
                  .setServerConfig("autovacuum", "off")
                  .start();
        } catch (IOException e) {
          throw new UncheckedIOException("PostgreSQL did not start", e);
        }
      }
      return server;
    }
  }
}
