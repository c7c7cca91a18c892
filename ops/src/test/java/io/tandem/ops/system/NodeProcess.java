package io.tandem.ops.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A node in a process of its own, started as {@code tandem run} starts it, so that a test can kill
 * it for real.
 */
final class NodeProcess implements AutoCloseable {
  /** The operator's token of every node under test. */
  static final String OPERATOR = "operator-token-for-tests";

  private static final long READY_SECONDS_MAX = 60;

  private final Process process;
  private final Path log;
  private final JsonNode ready;

  private NodeProcess(Process process, Path log, JsonNode ready) {
    this.process = process;
    this.log = log;
    this.ready = ready;
  }

  /**
   * Starts a node and waits until it says it is ready.
   *
   * @param directory the node's own directory; the log goes there too
   * @param keys configuration below {@code tandem}, such as {@code sip.port}
   * @param testClasses whether classes of the tests are on its class path (for journals that stop
   *     at a boundary)
   */
  static NodeProcess start(Path directory, Map<String, Object> keys, List<String> jvmOptions) {
    try {
      Files.createDirectories(directory);
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("node.directory", directory.toString());
      all.put("http.operator-token", OPERATOR);
      all.putAll(keys);
      StringBuilder hocon = new StringBuilder();
      all.forEach(
          (key, value) ->
              hocon.append("tandem.").append(key).append(" = ").append(quoted(value)).append('\n'));
      Path config = Files.writeString(directory.resolve("node.conf"), hocon);
      Path log = directory.resolve("node-" + System.nanoTime() + ".log");
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-Xmx512m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));
      command.addAll(jvmOptions);
      command.addAll(
          List.of(
              "-cp",
              System.getProperty("java.class.path"),
              "io.tandem.ops.Main",
              "run",
              "--json",
              "--config"));
      command.add(config.toString());
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      return new NodeProcess(process, log, awaitReady(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(Object value) {
    return value instanceof String text
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : String.valueOf(value);
  }

  /**
   * The first line of JSON with {@code "event":"ready"}; everything else on standard output is kept
   * in the log's neighbour.
   */
  private static JsonNode awaitReady(Process process, Path log) {
    CompletableFuture<JsonNode> ready = new CompletableFuture<>();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ObjectMapper mapper = new ObjectMapper();
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                  if (line.startsWith("{") && line.contains("\"ready\"")) {
                    ready.complete(mapper.readTree(line));
                  }
                }
                ready.completeExceptionally(
                    new IllegalStateException("the node ended before it was ready; see " + log));
              } catch (IOException e) {
                ready.completeExceptionally(e);
              }
            });
    try {
      return ready.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (Exception e) {
      process.destroyForcibly();
      throw new IllegalStateException("the node is not ready\n" + tail(log), e);
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }

  /** Where it answers SIP. */
  InetSocketAddress sip() {
    return new InetSocketAddress(ready.get("sipHost").asText(), ready.get("sipPort").asInt());
  }

  /** Where it answers HTTP. */
  URI http() {
    return URI.create(ready.get("http").asText());
  }

  /** Its address in the cluster, as {@code host:port}. */
  String cluster() {
    return ready.get("cluster").asText();
  }

  /** Milliseconds from the JVM's start until it was ready. */
  long readyMillis() {
    return ready.get("millis").asLong();
  }

  /** The process id. */
  long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL, and waits until the process is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** What it last wrote to its log. */
  String logTail() {
    return tail(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private void awaitEnd() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
