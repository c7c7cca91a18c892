package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class JournalFeedTest {

  @Parameter Databases kind;
  private Database database;
  private TestJournal journal;
  private JournalFeed feed;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    journal = new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
    feed = new JournalFeed(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void pages_give_every_event_once_in_the_order_of_commits() {
    List<String> written = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      written.add(journal.append("tally", "t" + i % 4, new Counted(i)).toString());
    }
    List<String> read = new ArrayList<>();
    FeedPosition position = FeedPosition.START;
    FeedPage page;
    do {
      page = feed.read(position, 7);
      page.rows().forEach(row -> read.add(row.envelope().toString()));
      assertThat(page.next()).isGreaterThanOrEqualTo(position);
      position = page.next();
    } while (!page.rows().isEmpty());

    assertThat(read).isEqualTo(written);
    assertThat(feed.read(position, 7).next()).isEqualTo(position);
    journal.append("tally", "late", new Counted(1));
    assertThat(feed.read(position, 7).rows()).hasSize(1);
  }

  @Test
  void a_late_commit_is_not_skipped() throws SQLException {
    Assumptions.assumeTrue(kind == Databases.POSTGRESQL, "H2 has one writing connection");
    Envelope late = journal.next("tally", "late", new Counted(1), Instant.EPOCH, null);
    try (Connection slow = database.dataSource().getConnection()) {
      slow.setAutoCommit(false);
      TestJournal.store(slow, List.of(late)); // has its number, but is not committed
      journal.append("tally", "early", new Counted(2)); // a higher number, committed

      FeedPage before = feed.read(FeedPosition.START, 10);
      assertThat(before.rows()).isEmpty(); // the early one waits for the late one
      assertThat(feed.heldBack()).isPresent(); // and somebody can see why
      slow.commit();

      Set<String> seen = new HashSet<>();
      feed.read(before.next(), 10).rows().forEach(row -> seen.add(row.persistenceId()));
      assertThat(seen).containsExactlyInAnyOrder("tally|late", "tally|early");
    }
  }

  @Test
  void whoever_holds_it_back_is_seen_in_whatever_database_and_also_when_prepared()
      throws SQLException {
    Assumptions.assumeTrue(kind == Databases.POSTGRESQL, "H2 has one writing connection");
    try (Database other = kind.open(Database.Contents.KEYS)) {
      for (boolean prepared : new boolean[] {false, true}) {
        try (Connection slow = other.dataSource().getConnection()) {
          slow.setAutoCommit(false);
          Sql.execute(slow, "create table forgotten (number int)"); // it has its id from here on
          if (prepared) {
            Sql.execute(slow, "prepare transaction 'forgotten'");
          }
          journal.append("tally", "t" + prepared, new Counted(1));
          assertThat(feed.read(FeedPosition.START, 10).rows())
              .as("prepared %s", prepared)
              .noneMatch(row -> row.persistenceId().equals("tally|t" + prepared));
          assertThat(feed.heldBack()).as("prepared %s", prepared).isPresent();
          if (!prepared) {
            slow.rollback();
          }
        }
        if (prepared) {
          try (Connection operator = other.dataSource().getConnection()) {
            Sql.execute(operator, "rollback prepared 'forgotten'");
          }
        }
        assertThat(feed.read(FeedPosition.START, 10).rows())
            .anyMatch(row -> row.persistenceId().equals("tally|t" + prepared));
      }
    }
  }

  @Test
  void concurrent_writers_are_all_seen_by_a_reader_that_runs_along() throws Exception {
    Assumptions.assumeTrue(kind == Databases.POSTGRESQL, "H2 has one writing connection");
    int writers = 3;
    int each = 200;
    List<Thread> threads = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      String id = "w" + w;
      TestJournal own = new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < each; i++) {
                      own.append("tally", id, new Counted(i));
                    }
                  }));
    }
    Set<String> seen = new HashSet<>();
    FeedPosition position = FeedPosition.START;
    boolean last = false;
    while (true) {
      boolean writing = threads.stream().anyMatch(Thread::isAlive);
      FeedPage page = feed.read(position, 50);
      page.rows().forEach(row -> assertThat(seen.add(row.toString())).as("%s twice", row).isTrue());
      position = page.next();
      if (!writing && page.rows().isEmpty()) {
        if (last) {
          break;
        }
        last = true;
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(seen).hasSize(writers * each);
  }

  @Test
  void a_row_that_holds_another_entitys_envelope_is_unreadable_and_harms_no_other() {
    Envelope stray = journal.next("tally", "a", new Counted(1), Instant.EPOCH, null);
    journal.store(List.of(stray));
    journal.append("tally", "b", new Counted(1));
    int moved =
        database.update(
            "update \"event_journal\" set \"persistence_id\" = 'tally|x' where \"persistence_id\" ="
                + " 'tally|a'");
    assertThat(moved).isEqualTo(1);

    List<JournalRow> rows = feed.read(FeedPosition.START, 10).rows();

    assertThat(rows).hasSize(2);
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> rows.get(0).envelope())
        .withMessageContaining("tally|x#1");
    assertThat(rows.get(1).envelope().entityId()).isEqualTo("b");
  }
}
