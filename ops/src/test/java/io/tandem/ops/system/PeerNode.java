package io.tandem.ops.system;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.system.Market;
import io.tandem.persistence.money.Money;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A node on H2 with a market, and programs of others that are run against it. */
final class PeerNode implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Path directory;
  private final Node node;
  private final Market market;
  private int runs;

  /** What a program said, and how it ended. */
  record Run(int exit, String said) {}

  private PeerNode(Path directory, Node node) {
    this.directory = directory;
    this.node = node;
    this.market = new Market(node, 90_000, Money.ofUnits(25, "USD"));
  }

  /**
   * In a directory, with a hundred ports for media.
   *
   * @param more lines of its settings
   */
  static PeerNode start(Path directory, int firstPort, String... more) {
    String settings =
        """
        tandem.node.roles = [edge, control]
        tandem.node.directory = "%s"
        tandem.sip.port = 0
        tandem.rtp.ports = "%d-%d"
        """
            .formatted(directory.resolve("node"), firstPort, firstPort + 99);
    return new PeerNode(
        directory,
        Node.start(
            Settings.of(ConfigFactory.parseString(settings + String.join("\n", more))),
            NodeParts.REAL));
  }

  Node node() {
    return node;
  }

  Market market() {
    return market;
  }

  int port() {
    return node.edge().orElseThrow().sipAddress().getPort();
  }

  /** Runs a program to its end. */
  Run run(List<String> command) throws IOException, InterruptedException {
    runs++;
    Path out = directory.resolve(command.getFirst() + runs + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().put("HOME", directory.toString());
    Process process = builder.start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    String said = Files.readString(out, StandardCharsets.ISO_8859_1);
    if (!ended) {
      process.destroyForcibly();
      throw new AssertionError(command.getFirst() + " did not end: " + said);
    }
    return new Run(process.exitValue(), said);
  }

  @Override
  public void close() {
    node.close();
  }
}
