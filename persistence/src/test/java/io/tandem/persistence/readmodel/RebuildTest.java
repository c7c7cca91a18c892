package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import io.tandem.persistence.readmodel.Tally.Event.Opened;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Databases.class)
class RebuildTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final int ENTITIES = 20;

  @Parameter Databases kind;
  private Database database;
  private EventCodec codec;
  private TestJournal journal;
  private EntityViews views;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    codec = EventCodec.clear(Tally.names(), List.of());
    journal = new TestJournal(database, codec);
    views = new EntityViews(database, codec);
    for (int i = 0; i < ENTITIES; i++) {
      journal.append("tally", "t" + i, new Opened("acct_1"), NOON, NOON.plusSeconds(i));
      journal.append("tally", "t" + i, new Counted(1), NOON, NOON.plusSeconds(i));
    }
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Projector.Builder shown(Projector.Builder builder) {
    return builder.view(Tally.KIND, Tally::account).pageSize(7);
  }

  private Projector live() {
    return shown(Projector.builder(database, codec)).build();
  }

  private Rebuild rebuild() {
    return new Rebuild(database, shown(Projector.beside(database, codec)).build());
  }

  private long rows() {
    List<Long> count =
        database.run(c -> Sql.list(c, "select count(*) from entity_view", row -> row.getLong(1)));
    return count.getFirst();
  }

  private List<String> indexes() {
    return database.run(
        connection ->
            Sql.list(
                connection,
                kind == Databases.POSTGRESQL
                    ? "select indexname || indexdef from pg_indexes where tablename in"
                        + " ('due_index', 'entity_view', 'call_index', 'security_event') order by 1"
                    : "select index_name from information_schema.indexes where table_name in"
                        + " ('DUE_INDEX', 'ENTITY_VIEW', 'CALL_INDEX', 'SECURITY_EVENT') order by"
                        + " 1",
                row -> row.getString(1)));
  }

  @Test
  @Tag("rule:AUD-3")
  void readers_see_whole_tables_while_they_are_made_anew_and_a_running_projector_goes_on() {
    Projector running = live();
    running.catchUp();
    List<String> indexes = indexes();
    int unused =
        database.update(
            "update entity_view set sequence = 99, state_version = 99 where entity_id = 't3'");
    int[] steps = new int[1];

    long events =
        rebuild()
            .run(
                read -> {
                  int step = steps[0]++;
                  if (step < 5) { // life goes on
                    journal.append("tally", "t" + step, new Counted(10));
                    running.catchUp();
                  }
                  assertThat(rows()).as("whole, at every moment").isEqualTo(ENTITIES);
                });

    assertThat(events).isGreaterThanOrEqualTo(2 * ENTITIES + 5);
    assertThat(views.all("tally", "", 100)).hasSize(ENTITIES);
    assertThat(views.byId("tally", "t3").orElseThrow().state())
        .as("what was wrong is right")
        .isEqualTo(new Tally("t3", Optional.of("acct_1"), 11));
    assertThat(new DueIndex(database).due(NOON.plusSeconds(100), 100)).isNotEmpty();
    assertThat(indexes()).as("names for the next migration").isEqualTo(indexes);

    journal.append("tally", "t7", new Counted(100));
    running.catchUp();
    assertThat(views.byId("tally", "t7").orElseThrow().state())
        .isEqualTo(new Tally("t7", Optional.of("acct_1"), 101));
    assertThat(rebuild().run(read -> {})).as("and again").isEqualTo(events + 1);
    assertThat(indexes()).isEqualTo(indexes);
  }

  @Test
  void a_rebuild_that_was_broken_off_leaves_the_old_tables_and_does_not_stop_the_next() {
    live().catchUp();
    List<EntityView> before = views.all("tally", "", 100);
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () ->
                    rebuild()
                        .run(
                            read -> {
                              throw new IllegalStateException("killed");
                            })))
        .hasMessage("killed");
    assertThat(views.all("tally", "", 100)).isEqualTo(before);

    assertThat(rebuild().run(read -> {})).isEqualTo(2 * ENTITIES);
    assertThat(views.all("tally", "", 100)).isEqualTo(before);
  }

  @Test
  @Tag("rule:WAL-12")
  void a_row_that_is_not_what_its_events_come_to_is_named_and_one_that_is_late_too() {
    Projector running = live();
    running.catchUp();
    for (int i = 0; i < ENTITIES; i++) {
      assertThat(running.difference("tally|t" + i)).isEmpty();
    }
    journal.append("tally", "t1", new Counted(5));
    assertThat(running.difference("tally|t1")).as("not read yet: no fault").isEmpty();
    running.catchUp();

    int unused =
        database.update("update entity_view set account_id = 'acct_2' where entity_id = 't1'")
            + database.update("update entity_view set sequence = 1 where entity_id = 't2'")
            + database.update("delete from entity_view where entity_id = 't3'")
            + database.update("update entity_view set sequence = 9 where entity_id = 't4'");

    assertThat(running.difference("tally|t1")).contains("is not what its events come to at #3");
    assertThat(running.difference("tally|t2")).contains("lacks the events from #2 on");
    assertThat(running.difference("tally|t3")).contains("is missing");
    assertThat(running.difference("tally|t4"))
        .contains("is after #9, which the journal does not have");
  }

  @Test
  void where_events_went_to_an_archive_meanwhile_the_old_tables_stand() {
    long projected = live().catchUp();
    long shown = rows();
    Rebuild rebuild = rebuild();
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(
            () ->
                rebuild.run(
                    read ->
                        database.update(
                            "insert into archive (number, note, made_at) select count(*) + 1, '', 0"
                                + " from archive")))
        .withMessageContaining("archived meanwhile");
    assertThat(rows()).isEqualTo(shown);
    assertThat(projected).isPositive();
  }
}
