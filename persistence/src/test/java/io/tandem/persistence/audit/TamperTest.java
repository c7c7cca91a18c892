package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.FullVerification.Outcome;
import io.tandem.persistence.audit.TamperedJournal.Check;
import io.tandem.persistence.audit.TamperedJournal.Event;
import io.tandem.persistence.audit.TamperedJournal.Tables;
import io.tandem.persistence.audit.TamperingHands.Hand;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.FileAnchor;
import io.tandem.persistence.proof.Reach;
import io.tandem.persistence.readmodel.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever an owner of the database does to stored events, snapshots and checkpoints, without the
 * signing key, {@code verify} with the outside anchor names each by entity and position (AUD-2).
 *
 * <p>What was done is known by comparing the tables before and after: every difference must be
 * named, and no entity that was not touched.
 */
@ParameterizedClass
@EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
class TamperTest {

  private static final int TOGETHER = 40;

  @Parameter Databases kind;
  @TempDir Path folder;
  private Database database;
  private TamperedJournal journal;
  private Tables whole;
  private Random random;
  private TamperingHands hands;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    journal = new TamperedJournal(database, folder.resolve("anchor"));
    journal.fill();
    whole = journal.tables();
    random = new Random(20261122);
    hands = new TamperingHands(journal, whole, random);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  @Tag("rule:AUD-2")
  void an_untouched_journal_is_sound_and_wholly_covered() {
    Outcome outcome = journal.verify();

    assertThat(outcome.verification().problems()).isEmpty();
    assertThat(outcome.checkpoints().checkpoints()).isEqualTo(3);
    assertThat(outcome.checkpoints().anchored()).isEqualTo(3);
    assertThat(outcome.checkpoints().covered()).isEqualTo(12);
    assertThat(outcome.checkpoints().uncovered()).isZero();
    assertThat(outcome.snapshots()).isEqualTo(2);
  }

