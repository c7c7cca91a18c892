package io.tandem.ops.system;

import io.tandem.protocol.sip.transport.tls.TlsSettings;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A carrier made of Kamailio: a registrar with digest, which passes calls for registered users to
 * their contact, and calls of ours, once they have shown credentials, to one phone.
 */
final class Kamailio implements AutoCloseable {
  static final String USER = "tandem";
  static final String PASSWORD = "carrier-secret";
  private static final int STOP_SECONDS = 5;
  private static final String TLS =
      """
      enable_tls=yes
      tcp_children=1
      listen=tls:127.0.0.1:%d
      loadmodule "tls.so"
      modparam("tls", "private_key", "%s")
      modparam("tls", "certificate", "%s")
      modparam("tls", "verify_certificate", 0)
      modparam("tls", "tls_method", "TLSv1.2+")
      modparam("tls", "tls_force_run", 11)
      """;
  private static final String CONFIG =
      """
      #!KAMAILIO
      debug=0
      log_stderror=yes
      children=1
      listen=udp:127.0.0.1:%1$d
      %5$s
      auto_aliases=no
      dns=no
      rev_dns=no
      loadmodule "tm.so"
      loadmodule "sl.so"
      loadmodule "rr.so"
      loadmodule "pv.so"
      loadmodule "textops.so"
      loadmodule "siputils.so"
      loadmodule "auth.so"
      loadmodule "usrloc.so"
      loadmodule "registrar.so"
      modparam("auth", "secret", "of the tests")
      request_route {
        if (has_totag()) {
          if (loose_route()) {
            if (!t_relay()) sl_reply_error();
            exit;
          }
          if (is_method("ACK")) {
            if (t_check_trans()) t_relay();
            exit;
          }
          sl_send_reply("404", "Not here");
          exit;
        }
        if (is_method("CANCEL")) {
          if (t_check_trans()) t_relay();
          exit;
        }
        if (is_method("OPTIONS")) {
          sl_send_reply("200", "Here");
          exit;
        }
        if (is_method("REGISTER")) {
          if (!pv_www_authenticate("carrier", "%3$s", "0")) {
            www_challenge("carrier", "0");
            exit;
          }
          if (!save("location")) sl_reply_error();
          exit;
        }
        record_route();
        if ($rU == "+18005550100") {
          $var(number) = $rU;
          $ru = "sip:%4$s@127.0.0.1";
          if (!lookup("location")) {
            sl_send_reply("480", "Not registered");
            exit;
          }
          $rU = $var(number);
          if (!t_relay()) sl_reply_error();
          exit;
        }
        if (!pv_proxy_authenticate("carrier", "%3$s", "0")) {
          proxy_challenge("carrier", "0");
          exit;
        }
        consume_credentials();
        $du = "sip:127.0.0.1:%2$d";
        if (!t_relay()) sl_reply_error();
      }
      """;

  private final Process process;
  private final int port;
  private final int tlsPort;
  private final Path log;

  private Kamailio(Process process, int port, int tlsPort, Path log) {
    this.tlsPort = tlsPort;
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param phonePort where calls of ours are sent
   */
  static Kamailio start(Path directory, int phonePort) throws IOException {
    return start(directory, phonePort, "disable_tcp=yes", 0);
  }

  /**
   * The same that is reached over TLS by us, and over UDP by the phone.
   *
   * @param pair its certificate and key
   */
  static Kamailio overTls(Path directory, int phonePort, TlsSettings.Pair pair) throws IOException {
    int tlsPort = freePort();
    return start(directory, phonePort, TLS.formatted(tlsPort, pair.key(), pair.chain()), tlsPort);
  }

  private static Kamailio start(Path directory, int phonePort, String streams, int tlsPort)
      throws IOException {
    int port = freePort();
    Path config =
        Files.writeString(
            directory.resolve("kamailio.cfg"),
            CONFIG.formatted(port, phonePort, PASSWORD, USER, streams));
    Path log = directory.resolve("kamailio.log");
    Process process =
        new ProcessBuilder(
                "kamailio",
                "-DD",
                "-E",
                "-m",
                "64",
                "-M",
                "8",
                "-f",
                config.toString(),
                "-Y",
                directory.toString(),
                "-P",
                directory.resolve("kamailio.pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return new Kamailio(process, port, tlsPort, log);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Whether its TLS module is there: a package of its own. */
  static boolean speaksTls() {
    return Stream.of("/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib")
        .anyMatch(lib -> Files.exists(Path.of(lib, "kamailio/modules/tls.so")));
  }

  int tlsPort() {
    return tlsPort;
  }

  int port() {
    return port;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
