package io.tandem.ops.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.node.boot.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
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
  private final Path config;
  private final Lines lines;
  private final JsonNode ready;

  private NodeProcess(Process process, Path log, Path config, Lines lines, JsonNode ready) {
    this.process = process;
    this.log = log;
    this.config = config;
    this.lines = lines;
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
      List<String> command = new ArrayList<>(NodeClasses.java(jvmOptions));
      command.add("io.tandem.ops.system.SystemNode");
      command.add(config.toString());
      Process process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      Lines lines = new Lines(process, log);
      return new NodeProcess(process, log, config, lines, lines.awaitReady());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quoted(Object value) {
    return value instanceof String text
        ? '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
        : String.valueOf(value);
  }

  /** What a node says on standard output, line by line; what is no JSON goes to the log. */
  private static final class Lines {
    private final Process process;
    private final Path log;
    private final CompletableFuture<JsonNode> ready = new CompletableFuture<>();
    private final LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private final List<String> stops = new CopyOnWriteArrayList<>();

    Lines(Process process, Path log) {
      this.process = process;
      this.log = log;
      // a read from a pipe holds its carrier: two of them would leave a virtual thread none
      Thread.ofPlatform().daemon().start(this::read);
    }

    private void read() {
      ObjectMapper mapper = new ObjectMapper();
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
          Writer rest =
              Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          if (line.startsWith("{")) {
            take(mapper.readTree(line));
          } else {
            rest.append(line).append('\n').flush();
          }
        }
        ready.completeExceptionally(new IllegalStateException("ended before it was ready: " + log));
      } catch (IOException e) {
        ready.completeExceptionally(e);
      }
    }

    private void take(JsonNode line) {
      if (line.has("answer")) {
        answers.add(line.get("answer").asText());
      } else if (line.has("stopped")) {
        stops.add(line.get("stopped").asText());
      } else {
        ready.complete(line);
      }
    }

    JsonNode awaitReady() {
      try {
        return ready.get(READY_SECONDS_MAX, TimeUnit.SECONDS);
      } catch (Exception e) {
        process.destroyForcibly();
        throw new IllegalStateException("the node is not ready\n" + tail(log), e);
      }
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

  /** Opens a stall on it; returns when its directory knows all of it. */
  void open(Stall stall) {
    order(
        "{\"do\":\"open\",\"name\":\"%s\",\"number\":\"%s\",\"timerMillis\":%d,\"units\":%d}"
            .formatted(stall.name(), stall.number(), stall.timerMillis(), stall.units()));
    know(stall);
  }

  /** Waits until its directory knows all of a stall that was opened here or on another node. */
  void know(Stall stall) {
    order("{\"do\":\"know\",\"name\":\"%s\"}".formatted(stall.name()));
  }

  private void order(String line) {
    try {
      Writer in = process.outputWriter(StandardCharsets.UTF_8);
      in.append(line).append('\n').flush();
      String answer = lines.answers.poll(READY_SECONDS_MAX, TimeUnit.SECONDS);
      if (!"ok".equals(answer)) {
        throw new AssertionError(line + " was answered with " + answer + "\n" + tail(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(tail(log), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Stalls whose journal has stopped at its boundary. */
  List<String> stops() {
    return lines.stops;
  }

  /** Its configuration, as an auditor reads it. */
  Settings settings() {
    return Settings.load(config.toFile());
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