  @Test
  @Tag("rule:AUD-2")
  void whatever_is_done_to_any_event_is_named() {
    for (Map.Entry<String, Hand> hand : hands.onEvents().entrySet()) {
      for (int i = 0; i < whole.events().size(); i += step()) {
        Tables tables = whole.copy();
        hand.getValue().accept(tables, i);
        requireNamed(hand.getKey() + " " + whole.events().get(i).name(), tables);
      }
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void whatever_is_done_to_any_snapshot_is_named() {
    for (Map.Entry<String, Hand> hand : hands.onSnapshots().entrySet()) {
      for (int i = 0; i < whole.snapshots().size(); i++) {
        Tables tables = whole.copy();
        hand.getValue().accept(tables, i);
        requireNamed(hand.getKey() + " " + whole.snapshots().get(i).name(), tables);
      }
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void whatever_is_done_to_any_checkpoint_is_named() {
    for (Map.Entry<String, Hand> hand : hands.onCheckpoints().entrySet()) {
      for (int i = 0; i < whole.checks().size(); i++) {
        Tables tables = whole.copy();
        hand.getValue().accept(tables, i);
        requireNamed(hand.getKey() + " " + whole.checks().get(i).name(), tables);
      }
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void a_tail_cut_off_with_its_snapshots_and_checkpoints_is_named_event_by_event() {
    for (int kept = 0; kept < whole.events().size(); kept += step()) {
      requireNamed("the first " + kept + " events", cutAfter(kept));
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void an_old_copy_that_was_restored_and_written_on_is_named_with_all_that_it_lost() {
    for (int kept : List.of(6, 9)) { // as of the first and second checkpoint
      Tables old = cutAfter(kept);
      journal.replace(old);
      TamperedJournal after = new TamperedJournal(database, folder.resolve("new anchor " + kept));
      for (Event last : lastOf(old)) {
        Event next =
            journal.rewritten(
                last,
                last.sequence() + 1,
                last.envelope().hash(),
                Optional.of(new Tally.Event.Counted(77)));
        Tables now = after.tables();
        now.events()
            .add(
                new Event(
                    next.entity(),
                    next.sequence(),
                    old.events().stream().mapToLong(Event::txid).max().orElse(0),
                    next.ordering() + 1_000,
                    next.bytes(),
                    false,
                    next.manifest()));
        after.replace(now);
      }
      after.checkpoint(); // the node, which has the key, signs what it finds

      requireNamed("the copy of " + kept + " events, gone on with", after.tables());
      Outcome outcome = journal.verify();
      assertThat(outcome.verification().problems())
          .anyMatch(problem -> problem.what().contains("was signed 2 times"));
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void several_things_done_together_are_each_named() {
    List<Hand> all = new ArrayList<>();
    all.addAll(hands.onEvents().values());
    all.addAll(hands.onSnapshots().values());
    all.addAll(hands.onCheckpoints().values());
    List<String> names = new ArrayList<>();
    names.addAll(hands.onEvents().keySet());
    names.addAll(hands.onSnapshots().keySet());
    names.addAll(hands.onCheckpoints().keySet());
    for (int i = 0; i < TOGETHER / step(); i++) {
      Tables tables = whole.copy();
      List<String> done = new ArrayList<>();
      for (int j = 2 + random.nextInt(4); j > 0; j--) {
        int which = random.nextInt(all.size());
        int row = random.nextInt(12);
        done.add(names.get(which) + " " + row);
        all.get(which).accept(tables, row);
      }
      requireNamed("seed 20261122, round " + i + ": " + done, tables, false);
    }
  }

  @Test
  @Tag("rule:AUD-2")
  void where_only_notes_are_kept_outside_a_change_is_named_by_the_checkpoint_that_covers_it() {
    Tables tables = whole.copy();
    tables.checks().replaceAll(check -> new Check(check.number(), check.note(), new byte[0]));
    tables
        .events()
        .set(
            8,
            TamperingHands.bytes(
                whole.events().get(8), hands.flipped(whole.events().get(8).bytes())));
    journal.replace(tables);

    assertThat(journal.verifyWithNotesAlone().verification().problems())
        .anyMatch(
            problem ->
                problem.entity().equals("checkpoint")
                    && problem.sequence() == 2
                    && problem.what().contains("events 7 to 9"));
  }

  @Test
  @Tag("rule:AUD-2")
  void an_anchor_that_was_taken_away_cut_or_never_told_is_named_and_how_far_each_goes()
      throws IOException {
    Path file = folder.resolve("anchor");
    List<String> lines = Files.readAllLines(file);
    Anchor full = journal.anchor;

    Files.write(file, lines.subList(0, 1));
    requireLacking(List.of(full), "checkpoint#2: is missing from " + file + ", as are the 1 after");
    Files.write(file, List.of());
    requireLacking(List.of(full), "checkpoint#1: is missing from " + file + ", as are the 2 after");
    Files.delete(file);
    requireLacking(List.of(full), "checkpoint#1: is missing from " + file + ", as are the 2 after");

    Files.write(file, lines);
    Anchor empty = new FileAnchor(folder.resolve("empty"));
    requireLacking(
        List.of(full, empty), "checkpoint#1: is missing from " + empty.name() + ", as are the 2");
    assertThat(journal.verify(List.of(full, empty), Instant.MAX).checkpoints().anchors())
        .containsExactly(
            new Reach(full.name(), 3, true),
            new Reach(folder.resolve("empty").toString(), 0, false));
    assertThat(journal.verify(List.of(full, empty), TamperedJournal.NOON).verification().problems())
        .as("what was signed a moment ago need not be told yet")
        .isEmpty();
  }

  private void requireLacking(List<Anchor> anchors, String named) {
    assertThat(journal.verify(anchors, Instant.MAX).verification().problems())
        .singleElement()
        .asString()
        .startsWith(named);
  }

  @Test
  @Tag("rule:AUD-2")
  void one_changed_writer_stops_an_entity_and_is_named() {
    writer("w2", 3, 4);
    assertThat(journal.verify().verification().problems()).as("taken over once").isEmpty();
    writer("w3", 2, 2);
    writer("test", 3, 4);
    assertThat(journal.verify().verification().problems())
        .singleElement()
        .asString()
        .startsWith("tally|b#2: was written by another writer");
  }

  private void writer(String writer, long from, long to) {
    assertThat(
            database.update(
                "update \"event_journal\" set \"writer\" = ? where \"persistence_id\" ="
                    + " 'tally|b' and \"sequence_number\" between ? and ?",
                writer,
                from,
                to))
        .isEqualTo((int) (to - from + 1));
  }

  /** Each row where that is cheap; PostgreSQL is shown to be no different by some of them. */
  private int step() {
    return kind == Databases.POSTGRESQL ? 4 : 1;
  }

  private void requireNamed(String what, Tables tables) {
    requireNamed(what, tables, true);
  }

  /**
   * @param places whether a row's place in the feed counts; where several hands were at work, a row
   *     may have another number and yet stand where it stood
   */
  private void requireNamed(String what, Tables tables, boolean places) {
    journal.replace(tables);
    Outcome outcome = journal.verify();
    List<String> differences = new ArrayList<>(whole.differences(tables, places));
    // what was added at the very end cannot be told from what the node wrote since: it is counted
    List<String> since = tables.after(whole).stream().map(Event::name).toList();
    assertThat(outcome.checkpoints().uncovered()).as(what).isEqualTo(since.size());
    since.forEach(
        name -> {
          if (whole.events().stream().noneMatch(was -> was.name().equals(name))) {
            differences.remove(name);
          }
        });
    Set<String> named =
        outcome.verification().problems().stream()
            .map(problem -> problem.entity() + "#" + problem.sequence())
            .collect(Collectors.toSet());
    Set<String> touched =
        whole.differences(tables, true).stream()
            .map(d -> d.substring(0, d.indexOf('#')))
            .collect(Collectors.toSet());
    assertThat(named).as(what).containsAll(differences);
    assertThat(outcome.verification().problems())
        .as(what)
        .allMatch(
            problem ->
                touched.contains(problem.entity())
                    || problem.what().startsWith("stands elsewhere in the feed")); // made way
  }

  private Tables cutAfter(int kept) {
    Tables tables = whole.copy();
    tables.events().subList(kept, tables.events().size()).clear();
    List<Integer> sizes = List.of(6, 9, 12);
    tables.checks().removeIf(check -> sizes.get((int) check.number() - 1) > kept);
    tables
        .snapshots()
        .removeIf(
            snapshot -> TamperedJournal.of(tables, snapshot.entity()).size() < snapshot.sequence());
    return tables;
  }

  private static List<Event> lastOf(Tables tables) {
    return tables.events().stream()
        .map(Event::entity)
        .distinct()
        .map(entity -> TamperedJournal.of(tables, entity).getLast())
        .toList();
  }
}
