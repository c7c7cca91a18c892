package io.tandem.node.entity.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.wire.JournalProbe.Outcome;
import io.tandem.persistence.database.DatabaseSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What our write path promises beyond the contract. */
class ArrayJournalTest {

  private JournalProbe journal = Journals.ARRAYS_ON_POSTGRESQL.open();

  @AfterEach
  void close() {
    journal.close();
  }

  private List<Outcome> all(List<CompletableFuture<Outcome>> writes) {
    return writes.stream().map(JournalProbe::get).toList();
  }

  @Test
  void a_bad_row_fails_its_own_write_only_and_never_the_others_of_its_transaction() {
    journal.close();
    journal = Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal { lanes = 1, linger = 500 ms }");
    journal.write("taken", 1, 1);
    List<CompletableFuture<Outcome>> good = new ArrayList<>();
    List<CompletableFuture<Outcome>> bad = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      good.add(journal.writeLater("good" + i, 1, 1, 2));
      if (i % 20 == 7) {
        bad.add(journal.writeLater("taken", 1, 2));
        bad.add(journal.writeLater("x".repeat(300 + i), 1, 1));
      }
    }
    assertThat(all(good)).containsOnly(Outcome.STORED);
    assertThat(all(bad)).containsOnly(Outcome.REJECTED);
    assertThat(journal.replay("taken").sums()).containsExactly(1L);
  }

  @Test
  void of_two_who_write_the_same_position_at_once_one_succeeds() {
    for (int round = 0; round < 20; round++) {
      String id = "race" + round;
      assertThat(all(List.of(journal.writeLater(id, 1, 1), journal.writeLater(id, 1, 2))))
          .containsExactlyInAnyOrder(Outcome.STORED, Outcome.REJECTED);
    }
  }

  @Test
  void a_hundred_stale_writers_do_not_open_the_circuit_breaker_for_the_others() {
    journal.write("taken", 1, 1);
    List<CompletableFuture<Outcome>> stale =
        IntStream.range(0, 100).mapToObj(i -> journal.writeLater("taken", 1, i)).toList();
    assertThat(all(stale)).containsOnly(Outcome.REJECTED);
    assertThat(journal.write("other", 1, 1)).isEqualTo(Outcome.STORED);
  }

  @Test
  void a_write_larger_than_a_transaction_may_be_is_rejected_and_one_with_many_rows_is_not() {
    journal.close();
    journal =
        Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal { rows-max = 10, bytes-max = 8 KiB }");
    assertThat(journal.write("many", 1, new long[20])).isEqualTo(Outcome.STORED);
    assertThat(journal.write("large", 1, new long[100])).isEqualTo(Outcome.REJECTED);
    assertThat(journal.replay("many").highest()).isEqualTo(20);
    assertThat(journal.replay("large").highest()).isZero();
  }

  @Test
  void however_many_wait_for_the_lanes_none_is_turned_away() {
    journal.close();
    journal = Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal { lanes = 1, rows-max = 10 }");
    List<CompletableFuture<Outcome>> writes =
        IntStream.range(0, 1_000).mapToObj(i -> journal.writeLater("w" + i, 1, i)).toList();
    assertThat(all(writes)).containsOnly(Outcome.STORED);
  }

  @Test
  void what_comes_while_a_lane_stores_is_one_transaction_more_or_a_second_lane_takes_a_crowd() {
    journal.close();
    journal = Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal { lanes = 2, crowd-rows = 20 }");
    journal.write("warm", 1, 1);
    List<CompletableFuture<Outcome>> writes = new ArrayList<>();
    journal
        .database()
        .run(
            connection -> {
              connection.setAutoCommit(false);
              try (var lock = connection.createStatement()) {
                lock.execute("lock table event_journal in exclusive mode");
                writes.add(journal.writeLater("few", 1, 1));
                waitUntil(() -> isBlocked(1));
                IntStream.range(0, 19).forEach(i -> writes.add(journal.writeLater("a" + i, 1, 1)));
                waitUntil(() -> journal.waitingRows() == 19);
                assertThat(isBlocked(1)).isTrue();
                writes.add(journal.writeLater("a19", 1, 1));
                waitUntil(() -> journal.waitingRows() == 0 && isBlocked(2));
                IntStream.range(0, 30).forEach(i -> writes.add(journal.writeLater("b" + i, 1, 1)));
                waitUntil(() -> journal.waitingRows() == 30);
              } finally {
                connection.rollback();
                connection.setAutoCommit(true);
              }
              return 0;
            });
    assertThat(all(writes)).containsOnly(Outcome.STORED);
    assertThat(transactions("few")).isEqualTo(1);
    assertThat(transactions("a%")).isEqualTo(1);
    assertThat(transactions("b%")).isEqualTo(1);
  }

  private long transactions(String entities) {
    return journal
        .database()
        .run(
            connection -> {
              try (var select =
                  connection.prepareStatement(
                      "select count(distinct txid::text) from event_journal where persistence_id"
                          + " like ?")) {
                select.setString(1, "tally|" + entities);
                try (var row = select.executeQuery()) {
                  row.next();
                  return row.getLong(1);
                }
              }
            });
  }

  /** Whether so many inserts wait for a lock. */
  private boolean isBlocked(int inserts) {
    return inserts
        == journal
            .database()
            .<Integer>run(
                connection -> {
                  try (var select = connection.createStatement();
                      var row =
                          select.executeQuery(
                              "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                  + " and datname = current_database() and query like 'insert into"
                                  + " event_journal%'")) {
                    row.next();
                    return row.getInt(1);
                  }
                });
  }

  private static void waitUntil(BooleanSupplier holds) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("patience").isLessThan(until);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }

  @Test
  void a_history_longer_than_a_page_is_replayed_whole_and_within_its_bounds() {
    journal.close();
    journal = Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal.page-events = 3");
    journal.write("long", 1, LongStream.rangeClosed(1, 10).toArray());
    journal.write("even", 1, 1, 2, 3);
    assertThat(journal.replay("long").sums())
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    assertThat(journal.replay("long", 2, 8, 5).sequences()).containsExactly(2L, 3L, 4L, 5L, 6L);
    assertThat(journal.replay("long", 2, 8, 6).sequences()).hasSize(6).endsWith(7L);
    assertThat(journal.replay("even").sequences()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void who_loads_an_entity_whose_write_is_under_way_sees_it() {
    journal.close();
    journal = Journals.ARRAYS_ON_POSTGRESQL.open("tandem-journal { lanes = 1, linger = 300 ms }");
    CompletableFuture<Outcome> write = journal.writeLater("under-way", 1, 1, 2);
    assertThat(journal.replay("under-way").sequences()).containsExactly(1L, 2L);
    assertThat(JournalProbe.get(write)).isEqualTo(Outcome.STORED);
  }

  @Test
  void many_who_are_loaded_at_once_are_each_told_their_own_end() {
    for (int i = 0; i < 20; i++) {
      journal.write("end" + i, 1, new long[1 + i]);
    }
    List<CompletableFuture<Long>> ends =
        IntStream.range(0, 40)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> journal.replay("end" + i).highest()))
            .toList();
    for (int i = 0; i < 40; i++) {
      assertThat(JournalProbe.get(ends.get(i))).isEqualTo(i < 20 ? i + 1 : 0);
    }
  }

  @Test
  void connections_that_died_while_nobody_read_are_not_noticed_by_the_next_who_does() {
    journal.write("idle", 1, 1);
    assertThat(journal.replay("idle").highest()).isEqualTo(1);
    refuseConnections(true);
    refuseConnections(false);
    assertThat(journal.replay("idle").sequences()).containsExactly(1L);
  }

  @Test
  void a_database_that_goes_away_fails_writes_at_once_and_all_is_well_when_it_is_back() {
    assertThat(journal.write("before", 1, 1)).isEqualTo(Outcome.STORED);
    refuseConnections(true);
    List<CompletableFuture<Outcome>> meanwhile =
        IntStream.range(0, 20).mapToObj(i -> journal.writeLater("away" + i, 1, i)).toList();
    assertThat(all(meanwhile)).containsOnly(Outcome.FAILED);
    refuseConnections(false);
    String entity = "back";
    int attempt = 0;
    while (journal.write(entity + attempt, 1, 1) != Outcome.STORED) {
      attempt++;
      assertThat(attempt).as("attempts until it is back").isLessThan(100_000);
    }
    assertThat(journal.write("before", 2, 2)).isEqualTo(Outcome.STORED);
    assertThat(journal.replay("before").sums()).containsExactly(1L, 2L);
  }

  /** Ends all connections to the database and refuses new ones, or takes them again. */
  private void refuseConnections(boolean refuse) {
    DatabaseSettings settings = journal.database().settings();
    String url = settings.url();
    String name = url.substring(url.lastIndexOf('/') + 1);
    DatabaseSettings beside =
        new DatabaseSettings(
            url.substring(0, url.lastIndexOf('/')) + "/postgres",
            settings.user(),
            settings.password());
    try (var connection =
            java.sql.DriverManager.getConnection(
                beside.jdbcUrl(), beside.user(), beside.password());
        var statement = connection.createStatement()) {
      statement.execute("alter database " + name + " with allow_connections " + !refuse);
      if (refuse) {
        statement.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + name
                + "'");
      }
    } catch (java.sql.SQLException e) {
      throw new AssertionError(e);
    }
  }
}
