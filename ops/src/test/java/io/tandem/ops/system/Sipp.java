package io.tandem.ops.system;

import io.tandem.protocol.media.codec.G711;
import io.tandem.protocol.media.playout.AudioFile;
import io.tandem.protocol.media.playout.ToneSource;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** SIPp, which nobody here wrote, as a phone that registers, as an agent and as a caller. */
final class Sipp implements AutoCloseable {
  private static final String HOST = "127.0.0.1";

  private final Path folder;
  private final InetSocketAddress node;
  private final List<Process> started = new ArrayList<>();
  private int mediaPort;

  /**
   * @param mediaPort first port of its own media, even; each process takes the next eight
   */
  Sipp(Path folder, InetSocketAddress node, int mediaPort) {
    this.folder = folder;
    this.node = node;
    this.mediaPort = mediaPort;
  }

  /** An agent's phone: registered, and waiting for one call that it answers with a tone. */
  Process agent(Stall stall, double hertz) throws Exception {
    int port = freePort();
    List<String> options = new ArrayList<>(List.of("-p", "" + port, "-key", "tone", tone(hertz)));
    Process phone = start("agent.xml", options);
    register(stall.name(), Stall.password(stall.name()), port);
    return phone;
  }

  /** Registers somebody's phone that listens on a port. */
  void register(String user, String password, int port) throws Exception {
    Process register =
        start(
            "register.xml",
            List.of(
                "-p",
                "" + freePort(),
                "-key",
                "user",
                user,
                "-au",
                user,
                "-ap",
                password,
                "-key",
                "contact_port",
                "" + port,
                node()));
    expectSuccess("the registration", register, 15);
  }

  /** A phone on a port that answers so many calls at once; it keeps what it hears in a file. */
  Process colleague(int port, int calls, Path heard) throws Exception {
    return start(
        "colleague.xml",
        List.of("-p", "" + port, "-m", "" + calls, "-trace_msg", "-message_file", "" + heard));
  }

  /**
   * An agent's phone on a port that takes a call, talks to a colleague's phone meanwhile, and hands
   * the call on to it.
   *
   * @param colleague whom the node is to ring
   */
  Process consulting(int port, String colleague, int colleaguePort) throws Exception {
    return start(
        "consulting.xml",
        List.of(
            "-p",
            "" + port,
            "-key",
            "node_port",
            "" + node.getPort(),
            "-key",
            "colleague",
            colleague,
            "-key",
            "colleague_port",
            "" + colleaguePort));
  }

  /** A caller of the stall's number who plays a tone and hangs up so long after the answer. */
  Process caller(Stall stall, double hertz, Duration talk) throws Exception {
    return start(
        "caller.xml",
        List.of(
            "-p",
            "" + freePort(),
            "-s",
            stall.number(),
            "-key",
            "caller",
            Stall.CALLER,
            "-key",
            "tone",
            tone(hertz),
            "-d",
            "" + talk.toMillis(),
            node()));
  }

  /**
   * A caller of the stall's number in G.722 that sends back what it hears, and holds the other side
   * after a phase, takes it back after another, and hangs up after three more.
   */
  Process echo(Stall stall, Duration phase) throws Exception {
    return start(
        "echo.xml",
        List.of(
            "-p",
            "" + freePort(),
            "-s",
            stall.number(),
            "-key",
            "caller",
            Stall.CALLER,
            "-rtp_echo",
            "-d",
            "" + phase.toMillis(),
            node()));
  }

  /** Waits for the end of one; its exit code says whether every message was as expected. */
  void expectSuccess(String what, Process process, int seconds) throws Exception {
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(
          what + (ended ? " ended with " + process.exitValue() : " did not end") + "\n" + logs());
    }
  }

  private String node() {
    return node.getAddress().getHostAddress() + ":" + node.getPort();
  }

  private String tone(double hertz) throws IOException {
    Path file = folder.resolve("t" + Math.round(hertz) + ".ul");
    if (!Files.exists(file)) {
      AudioFile.writeRaw(file, new ToneSource(G711.ULAW, hertz, 0.5).octets(Duration.ofSeconds(2)));
    }
    return file + ",-1,0,PCMU/8000";
  }

  private Process start(String scenario, List<String> options)
      throws IOException, URISyntaxException {
    Path file =
        Path.of(Objects.requireNonNull(Sipp.class.getResource("/sipp/" + scenario)).toURI());
    List<String> command = new ArrayList<>(List.of("sipp", "-sf", file.toString()));
    command.addAll(List.of("-i", HOST, "-mi", HOST, "-mp", "" + mediaPort));
    command.addAll(List.of("-m", "1", "-nostdin", "-timeout", "90s", "-trace_err"));
    command.addAll(options);
    mediaPort += 8;
    Path log = folder.resolve("sipp-" + started.size() + "-" + scenario + ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    started.add(process);
    return process;
  }

  private String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith("errors.log")).toList()) {
        all.append(file.getFileName()).append(":\n").append(Files.readString(file));
      }
    }
    return all.toString();
  }

  static int freePort() throws IOException {
    try (DatagramSocket probe = new DatagramSocket(0, InetAddress.getByName(HOST))) {
      return probe.getLocalPort();
    }
  }

  @Override
  public void close() {
    started.forEach(Process::destroyForcibly);
  }
}
