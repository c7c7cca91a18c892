package io.tandem.ops.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's calls of a month are given out in a case: asked for by one, agreed to by another. */
class DisclosureCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path folder;

  private String ask(int exitCode, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    assertThat(code).as("%s: %s%s", List.of(arguments), out, err).isEqualTo(exitCode);
    return out.toString();
  }

  private String disclosure(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of("privacy", "disclosure"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--config", folder.resolve("node.conf").toString()));
    return ask(exitCode, all.toArray(String[]::new));
  }

  private String key(String name) {
    return ask(
            0,
            "privacy",
            "disclosure",
            "key",
            "--name",
            name,
            "--out",
            folder.resolve(name).toString())
        .strip();
  }

  private String of(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  @Tag("rule:CMP-7")
  void one_officer_asks_another_agrees_and_the_trail_holds_every_step() throws IOException {
    String agent = anAgentOfAMonth();
    String[] request = {
      "request",
      "--case",
      "NY 2026/117",
      "--agent",
      agent,
      "--from",
      MadeUpJournal.BEGIN.toString(),
      "--to",
      MadeUpJournal.END.toString(),
      "--reason",
      "subpoena of 3 November",
      "--key",
      of("mallory")
    };
    disclosure(1, request);
    assertThat(err.toString()).contains("refused: this key is not that of mallory");
    request[request.length - 1] = of("alice");
    assertThat(disclosure(0, request)).contains("REQUESTED of request 1 in case NY 2026/117");

    String[] make = {"make", "--request", "1", "--out", of("out.zip"), "--key", of("alice")};
    disclosure(1, make);
    assertThat(err.toString()).contains("no second officer has agreed");
    disclosure(1, "approve", "--request", "1", "--reason", "read it", "--key", of("alice"));
    assertThat(err.toString()).contains("four eyes: who asked cannot agree");
    disclosure(1, "approve", "--request", "7", "--reason", "read it", "--key", of("bob"));
    disclosure(0, "approve", "--request", "1", "--reason", "read it", "--key", of("bob"));
    assertThat(disclosure(0, make)).contains("MADE of request 1", "sha256 ", "made by alice");

    Map<String, String> files = unzipped();
    long calls = files.keySet().stream().filter(name -> name.startsWith("call_")).count();
    assertThat(calls).isBetween(1L, 30L);
    assertThat(files.get("about.json")).contains("NY 2026/117", agent, "alice");
    assertThat(files.values()).anyMatch(text -> text.contains("call.offered/1"));
    assertThat(disclosure(0, "log").lines()).hasSize(3);
    ask(0, "audit", "verify", "--config", of("node.conf"));
    whatIsDoneToTheTrailIsNamed(make);
  }

  @Test
  @Tag("rule:CMP-7")
  void listening_in_is_asked_for_agreed_to_and_taken_back_and_what_there_is_is_given_out()
      throws IOException {
    String unused = anAgentOfAMonth();
    String[] order = {
      "intercept",
      "--case",
      "NY 2026/118",
      "--phone",
      "+12125550147",
      "--from",
      "2026-11-01T00:00:00Z",
      "--to",
      "2026-12-01T00:00:00Z",
      "--reason",
      "order of 20 November",
      "--key",
      of("alice")
    };
    assertThat(disclosure(0, order))
        .contains("REQUESTED of request 1 in case NY 2026/118", "intercept person:")
        .doesNotContain("2125550147");
    disclosure(1, "approve", "--request", "1", "--reason", "read it", "--key", of("alice"));
    disclosure(0, "approve", "--request", "1", "--reason", "read it", "--key", of("bob"));
    String[] make = {"make", "--request", "1", "--out", of("out.zip"), "--key", of("alice")};
    assertThat(disclosure(0, make)).contains("MADE of request 1", "calls 0");
    assertThat(unzipped().keySet()).containsExactly("about.json");
    String[] withdraw = {"withdraw", "--request", "1", "--reason", "closed", "--key", of("alice")};
    assertThat(disclosure(0, withdraw)).contains("WITHDRAWN of request 1");
    disclosure(1, withdraw);
    ask(0, "audit", "verify", "--config", of("node.conf"));
  }

  private void whatIsDoneToTheTrailIsNamed(String... make) {
    assertThat(
            MadeUpJournal.change(
                folder.resolve("node"),
                "update disclosure set note = replace(note, 'read it', 'unread') where number = 2"))
        .isEqualTo(1);
    assertThat(ask(1, "audit", "verify", "--config", of("node.conf")))
        .contains("WRONG  disclosure#2: its signature does not hold");
    disclosure(1, "log");
    disclosure(1, make);
  }

  /** A node's journal with its tables and officers; gives an agent who took calls. */
  private String anAgentOfAMonth() throws IOException {
    Path node = folder.resolve("node");
    List<Envelope> events = MadeUpJournal.in(node, 30, 2);
    String alice = key("alice");
    String bob = key("bob");
    String unused = key("mallory");
    Files.writeString(
        folder.resolve("node.conf"),
        """
        tandem.node.directory = "%s"
        tandem.privacy.officers = ["%s", "%s"]
        """
            .formatted(node, alice, bob));
    ask(0, "audit", "rebuild", "--config", of("node.conf"));
    return events.stream()
        .filter(e -> e.header().event().name().equals("agent.created"))
        .findFirst()
        .orElseThrow()
        .entityId();
  }

  @Test
  @Tag("rule:CMP-7")
  void tenants_have_no_way_to_the_trail() throws IOException {
    try (InputStream document = Main.class.getResourceAsStream("/openapi.yaml")) {
      assertThat(document).isNotNull();
      assertThat(
              new String(document.readAllBytes(), StandardCharsets.UTF_8)
                  .toLowerCase(java.util.Locale.ROOT))
          .contains("/v1/accounts")
          .doesNotContain("disclosure");
    }
  }

  private Map<String, String> unzipped() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(folder.resolve("out.zip")))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return files;
  }
}
