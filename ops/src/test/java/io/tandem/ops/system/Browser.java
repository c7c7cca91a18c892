package io.tandem.ops.system;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Chromium without a window on {@code phone.html}, and the HTTP server that is its signalling: it
 * asks for an offer, or tells its description and gets our answer; what else it says can be heard.
 */
final class Browser implements AutoCloseable {
  static final String PROGRAM = "chromium";
  private static final int PATIENCE_SECONDS = 40;

  private final HttpServer server;
  private final Process process;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Function<String, String> signalling;

  /**
   * @param query of the page: {@code ""} when the browser offers, {@code "?answer"} when we do
   * @param signalling gets the browser's description, or nothing when it asks for our offer; gives
   *     ours
   */
  Browser(Path profile, String query, Function<String, String> signalling) throws IOException {
    this.signalling = signalling;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    process =
        new ProcessBuilder(
                List.of(
                    PROGRAM,
                    "--headless=new",
                    "--no-sandbox", // CI runs as root
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--no-first-run",
                    "--mute-audio",
                    "--autoplay-policy=no-user-gesture-required",
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    "--allow-loopback-in-peer-connection",
                    "--user-data-dir=" + profile,
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/phone.html" + query))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    byte[] answer =
        switch (path) {
          case "/phone.html" -> page();
          case "/offer", "/answer" -> signalling.apply(body).getBytes(StandardCharsets.UTF_8);
          default -> {
            said.add(path.substring(1) + " " + body);
            yield new byte[0];
          }
        };
    exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static byte[] page() throws IOException {
    try (InputStream in = Browser.class.getResourceAsStream("/browser/phone.html")) {
      if (in == null) {
        throw new IOException("phone.html is not on the class path");
      }
      return in.readAllBytes();
    }
  }

  /** Waits until it says something that begins so; the rest of it. */
  String hears(String beginning) throws InterruptedException {
    StringBuilder all = new StringBuilder();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String next = said.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null || next.startsWith("broken")) {
        throw new AssertionError("the browser never said '" + beginning + "': " + all + next);
      }
      if (next.startsWith(beginning)) {
        return next.substring(beginning.length()).strip();
      }
      all.append(next).append("; ");
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(10, TimeUnit.SECONDS);
    for (ProcessHandle child : children) {
      child.onExit().completeOnTimeout(child, 10, TimeUnit.SECONDS).join(); // they hold its files
    }
    server.stop(0);
  }
}
