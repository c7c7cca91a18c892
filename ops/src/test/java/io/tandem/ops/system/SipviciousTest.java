package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.NeedsPeer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIPVicious, the scanner that every public SIP server meets, against a node that trusts nobody: it
 * learns that a SIP server is here, and neither names nor passwords.
 */
@Tag("rule:ACC-8")
class SipviciousTest {
  @TempDir Path directory;

  private PeerNode node;

  @BeforeEach
  void start() {
    node = PeerNode.start(directory, 30_300, "tandem.sip.defence.trusted = []");
    node.market().endpoint("1003", List.of("MD5"));
    node.market().endpoint("1007", List.of("SHA-256"));
  }

  @AfterEach
  void stop() {
    node.close();
  }

  private String run(String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(List.of(arguments));
    command.addAll(List.of("-p", Integer.toString(node.port()), "127.0.0.1"));
    return node.run(command).said();
  }

  @Test
  @NeedsPeer("svwar")
  void names_cannot_be_told_apart_by_any_method() throws Exception {
    for (String method : List.of("REGISTER", "INVITE", "OPTIONS")) {
      String found = run("svwar", "--force", "--maximumtime=3", "-m", method, "-e", "1000-1009");
      System.out.println("XX " + method + "\n" + found);
    }
  }

  @Test
  @NeedsPeer("svmap")
  void that_a_server_is_here_is_seen_and_no_more() throws Exception {
    for (String method : List.of("OPTIONS", "REGISTER", "INVITE")) {
      String found = run("svmap", "-m", method);
      System.out.println("XX map " + method + "\n" + found);
    }
  }

  @Test
  @NeedsPeer("svcrack")
  void passwords_are_not_found_and_guessing_is_slow() throws Exception {
    Path words = directory.resolve("words");
    Files.writeString(words, "1003\npassword\nsecret\n1234\ntandem\n");
    String found = run("svcrack", "-u", "1003", "-d", words.toString());
    System.out.println("XX crack\n" + found);
    assertThat(found).contains("found nothing");
  }
}
