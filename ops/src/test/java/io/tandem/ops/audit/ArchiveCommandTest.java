package io.tandem.ops.audit;

import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.boot.ReadModels;
import io.tandem.node.job.ArchiveRound;
import io.tandem.ops.bench.audit.MadeUpJournal;
import io.tandem.persistence.archive.ArchiveShelf;
import io.tandem.persistence.archive.Archiver;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.readmodel.JournalRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Half of a month's calls go to a file, and every question is answered as before. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_FILE", "POSTGRESQL"})
class ArchiveCommandTest {
  @Parameter Databases kind;
  @TempDir private Path directory;
  @TempDir private Path files;
  private AuditorsDesk desk;
  private List<Envelope> events = List.of();

  @BeforeEach
  void fill() {
    desk = AuditorsDesk.in(directory, kind);
    events = desk.fill(60, 2);
    desk.sign();
    ask(0, "rebuild");
    assertThat(desk.change("delete from due_index"))
        .as("as a node does when a call has settled")
        .isPositive();
  }

  private List<String> ask(int exitCode, String... arguments) {
    return desk.ask(exitCode, arguments);
  }

  private List<String> with(int exitCode, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--archive", files.toString()));
    return ask(exitCode, all.toArray(String[]::new));
  }

  private String archive() {
    String middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(15)).toString();
    List<String> made =
        ask(0, "archive", "--before", middle, "--to", files.toString(), "--format", "csv");
    assertThat(made).hasSize(2);
    return made.get(1);
  }

  @Test
  @Tag("rule:AUD-7")
  @Tag("rule:AUD-3")
  void calls_that_are_over_go_to_a_file_and_every_question_is_answered_as_before() {
    String call =
        events.stream()
            .filter(e -> e.header().event().name().equals("call.ended"))
            .map(Envelope::entityId)
            .findFirst()
            .orElseThrow();
    List<List<String>> before = answers(call);
    int moved = Integer.parseInt(archive().split(",", -1)[4]);

    assertThat(moved).isBetween(events.size() / 8, events.size() / 2);
    assertThat(with(0, "follow", "--from-start", "--until-end", "--json")).hasSize(events.size());
    assertThat(ask(0, "follow", "--from-start", "--until-end", "--json"))
        .hasSize(events.size() - moved);
    assertThat(answersWith(call)).isEqualTo(before);
    assertThat(ask(0, "archive", "--format", "csv")).hasSize(2);
    // alone it says what is missing, and does not make tables without it
    assertThat(ask(1, "verify"))
        .anyMatch(line -> line.startsWith("WRONG  archive#1: is not here"))
        .anyMatch(line -> line.contains("call|" + call) && line.contains("was removed"));
    ask(1, "show", "call/" + call);
    assertThat(desk.told()).contains("1 archives of this journal are not here");
    ask(2, "rebuild");
    ask(0, "reconcile", "--settle", "0");
    // where its node is configured to archive there, nobody has to say so
    desk.configure("tandem.archive.directory", files.toString());
    assertThat(ask(0, "verify").subList(0, 1)).isEqualTo(before.getFirst());
    assertThat(ask(0, "show", "call/" + call, "--json")).isEqualTo(before.get(1));
    desk.configure("tandem.archive.directory", "");
    // and made anew with it the tables are the same
    with(0, "rebuild");
    ask(0, "reconcile", "--settle", "0");
    String middle = MadeUpJournal.BEGIN.plus(Duration.ofDays(15)).toString();
    ask(0, "archive", "--before", middle, "--to", files.toString());
    assertThat(desk.told()).contains("nothing to move");
  }

  private List<List<String>> answers(String call) {
    return List.of(
        ask(0, "verify").subList(0, 1),
        ask(0, "show", "call/" + call, "--json"),
        ask(0, "replay", "call/" + call, "--json"),
        ask(0, "ladder", call),
        ask(0, "trial-balance", "--json"),
        ask(0, "what-if", "--format", "csv"),
        ask(0, "list", "call", "--format", "csv").stream().sorted().toList());
  }

  private List<List<String>> answersWith(String call) {
    return List.of(
        with(0, "verify").subList(0, 1),
        with(0, "show", "call/" + call, "--json"),
        with(0, "replay", "call/" + call, "--json"),
        with(0, "ladder", call),
        with(0, "trial-balance", "--json"),
        with(0, "what-if", "--format", "csv"),
        with(0, "list", "call", "--format", "csv").stream().sorted().toList());
  }

  @Test
  @Tag("rule:AUD-7")
  @Tag("rule:AUD-2")
  void whatever_is_done_to_the_file_is_named() throws SQLException, IOException {
    archive();
    String victim =
        change(
            "select min(\"persistence_id\") from \"event_journal\" where \"sequence_number\" = 2");

    assertThat(change("delete from \"event_journal\" where \"persistence_id\" = '" + victim + "'"))
        .isNotEmpty();
    assertThat(with(1, "verify"))
        .anyMatch(line -> line.startsWith("WRONG  archive#1: it has "))
        .anyMatch(line -> line.startsWith("WRONG  " + victim + "#1: was removed"));
    Files.delete(files.resolve("archive-000001.mv.db"));
    assertThat(with(1, "verify"))
        .anyMatch(line -> line.startsWith("WRONG  archive#1: is not here"));
  }

  @Test
  @Tag("rule:AUD-7")
  @Tag("rule:AUD-2")
  void an_event_changed_added_swapped_or_cut_in_the_file_is_named_by_entity_and_position()
      throws SQLException, IOException {
    archive();
    Path file = files.resolve("archive-000001.mv.db");
    byte[] whole = Files.readAllBytes(file);
    String victim =
        change(
            "select min(\"persistence_id\") from \"event_journal\" where \"sequence_number\" = 3");
    String second = " where \"persistence_id\" = '" + victim + "' and \"sequence_number\" = 2";
    String third = second.replace("= 2", "= 3");
    String payloadOf = "(select \"event_payload\" from \"event_journal\"";
    String set = "update \"event_journal\" set \"event_payload\" = ";

    requireNamed(whole, victim + "#2", set + "X'0102'" + second);
    requireNamed(whole, victim + "#2", set + "substring(\"event_payload\", 1, 40)" + second);
    requireNamed(whole, victim + "#2", set + payloadOf + third + ")" + second);
    requireNamed(
        whole,
        victim + "#90",
        "insert into \"event_journal\" select \"txid\", \"ordering\" + 1000000, false,"
            + " \"persistence_id\", 90, \"event_ser_manifest\", \"event_payload\" from"
            + " \"event_journal\""
            + second);
    requireNamed(
        whole,
        victim + "#3",
        "update \"event_journal\" set \"sequence_number\" = 5 - \"sequence_number\" where"
            + " \"persistence_id\" = '"
            + victim
            + "' and \"sequence_number\" in (2, 3)");
  }

  private void requireNamed(byte[] whole, String named, String sql)
      throws SQLException, IOException {
    Path unused = Files.write(files.resolve("archive-000001.mv.db"), whole);
    assertThat(Integer.parseInt(change(sql))).as(sql).isPositive();
    assertThat(with(1, "verify")).as(sql).anyMatch(line -> line.startsWith("WRONG  " + named));
  }

  @Test
  @Tag("rule:AUD-7")
  void a_rebuild_that_was_broken_off_keeps_nothing_from_being_moved() {
    desk.change(
        "insert into feed_position (reader, txid, ordering) values ('projector_next', 0, 1)");
    assertThat(Integer.parseInt(archive().split(",", -1)[4])).isPositive();
  }

  @Test
  @Tag("rule:AUD-7")
  void a_node_moves_them_by_the_clock_and_still_finds_their_history() {
    Instant year = MadeUpJournal.END.plus(Duration.ofDays(400));
    List<Duration> pauses =
        desk.with(
            stores -> {
              ArchiveRound round =
                  new ArchiveRound(
                      new Archiver(
                          stores.journal(), ReadModels.calls(), desk.codec(stores), desk.signing()),
                      files,
                      Duration.ofDays(380),
                      () -> year);
              return List.of(round.step(), round.step());
            });

    assertThat(pauses).as("soon again, then tomorrow").isSortedAccordingTo(naturalOrder());
    String call =
        desk.with(
            stores ->
                stores
                    .journal()
                    .run(
                        c ->
                            Sql.list(
                                c,
                                "select min(entity) from archived_entity",
                                row -> row.getString(1).substring("call|".length())))
                    .getFirst());
    List<byte[]> found =
        desk.with(
            stores ->
                new ArchiveShelf(stores.journal(), files)
                    .entity("call", call).stream().map(JournalRow::bytes).toList());
    assertThat(found)
        .usingElementComparator(Arrays::compare)
        .containsExactlyElementsOf(
            events.stream()
                .filter(e -> e.entityType().equals("call") && e.entityId().equals(call))
                .map(Envelope::bytes)
                .toList());
    assertThat(with(0, "verify")).anyMatch(line -> line.contains("every chain holds"));
  }

  @Test
  @Tag("rule:AUD-7")
  void what_is_younger_than_what_others_may_still_ask_for_stays() {
    ask(2, "archive", "--before", Instant.now().toString(), "--to", files.toString());
    assertThat(desk.told()).contains("four days");
    ask(0, "archive", "--before", "2020-01-01T00:00:00Z", "--to", files.toString());
    assertThat(desk.told()).contains("nothing to move");
    assertThat(files).isEmptyDirectory();
  }

  /** Who has the file has its user too. */
  private String change(String sql) throws SQLException {
    try (Connection file =
            DriverManager.getConnection(
                "jdbc:h2:file:" + files.resolve("archive-000001"), "archive", "");
        Statement statement = file.createStatement()) {
      if (!statement.execute(sql)) {
        return String.valueOf(statement.getUpdateCount());
      }
      statement.getResultSet().next();
      return statement.getResultSet().getString(1);
    }
  }
}
