package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.system.Market;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.persistence.money.Money;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sipsak, with which SIP servers are poked: pings, registers, and sends what is broken. */
@NeedsPeer("sipsak")
class SipsakTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path directory;

  private Node node;
  private Market market;
  private int runs;

  /** What it said, and how it ended. */
  private record Run(int exit, String said) {}

  @BeforeEach
  void start() {
    node =
        Node.start(
            Settings.of(
                ConfigFactory.parseString(
                    """
                    tandem.node.roles = [edge, control]
                    tandem.node.directory = "%s"
                    tandem.sip.port = 0
                    tandem.rtp.ports = "30500-30599"
                    """
                        .formatted(directory.resolve("node")))),
            NodeParts.REAL);
    market = new Market(node, 90_000, Money.ofUnits(25, "USD"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private Run sipsak(String user, String... options) throws IOException, InterruptedException {
    int port = node.edge().orElseThrow().sipAddress().getPort();
    List<String> command =
        new ArrayList<>(List.of("sipsak", "-s", "sip:" + user + "@127.0.0.1:" + port));
    command.addAll(List.of(options));
    runs++;
    Path out = directory.resolve("sipsak" + runs + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(
          "sipsak did not end: " + Files.readString(out, StandardCharsets.ISO_8859_1));
    }
    return new Run(process.exitValue(), Files.readString(out, StandardCharsets.ISO_8859_1));
  }

  @Test
  @Tag("rule:TEL-1")
  void a_phone_registers_with_its_password_and_not_with_another_and_both_transports_answer()
      throws Exception {
    for (String transport : List.of("udp", "tcp")) {
      Run ping = sipsak("node", "-E", transport, "-v");
      assertThat(ping.exit()).as(ping.said()).isZero();
      assertThat(ping.said()).contains("200 OK");
    }
    market.endpoint("anna", List.of("MD5"));
    String contact = "sip:anna@127.0.0.1:5099";
    Run right = register(contact, Market.password("anna"));
    assertThat(right.exit()).as(right.said()).isZero();
    assertThat(right.said()).contains("SIP/2.0 401", "SIP/2.0 200", "<" + contact + ">");
    Run wrong = register(contact, "guessed");
    assertThat(wrong.exit()).as(wrong.said()).isNotZero();
    assertThat(wrong.said()).contains("SIP/2.0 403").doesNotContain("SIP/2.0 200");
  }

  /** Told its name, for it takes "anna@" for it. */
  private Run register(String contact, String password) throws Exception {
    return sipsak("anna", "-U", "-C", contact, "-x", "600", "-u", "anna", "-a", password, "-vvv");
  }

  /** Each round it breaks a request in one more place, until it was never answered for a while. */
  @Test
  void requests_that_it_breaks_at_random_do_not_bring_the_node_down() throws Exception {
    Run broken = sipsak("node", "-R", "-t", "120", "-v");
    System.out.println(broken.said().lines().reduce("", (before, line) -> line));
    Run ping = sipsak("node", "-v");
    assertThat(ping.exit()).as(ping.said()).isZero();
  }
}
