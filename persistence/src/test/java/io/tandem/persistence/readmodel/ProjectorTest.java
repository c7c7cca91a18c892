package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import io.tandem.persistence.readmodel.Tally.Event.Opened;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class ProjectorTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Parameter Databases kind;
  private Database database;
  private EventCodec codec;
  private TestJournal journal;
  private EntityViews views;
  private DueIndex due;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    codec = EventCodec.clear(Tally.names(), List.of());
    journal = new TestJournal(database, codec);
    views = new EntityViews(database, codec);
    due = new DueIndex(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Projector projector(int pageSize) {
    return Projector.builder(database, codec)
        .view(Tally.KIND, Tally::account)
        .pageSize(pageSize)
        .build();
  }

  @Test
  void views_show_the_latest_state_whatever_the_pages_and_whoever_projects() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<String, Long> totals = new HashMap<>();
    for (int round = 0; round < 4; round++) {
      for (int i = 0; i < 30; i++) {
        String id = "t" + random.nextInt(6);
        long by = random.nextInt(100);
        journal.append("tally", id, new Counted(by));
        totals.merge(id, by, Long::sum);
      }
      projector(1 + random.nextInt(12))
          .catchUp(); // a new one each round: it goes on from the tables
    }

    for (Map.Entry<String, Long> each : totals.entrySet()) {
      assertThat(views.byId("tally", each.getKey()))
          .as("seed %d", seed)
          .hasValueSatisfying(
              view ->
                  assertThat(view.state())
                      .isEqualTo(new Tally(each.getKey(), Optional.empty(), each.getValue())));
    }
    assertThat(views.all("tally", "", 100)).hasSameSizeAs(totals.keySet());
  }

  @Test
  void two_projectors_at_once_count_nothing_twice() {
    Projector one = projector(3);
    Projector other = projector(3);
    for (int i = 0; i < 20; i++) {
      journal.append("tally", "t", new Counted(1));
      if (i % 3 == 0) {
        one.step();
      }
      if (i % 4 == 0) {
        other.step();
      }
    }
    one.catchUp();
    other.catchUp();

    assertThat(views.byId("tally", "t").orElseThrow().state())
        .isEqualTo(new Tally("t", Optional.empty(), 20));
  }

  @Test
  void views_are_paged_by_account_and_followed_from_a_position() {
    for (String id : List.of("a", "b", "c")) {
      journal.append("tally", id, new Opened(id.equals("b") ? "acct_2" : "acct_1"));
    }
    Projector projector = projector(100);
    projector.catchUp();

    List<EntityView> first = views.ofAccount("tally", "acct_1", "", 1);
    assertThat(first).extracting(EntityView::entityId).containsExactly("a");
    assertThat(views.ofAccount("tally", "acct_1", "a", 5))
        .extracting(EntityView::entityId)
        .containsExactly("c");

    List<EntityView> all = views.changedSince(FeedPosition.START, 10);
    assertThat(all).extracting(EntityView::entityId).containsExactly("a", "b", "c");
    journal.append("tally", "b", new Counted(1));
    projector.catchUp();
    assertThat(views.changedSince(all.getLast().position(), 10))
        .extracting(EntityView::entityId)
        .containsExactly("b");
  }

  @Test
  void the_due_index_holds_the_last_word_of_each_entity() {
    Projector projector = projector(100);
    journal.append("tally", "a", new Counted(1), NOON, NOON.plusSeconds(60));
    journal.append("tally", "b", new Counted(1), NOON, NOON.plusSeconds(30));
    journal.append("tally", "c", new Counted(1), NOON, NOON.plusSeconds(10));
    journal.append("tally", "c", new Counted(1), NOON, null);
    projector.catchUp();

    assertThat(due.due(NOON.plusSeconds(29), 10)).isEmpty();
    assertThat(due.due(NOON.plusSeconds(60), 10))
        .containsExactly(
            new DueIndex.Due("tally", "b", 1, NOON.plusSeconds(30)),
            new DueIndex.Due("tally", "a", 1, NOON.plusSeconds(60)));

    journal.append("tally", "a", new Counted(1), NOON, null);
    journal.append("tally", "b", new Counted(1), NOON, NOON.plusSeconds(90));
    projector.catchUp();
    assertThat(due.due(NOON.plusSeconds(90), 10))
        .containsExactly(new DueIndex.Due("tally", "b", 2, NOON.plusSeconds(90)));
  }

  @Test
  void settling_a_deadline_spares_the_one_that_was_set_meanwhile() {
    Projector projector = projector(100);
    journal.append("tally", "a", new Counted(1), NOON, NOON);
    journal.append("tally", "b", new Counted(1), NOON, NOON);
    projector.catchUp();
    List<DueIndex.Due> woken = due.due(NOON, 10);
    journal.append("tally", "b", new Counted(1), NOON, NOON.plusSeconds(1));
    projector.catchUp();

    due.settle(woken);

    assertThat(due.due(NOON.plusSeconds(9), 10))
        .containsExactly(new DueIndex.Due("tally", "b", 2, NOON.plusSeconds(1)));
  }

  @Test
  void calls_are_indexed_from_their_first_row_on_and_listed_newest_first() {
    CallIndex calls = new CallIndex(database);
    Projector projector =
        Projector.builder(database, codec).calls(Tally.KIND, Tally::asCall).pageSize(2).build();
    for (int i = 1; i <= 5; i++) {
      journal.append("tally", "call" + i, new Opened(i == 3 ? "acct_2" : "acct_1"));
      journal.append("tally", "call" + i, new Counted(i));
    }
    projector.catchUp();

    CallIndex.Filter filter = new CallIndex.Filter("acct_1", null, "campaign");
    List<CallIndexRow> page = calls.page(filter, null, 2);
    assertThat(page).extracting(CallIndexRow::callId).containsExactly("call5", "call4");
    assertThat(calls.page(filter, page.getLast(), 5))
        .extracting(CallIndexRow::callId)
        .containsExactly("call2", "call1");
    assertThat(calls.byId("call3"))
        .contains(new Tally("call3", Optional.of("acct_2"), 3).asCall().orElseThrow());
    // a projector that starts in the middle of a call folds what it missed from the journal
    journal.append("tally", "call3", new Counted(10));
    Projector.builder(database, codec).calls(Tally.KIND, Tally::asCall).build().catchUp();
    assertThat(calls.byId("call3").orElseThrow().chargedMicros()).isEqualTo(13);
  }

  @Test
  void an_event_that_cannot_be_read_stops_its_entity_alone_and_is_reported() {
    List<String> trouble = new ArrayList<>();
    Projector projector =
        Projector.builder(database, codec)
            .view(Tally.KIND, Tally::account)
            .onTrouble((row, why) -> trouble.add(row + " " + why.fault()))
            .build();
    journal.append("tally", "bad", new Counted(1));
    journal.append("tally", "bad", new Counted(2));
    journal.append("tally", "bad", new Counted(4));
    journal.append("tally", "good", new Counted(1));
    database.update(
        "update \"event_journal\" set \"event_payload\" = ? where \"persistence_id\" = 'tally|bad'"
            + " and \"sequence_number\" = 2",
        new byte[] {1, 2, 3});

    projector.catchUp();

    assertThat(trouble).containsExactly("tally|bad#2 UNREADABLE");
    assertThat(views.byId("tally", "bad").orElseThrow().sequence()).isEqualTo(1);
    assertThat(views.byId("tally", "good")).isPresent();
  }

  @Test
  void a_parked_entity_waits_until_it_can_be_read_and_is_then_caught_up_with() {
    Projector projector =
        Projector.builder(database, codec)
            .view(Tally.KIND, Tally::account)
            .onTrouble((row, why) -> {})
            .clock(() -> NOON)
            .pageSize(2)
            .build();
    journal.append("tally", "bad", new Counted(1));
    Envelope broken = journal.append("tally", "bad", new Counted(2));
    journal.append("tally", "bad", new Counted(4));
    journal.append("tally", "good", new Counted(1));
    overwrite(new byte[] {1, 2, 3});
    projector.catchUp();
    ParkedEvents parked = new ParkedEvents(database);

    ParkedEvents.Parked found = parked.all().getFirst();
    assertThat(parked.all()).hasSize(1);
    assertThat(found.entity()).isEqualTo("tally|bad");
    assertThat(found.sequence()).isEqualTo(2);
    assertThat(found.waiting()).as("events behind it").isEqualTo(1);
    assertThat(found.at()).isEqualTo(NOON);
    assertThat(found.reason()).startsWith("UNREADABLE");
    assertThat(parked.count(Projector.READER)).isEqualTo(1);

    assertThatExceptionOfType(JournalException.class)
        .as("it is still what it was")
        .isThrownBy(() -> projector.retry("tally|bad"));
    assertThat(parked.count(Projector.READER)).isEqualTo(1);

    overwrite(broken.bytes());
    projector.retry("tally|bad");

    assertThat(parked.all()).isEmpty();
    assertThat(views.byId("tally", "bad").orElseThrow().state())
        .isEqualTo(new Tally("bad", Optional.empty(), 7));
    journal.append("tally", "bad", new Counted(8));
    projector.catchUp();
    assertThat(views.byId("tally", "bad").orElseThrow().state())
        .isEqualTo(new Tally("bad", Optional.empty(), 15));
  }

  private void overwrite(byte[] second) {
    database.update(
        "update \"event_journal\" set \"event_payload\" = ? where \"persistence_id\" = 'tally|bad'"
            + " and \"sequence_number\" = 2",
        second);
  }

  @Test
  void a_state_of_which_no_row_can_be_made_is_reported_and_stops_nobody_else() {
    List<String> trouble = new ArrayList<>();
    CallIndexExtractor<Tally> picky =
        tally -> {
          if (tally.id().equals("bad")) {
            throw new IllegalStateException("a fault of the extractor");
          }
          return tally.asCall();
        };
    journal.append("tally", "bad", new Opened("acct_1"));
    journal.append("tally", "good", new Opened("acct_1"));

    Projector.builder(database, codec)
        .calls(Tally.KIND, picky)
        .onTrouble((row, why) -> trouble.add(row + " " + why.fault()))
        .build()
        .catchUp();

    assertThat(trouble).containsExactly("tally|bad#1 UNWRITABLE");
    assertThat(new CallIndex(database).byId("good")).isPresent();
  }

  @Test
  void a_rebuild_gives_the_same_tables_again() {
    for (int i = 0; i < 30; i++) {
      journal.append("tally", "t" + i % 4, new Counted(i), NOON, NOON.plusSeconds(i));
    }
    Projector projector = projector(7);
    projector.catchUp();
    List<EntityView> before = views.all("tally", "", 100);
    List<DueIndex.Due> dueBefore = due.due(NOON.plusSeconds(100), 100);

    projector.rebuild();
    assertThat(views.all("tally", "", 100)).isEmpty();
    assertThat(projector.position()).isEqualTo(FeedPosition.START);
    projector.catchUp();

    assertThat(views.all("tally", "", 100)).isEqualTo(before);
    assertThat(due.due(NOON.plusSeconds(100), 100)).isEqualTo(dueBefore);
  }
}
