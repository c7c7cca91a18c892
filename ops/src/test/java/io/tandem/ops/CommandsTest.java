package io.tandem.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the commands say to bad input: which option or key, what was found, what is allowed; never a
 * stack trace.
 */
class CommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  @Test
  void a_right_configuration_is_said_to_be_right_and_nothing_is_started() throws IOException {
    assertThat(run("run", "--check", "--config", config("tandem.sip.port = 0"))).isZero();
    assertThat(out.toString()).contains("configuration is right");
  }

  @Test
  void a_key_nobody_knows_is_named_with_its_neighbours() throws IOException {
    assertThat(run("run", "--config", config("tandem.sip.prot = 5060"))).isEqualTo(2);
    saysWithoutTrace("tandem.sip.prot", "tandem.sip.port");
  }

  @Test
  void a_configuration_that_is_not_there_is_named() {
    assertThat(run("run", "--config", directory.resolve("none.conf").toString())).isEqualTo(2);
    saysWithoutTrace("none.conf");
  }

  @Test
  void a_busy_port_is_named_with_its_key() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
      String keys =
          """
          tandem.node.directory = "%s"
          tandem.node.roles = [edge, control]
          tandem.rtp.ports = "18000-18099"
          tandem.sip.port = %d
          """
              .formatted(directory.resolve("node"), taken.getLocalPort());
      assertThat(run("run", "--config", config(keys))).isEqualTo(2);
      saysWithoutTrace("tandem.sip", Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void every_key_can_be_read_with_what_it_means() {
    assertThat(run("run", "--keys")).isZero();
    assertThat(out.toString()).contains("tandem {", "hold-age = 2 h");
  }

  @Test
  void a_timer_that_the_rules_do_not_allow_is_refused_before_anything_starts() {
    assertThat(run("demo", "--once", "--timer", "5")).isEqualTo(2);
    saysWithoutTrace("--timer", "30 to 300");
  }

  @Test
  void a_load_beyond_the_bounds_is_refused() {
    assertThat(run("bench", "call", "--agents", "1000000")).isEqualTo(2);
    saysWithoutTrace("--agents", "1 to 1000");
  }

  @Test
  void an_audit_of_a_directory_without_a_journal_makes_none() {
    Path nowhere = directory.resolve("nowhere");
    assertThat(run("audit", "verify", "--directory", nowhere.toString())).isEqualTo(2);
    saysWithoutTrace("tandem.node.directory");
    assertThat(nowhere).doesNotExist();
  }

  @Test
  void an_entity_is_named_by_type_and_id() {
    assertThat(run("audit", "show", "call_1")).isEqualTo(2);
    saysWithoutTrace("TYPE/ID");
  }

  @Test
  void audit_alone_asks_which_question() {
    assertThat(run("audit")).isEqualTo(2);
    saysWithoutTrace("Which question?", "trial-balance");
  }

  private void saysWithoutTrace(String... words) {
    assertThat(err.toString()).contains(words).doesNotContain("\tat ");
  }

  private String config(String text) throws IOException {
    return Files.writeString(directory.resolve("node.conf"), text).toString();
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
