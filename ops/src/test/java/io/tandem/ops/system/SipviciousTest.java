package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIPVicious, the scanner that every public SIP server meets: once against a node that answers it
 * as freely as it can, so that every answer is compared, and once against one that trusts nobody.
 */
@Tag("rule:ACC-8")
class SipviciousTest {
  private static final String TRUSTS_NOBODY = "tandem.sip.defence.trusted = []";
  private static final List<String> METHODS = List.of("REGISTER", "INVITE", "OPTIONS");

  @TempDir Path directory;

  private PeerNode start(String... more) {
    PeerNode node = PeerNode.start(directory, 30_300, more);
    node.market().endpoint("1003", List.of("MD5"));
    node.market().endpoint("1007", List.of("SHA-256"));
    return node;
  }

  private static String run(PeerNode node, String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-p", Integer.toString(node.port()), "127.0.0.1"));
    return node.run(command).said();
  }

  private static String names(PeerNode node, String method) throws Exception {
    return run(node, "svwar", "--force", "--maximumtime=3", "-m", method, "-e", "1000-1009");
  }

  private String passwords(PeerNode node) throws Exception {
    Path words = directory.resolve("words");
    Files.writeString(words, "1003\npassword\nsecret\n1234\ntandem\n");
    return run(node, "svcrack", "-u", "1003", "-d", words.toString());
  }

  @Test
  @NeedsPeer({"svwar", "svcrack"})
  void names_that_are_there_and_that_are_not_get_one_verdict_and_passwords_are_not_found()
      throws Exception {
    try (PeerNode node = start()) {
      for (String method : METHODS) {
        String found = names(node, method);
        List<String> rows = found.lines().filter(row -> row.startsWith("| 100")).toList();
        // nothing, or every name with the same verdict: those that are there and those that are not
        assertThat(rows.size()).as(found).isIn(0, 10);
        assertThat(rows.stream().map(row -> row.split("\\|")[2].strip()).distinct())
            .as(found)
            .hasSizeLessThanOrEqualTo(1);
        assertThat(rows.isEmpty()).as(found).isEqualTo(found.contains("found nothing"));
      }
      assertThat(passwords(node)).contains("found nothing");
    }
  }

  /** That SIP is spoken here, and by what, may be seen; which version, and who is here, may not. */
  @Test
  @NeedsPeer({"svmap", "svwar", "svcrack"})
  void a_node_that_trusts_nobody_is_seen_to_be_there_and_no_more() throws Exception {
    try (PeerNode node = start(TRUSTS_NOBODY)) {
      List<String> devices =
          run(node, "svmap", "-m", "REGISTER")
              .lines()
              .filter(row -> row.startsWith("| 127."))
              .toList();
      assertThat(devices).isNotEmpty();
      assertThat(devices.stream().map(row -> row.split("\\|")[2].strip()))
          .isSubsetOf("Tandem", "unknown");
      assertThat(names(node, "REGISTER")).doesNotContain("| 100").contains("found nothing");
    }
  }
}
