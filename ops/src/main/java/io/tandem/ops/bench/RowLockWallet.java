package io.tandem.ops.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.tandem.persistence.database.DatabaseSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The peer: the same wallet the usual way, one row that each transaction locks, changes, and tells
 * a movement of. Prepared statements, a pool, no object mapper.
 */
final class RowLockWallet implements AutoCloseable {

  private final HikariDataSource pool;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  RowLockWallet(DatabaseSettings database, int connections, long availableMicros)
      throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(database.jdbcUrl());
    config.setUsername(database.user());
    config.setPassword(database.password());
    config.setMaximumPoolSize(connections);
    config.setAutoCommit(false);
    pool = new HikariDataSource(config);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table bench_wallet (id varchar(200) primary key, available bigint not null, held bigint not null)");
      statement.execute(
          """
          create table bench_movement (hold_id varchar(200) not null, kind varchar(16) not null,
            wallet_id varchar(200) not null, amount bigint not null, available bigint not null, held bigint not null,
            at timestamptz not null default now(), primary key (hold_id, kind))""");
      statement.execute("insert into bench_wallet values ('w', " + availableMicros + ", 0)");
      connection.commit();
    }
  }

  /** Holds an amount, or lets it go again where it is negative. */
  CompletionStage<Boolean> move(String holdId, long micros) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return moveNow(holdId, micros);
          } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
          }
        },
        threads);
  }

  private boolean moveNow(String holdId, long micros) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      long available;
      long held;
      try (PreparedStatement lock =
              connection.prepareStatement(
                  "select available, held from bench_wallet where id = 'w' for update");
          ResultSet row = lock.executeQuery()) {
        row.next();
        available = row.getLong(1) - micros;
        held = row.getLong(2) + micros;
      }
      if (available < 0) {
        connection.rollback();
        return false;
      }
      try (PreparedStatement update =
          connection.prepareStatement(
              "update bench_wallet set available = ?, held = ? where id = 'w'")) {
        update.setLong(1, available);
        update.setLong(2, held);
        update.executeUpdate();
      }
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into bench_movement (hold_id, kind, wallet_id, amount, available, held) values (?, ?, 'w', ?, ?, ?)")) {
        insert.setString(1, holdId);
        insert.setString(2, micros > 0 ? "held" : "released");
        insert.setLong(3, micros);
        insert.setLong(4, available);
        insert.setLong(5, held);
        insert.executeUpdate();
      }
      connection.commit();
      return true;
    }
  }

  /** How many movements are stored. */
  long movements() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from bench_movement")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    threads.close();
    pool.close();
  }
}
