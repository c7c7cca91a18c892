package io.tandem.ops.bench.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import io.tandem.node.boot.Settings;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What is measured: PostgreSQL with durable commits, and a node with all roles in a JVM of its own.
 * Both end with this.
 */
final class Rig implements AutoCloseable {
  private static final String TOKEN =
      HexFormat.of().formatHex(new java.security.SecureRandom().generateSeed(16));
  private static final int READY_SECONDS_MAX = 60;
  private static final Path LARGE_PAGES = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");

  /** Files of the write-ahead log, 16 MiB each, that are there before anything is measured. */
  private static final int LOG_FILES = 64;

  private static final int STOP_SECONDS_MAX = 20;

  private final EmbeddedPostgres postgres;
  private final ProcessTree database;
  private final Process node;
  private final Settings settings;
  private final JsonNode ready;

  private Rig(
      EmbeddedPostgres postgres,
      ProcessTree database,
      Process node,
      Settings settings,
      JsonNode ready) {
    this.postgres = postgres;
    this.database = database;
    this.node = node;
    this.settings = settings;
    this.ready = ready;
  }

  /**
   * Starts both.
   *
   * @param directory for the node's configuration and log, and for the database's files
   * @param nodeOptions for the node's JVM, after its own
   * @throws IOException when one cannot be started; the node's log then says why
   */
  static Rig start(Path directory, List<String> nodeOptions)
      throws IOException, SQLException, InterruptedException {
    Path files = directory.resolve("postgres");
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_buffers", "256MB")
            .setServerConfig("max_wal_size", "2GB")
            .setServerConfig("min_wal_size", "2GB")
            .setDataDirectory(files)
            .setCleanDataDirectory(false)
            .start();
    Process node = null;
    try {
      run(postgres, "create database tandem");
      run(postgres, "create database tandem_keys");
      fillLog(postgres);
      Path config =
          Files.writeString(
              directory.resolve("node.conf"), configuration(postgres.getPort(), directory));
      node = spawn(config, directory.resolve("node.log"), nodeOptions);
      JsonNode ready = awaitReady(node, directory.resolve("node.log"));
      long pid =
          Long.parseLong(Files.readAllLines(files.resolve("postmaster.pid")).getFirst().strip());
      return new Rig(postgres, new ProcessTree(pid), node, Settings.load(config.toFile()), ready);
    } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
      if (node != null) {
        node.destroyForcibly();
      }
      postgres.close();
      throw e;
    }
  }

  private static String configuration(int port, Path directory) {
    String base = "jdbc:postgresql://localhost:" + port + "/";
    Map<String, Object> keys = new HashMap<>();
    keys.put("tandem.node.name", "bench");
    keys.put("tandem.node.directory", directory.resolve("node").toString());
    for (String store : List.of("database", "keys")) {
      keys.put(
          "tandem." + store + ".url", base + (store.equals("keys") ? "tandem_keys" : "tandem"));
      keys.put("tandem." + store + ".user", "postgres");
      keys.put("tandem." + store + ".password", "postgres");
    }
    keys.put("tandem.sip.port", 0);
    keys.put("tandem.http.port", 0);
    keys.put("tandem.http.operator-token", TOKEN);
    // two ports a leg and two for its control: an address of its own, for more than 10,000 calls
    keys.put("tandem.rtp.host", "127.0.0.2");
    keys.put("tandem.rtp.ports", "1024-65535");
    // the phones of the benchmark are silent: that is not to take its agents away (COOL-2)
    keys.put("tandem.market.cooldown.dead-air", "1 h");
    return ConfigFactory.parseMap(keys).root().render(ConfigRenderOptions.concise());
  }

  private static Process spawn(Path config, Path log, List<String> nodeOptions) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:+UseParallelGC",
            "-XX:+UseCompactObjectHeaders",
            "-Dtandem-log=WARN",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    if (givesLargePages()) {
      command.add("-XX:+UseTransparentHugePages"); // as ./tandem run does
    }
    command.addAll(nodeOptions);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "io.tandem.ops.Main",
            "run",
            "--json",
            "--config",
            config.toString()));
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** Whether this is a Linux that gives large pages to who asks for them. */
  private static boolean givesLargePages() throws IOException {
    if (!Files.isReadable(LARGE_PAGES)) {
      return false;
    }
    String enabled = Files.readString(LARGE_PAGES);
    return enabled.contains("[madvise]") || enabled.contains("[always]");
  }

  private static JsonNode awaitReady(Process node, Path log)
      throws IOException, InterruptedException {
    CompletableFuture<String> line = new CompletableFuture<>();
    BufferedReader out = node.inputReader(StandardCharsets.UTF_8);
    var reader =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    String first = out.readLine();
                    boolean unused =
                        first == null
                            ? line.completeExceptionally(new IOException("the node ended"))
                            : line.complete(first);
                  } catch (IOException e) {
                    line.completeExceptionally(e);
                  }
                });
    try {
      return new ObjectMapper().readTree(line.get(READY_SECONDS_MAX, TimeUnit.SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      reader.interrupt();
      throw new IOException("the node was not ready:\n" + Files.readString(log), e);
    }
  }

  private static void run(EmbeddedPostgres postgres, String sql) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /**
   * As many files of the log as a server that has run for a while has, which it uses again: a new
   * one makes each of them anew, 16 MiB of zeros, while commits wait.
   */
  private static void fillLog(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (int file = 0; file < LOG_FILES; file++) {
        boolean unused =
            statement.execute(
                "select pg_logical_emit_message(false, 'bench', 'a file'), pg_switch_wal()");
      }
      boolean unused = statement.execute("checkpoint");
    }
  }

  /** The node's log so far; its lines are warnings. */
  static List<String> log(Path directory) throws IOException {
    return Files.readAllLines(directory.resolve("node.log"));
  }

  /** What the database has done so far. */
  Counted counted() throws SQLException {
    try (Connection connection = postgres.getDatabase("postgres", "tandem").getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select (select count(*) from event_journal), (select sum(xact_commit) from"
                    + " pg_stat_database)")) {
      return row.next() ? new Counted(row.getLong(1), row.getLong(2)) : new Counted(0, 0);
    }
  }

  /**
   * What the database has done.
   *
   * @param events in the journal
   * @param commits transactions, those that only read among them
   */
  record Counted(long events, long commits) {
    Counted minus(Counted before) {
      return new Counted(events - before.events, commits - before.commits);
    }
  }

  InetSocketAddress sip() {
    return new InetSocketAddress(ready.get("sipHost").asText(), ready.get("sipPort").asInt());
  }

  URI http() {
    return URI.create(ready.get("http").asText());
  }

  static String token() {
    return TOKEN;
  }

  /** Milliseconds from the start of the node's JVM until it was ready. */
  long readyMillis() {
    return ready.get("millis").asLong();
  }

  /** What the node was configured with. */
  Settings settings() {
    return settings;
  }

  /** CPU of the node and of the database so far. */
  Cpu cpu() {
    return new Cpu(new ProcessTree(node.pid()).cpuMillis(), database.cpuMillis());
  }

  /** Milliseconds of CPU. */
  record Cpu(long nodeMillis, long databaseMillis) {
    Cpu minus(Cpu before) {
      return new Cpu(nodeMillis - before.nodeMillis, databaseMillis - before.databaseMillis);
    }

    long millis() {
      return nodeMillis + databaseMillis;
    }
  }

  @Override
  public void close() throws IOException {
    close(STOP_SECONDS_MAX);
  }

  /** Ends both, the node by force when it has not ended by itself by then. */
  void close(int seconds) throws IOException {
    node.destroy();
    try {
      if (!node.waitFor(seconds, TimeUnit.SECONDS)) {
        node.destroyForcibly();
      }
    } catch (InterruptedException e) {
      node.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    postgres.close();
  }
}
