package io.tandem.ops.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.journal.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An auditor whose role on PostgreSQL may read and nothing else, beside the owner's. */
class ReadingRoleTest {
  private static final String NUMBER = "+12125550147";

  @TempDir private Path directory;
  @TempDir private Path files;

  @Test
  @Tag("rule:AUD-3")
  @Tag("rule:AUD-2")
  void who_may_only_select_is_answered_as_the_owner_is_and_changes_nothing() throws Exception {
    AuditorsDesk desk = AuditorsDesk.onPostgresAlone(directory);
    List<Envelope> events = desk.fill(30, 2);
    String role = role(desk);
    // what is made after the role was: the read models anew, as a migration would
    desk.ask(0, "rebuild");
    desk.sign();
    Map<String, List<String>> asOwner = answers(desk, events);
    as(desk, role);
    Path token = directory.resolve("operator.token");
    Files.delete(token);
    same(answers(desk, events), asOwner);

    String wallet = walletOf(events);
    refused(desk, "insert supersession", mending(wallet));
    refused(desk, "own due_index", "rebuild");
    refused(desk, "delete due_index", "parked", "--retry");
    String middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(15)).toString();
    Path archives = files.resolve("archives");
    refused(desk, "delete event_journal", "archive", "--before", middle, "--to", "" + archives);
    assertThat(archives).as("nothing is left behind").doesNotExist();
    assertThat(token).as("what reading needs not").doesNotExist();
    assertThat(desk.privacy("log")).as("opens the keys as a node does").isEqualTo(2);
    assertThat(desk.told()).contains("read-only").doesNotContain("\tat ");
    same(answers(desk, events), asOwner);
  }

  @Test
  @Tag("rule:AUD-3")
  void a_right_that_is_missing_is_named_with_what_to_do_and_so_are_read_only_transactions() {
    AuditorsDesk desk = AuditorsDesk.onPostgresAlone(directory);
    assertThat(desk.fill(4, 1)).isNotEmpty();
    String role = role(desk);
    assertThat(desk.change("revoke select on event_journal from " + role)).isZero();
    as(desk, role);
    desk.ask(2, "list", "call");
    assertThat(desk.told())
        .contains("permission denied for table event_journal", "select on all tables", "guide")
        .doesNotContain("\tat ");
    // whom a table belongs to may write, but not in transactions that only read
    assertThat(desk.change("grant all on all tables in schema public to " + role)).isZero();
    assertThat(desk.change("grant postgres to " + role)).isZero();
    refused(desk, "default_transaction_read_only", "rebuild");
    refused(desk, "default_transaction_read_only", mending("wallet/acct_1:USD"));
  }

  private static void refused(AuditorsDesk desk, String right, String... question) {
    assertThat(desk.ask(2, question)).as(desk.told()).isEmpty();
    assertThat(desk.told())
        .contains(right, "nothing was done", "as the role that owns the tables", "guide to audit")
        .doesNotContain("\tat ", "Exception");
  }

  private static String[] mending(String wallet) {
    return new String[] {
      "repair", wallet, "--sequence", "1", "--as", "nothing", "--by", "jane", "--reason", "case 7"
    };
  }

  /** As the guide says. */
  private static String role(AuditorsDesk desk) {
    String role = "auditor_" + desk.settings().database().url().replaceFirst(".*/(\\w+).*", "$1");
    List<String> made =
        List.of(
            "create role " + role + " login password 'secret'",
            "alter role " + role + " set default_transaction_read_only = on");
    List<String> inEach =
        List.of(
            "grant usage on schema public to " + role,
            "grant select on all tables in schema public to " + role,
            "alter default privileges in schema public grant select on tables to " + role);
    assertThat(Stream.concat(made.stream(), inEach.stream()))
        .allMatch(sql -> desk.change(sql) == 0)
        .hasSize(5);
    assertThat(inEach).allMatch(sql -> desk.changeKeys(sql) == 0);
    return role;
  }

  private static void as(AuditorsDesk desk, String role) {
    desk.configure("tandem.database.user", role);
    desk.configure("tandem.database.password", "secret");
    desk.configure("tandem.keys.user", role);
    desk.configure("tandem.keys.password", "secret");
  }

  private static String walletOf(List<Envelope> events) {
    return "wallet/"
        + events.stream()
            .filter(e -> e.entityType().equals("wallet"))
            .map(Envelope::entityId)
            .findFirst()
            .orElseThrow();
  }

  private static void same(Map<String, List<String>> reader, Map<String, List<String>> owner) {
    owner.forEach(
        (question, lines) -> assertThat(reader.get(question)).as(question).isEqualTo(lines));
  }

  /** Everything that only reads, each with its exit code 0. */
  private Map<String, List<String>> answers(AuditorsDesk desk, List<Envelope> events)
      throws Exception {
    String call =
        events.stream()
            .filter(e -> e.header().event().name().equals("call.ended"))
            .map(Envelope::entityId)
            .findFirst()
            .orElseThrow();
    String wallet = walletOf(events);
    Path proof = files.resolve("call.proof");
    Path drawing = files.resolve("call.svg");
    String middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(15)).toString();
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String question :
        List.of(
            "list call",
            "list wallet --json",
            "list call --caller " + NUMBER,
            "show call/" + call,
            "show " + wallet + " --as-of " + middle,
            "replay " + wallet + " --json",
            "follow --from-start --until-end",
            "follow --from-start --until-end --type wallet --format csv",
            "verify",
            "verify --json",
            "verify --format csv",
            "trial-balance",
            "trial-balance --as-of " + middle + " --format csv",
            "ladder " + call,
            "ladder " + call + " --trace --wire",
            "ladder " + call + " --svg " + drawing,
            "what-if",
            "what-if --timer 60s --format csv",
            "what-if --price health=30.00USD --calls",
            "parked",
            "reconcile --settle 0",
            "repair",
            "repair " + wallet,
            "archive",
            "key",
            "export --proof call/" + call + " --out " + proof)) {
      all.put(question, desk.ask(0, question.split(" ", -1)).stream().sorted().toList());
    }
    for (Path file : List.of(proof, drawing)) {
      all.put(file.toString(), Files.readAllLines(file));
      Files.delete(file);
    }
    return all;
  }
}
