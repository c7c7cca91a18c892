package io.tandem.ops.bench.sip;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server under load: Tandem's SIP part in a JVM of its own, or Kamailio. Ends with this.
 *
 * @param name as the table shows it
 */
record SipServer(String name, Process process, int port) implements AutoCloseable {
  private static final int STOP_SECONDS_MAX = 5;
  private static final int START_MILLIS = 1_500;

  /** Tandem, sending calls to the answerer. */
  static SipServer tandem(int answererPort, Path log) throws IOException {
    return tandem(answererPort, log, List.of());
  }

  /**
   * Tandem, likewise.
   *
   * @param before what stands before its command: where it may run
   */
  static SipServer tandem(int answererPort, Path log, List<String> before) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms5g",
            "-Xmx5g",
            // half a minute of transactions is copied once, and pauses are no shorter where they
            // come
            // more often: with 192 MB they took 13 % of the core at its limit, with this 8
            "-Xmn800m",
            // what outlives a collection is a transaction, which lives for 32 s: copied once is
            // enough
            "-XX:MaxTenuringThreshold=0",
            "-XX:+AlwaysPreTouch",
            "-XX:+UseParallelGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    String more = System.getProperty("tandem.bench.jvm", "");
    if (!more.isBlank()) {
      command.addAll(List.of(more.strip().split("\\s+")));
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            BackToBackMain.class.getName(),
            Integer.toString(answererPort)));
    Process process = started(new ProcessBuilder(command).redirectError(log.toFile()));
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String port = out.readLine();
    if (port == null) {
      throw new IOException("the server did not start: " + Files.readString(log));
    }
    return new SipServer("Tandem, B2BUA", process, Integer.parseInt(port));
  }

  /**
   * Kamailio with one worker as stateful proxy and registrar.
   *
   * @param allocator tlsf or qm
   */
  static SipServer kamailio(int answererPort, String allocator, Path directory)
      throws IOException, InterruptedException {
    int port = freePort();
    Path config =
        Files.writeString(
            directory.resolve("kamailio-" + allocator + ".cfg"), configuration(port, answererPort));
    Process process =
        started(
            new ProcessBuilder(
                    "kamailio",
                    "-DD",
                    "-E",
                    "-b",
                    "4194304",
                    "-m",
                    "512",
                    "-M",
                    "16",
                    "-x",
                    allocator,
                    "-f",
                    config.toString(),
                    "-Y",
                    directory.toString(),
                    "-P",
                    directory.resolve(allocator + ".pid").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("kamailio-" + allocator + ".log").toFile()));
    TimeUnit.MILLISECONDS.sleep(START_MILLIS);
    if (!process.isAlive()) {
      throw new IOException(Files.readString(directory.resolve("kamailio-" + allocator + ".log")));
    }
    return new SipServer("Kamailio, proxy, " + allocator, process, port);
  }

  private static String configuration(int port, int answererPort) {
    return """
    #!KAMAILIO
    debug=-1
    log_stderror=yes
    children=1
    listen=udp:127.0.0.1:%d
    disable_tcp=yes
    auto_aliases=no
    dns=no
    rev_dns=no
    loadmodule "tm.so"
    loadmodule "sl.so"
    loadmodule "pv.so"
    loadmodule "maxfwd.so"
    loadmodule "textops.so"
    loadmodule "siputils.so"
    loadmodule "auth.so"
    loadmodule "usrloc.so"
    loadmodule "registrar.so"
    modparam("auth", "nonce_count", 0)
    modparam("auth", "secret", "%s")
    request_route {
      if (!mf_process_maxfwd_header("10")) {
        sl_send_reply("483", "Too Many Hops");
        exit;
      }
      if (is_method("REGISTER")) {
        if (!pv_www_authenticate("%s", "%s", "0")) {
          www_challenge("%s", "0");
          exit;
        }
        consume_credentials();
        if (!save("location")) sl_reply_error();
        exit;
      }
      $du = "sip:127.0.0.1:%d";
      if (!t_relay()) sl_reply_error();
    }
    """
        .formatted(
            port,
            BenchRegistrar.PASSWORD,
            BenchRegistrar.REALM,
            BenchRegistrar.PASSWORD,
            BenchRegistrar.REALM,
            answererPort);
  }

  static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process started(ProcessBuilder builder) throws IOException {
    Process process = builder.start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
