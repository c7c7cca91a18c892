package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import io.tandem.persistence.readmodel.Tally.Event.Opened;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A long history is read in pages: whoever compares one has a page of it in memory. */
@ParameterizedClass
@EnumSource(Databases.class)
class EntityRowsTest {
  @Parameter Databases kind;

  @Test
  void the_rows_of_an_entity_are_read_a_page_at_a_time_and_as_often_as_asked() {
    try (Database database = kind.open(Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
      journal.append("tally", "t1", new Opened("acct_1"));
      journal.append("tally", "t2", new Opened("acct_1"));
      for (int i = 0; i < 6; i++) {
        journal.append("tally", "t1", new Counted(1));
      }
      JournalFeed feed = new JournalFeed(database, 3);

      List<Long> twice =
          database.run(
              connection -> {
                List<Long> seen = new ArrayList<>();
                Iterable<JournalRow> rows = feed.ofEntity(connection, "tally|t1", FeedPosition.END);
                rows.forEach(row -> seen.add(row.sequence()));
                rows.forEach(row -> seen.add(row.sequence()));
                return seen;
              });
      assertThat(twice).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
    }
  }

  @Test
  void no_page_is_read_before_the_one_before_is_used_up_and_a_fault_is_told() {
    List<Long> asked = new ArrayList<>();
    EntityRows rows =
        new EntityRows(
            (after, max) -> {
              asked.add(after);
              if (after == 4) {
                throw new SQLException("gone", "08006");
              }
              return List.of(row(after + 1), row(after + 2));
            },
            2);
    assertThat(rows.next().sequence()).isEqualTo(1);
    assertThat(rows.next().sequence()).isEqualTo(2);
    assertThat(asked).containsExactly(0L);
    assertThat(rows.next().sequence()).isEqualTo(3);
    assertThat(asked).containsExactly(0L, 2L);
    assertThat(rows.next().sequence()).isEqualTo(4);
    assertThatThrownBy(rows::hasNext)
        .isInstanceOf(JournalException.class)
        .hasMessageContaining("08006");
    assertThatThrownBy(new EntityRows((after, max) -> List.of(), 2)::next)
        .isInstanceOf(NoSuchElementException.class);
  }

  private static JournalRow row(long sequence) {
    return new JournalRow(FeedPosition.START, "tally|t1", sequence, new byte[0]);
  }
}
