package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_MEMORY", "POSTGRESQL"})
class JournalPartsTest {

  private static final int EVENTS = 3_000;
  private static final long EVENTS_A_PART = 100;

  /** What one thread was given. */
  private static final class Taken implements Consumer<JournalRow> {
    final List<JournalRow> rows = new ArrayList<>();

    @Override
    public void accept(JournalRow row) {
      rows.add(row);
    }
  }

  @Parameter Databases kind;
  private final long seed = System.nanoTime();
  private Database database;
  private JournalReader reader;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    reader = new JournalReader(database, EVENTS_A_PART);
    TestJournal journal = new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
    Random random = new Random(seed);
    List<Envelope> all = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      String type = random.nextInt(3) == 0 ? "tallies" : "tally";
      all.add(
          journal.next(
              type,
              "t" + random.nextInt(150),
              i % 10 == 0 ? new Tally.Event.Opened("a") : new Tally.Event.Counted(i),
              Instant.EPOCH,
              null));
    }
    journal.store(all);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Set<String> names(List<Taken> all) {
    Set<String> names = new HashSet<>();
    all.forEach(
        taken ->
            taken.rows.forEach(row -> assertThat(names.add(row.toString())).as("once").isTrue()));
    return names;
  }

  @Test
  void every_event_is_given_once_and_no_entity_to_two_threads() {
    List<Taken> all = reader.entities("", "", Taken::new);

    assertThat(names(all)).as("seed %d", seed).hasSize(EVENTS);
    Set<String> entities = new HashSet<>();
    for (Taken taken : all) {
      Set<String> own = new HashSet<>();
      String at = "";
      long last = 0;
      for (JournalRow row : taken.rows) {
        if (!row.persistenceId().equals(at)) {
          at = row.persistenceId();
          last = 0;
          assertThat(own.add(at)).as("%s in one piece, seed %d", at, seed).isTrue();
        }
        assertThat(row.sequence()).isEqualTo(++last);
      }
      assertThat(own).allMatch(entities::add, "of no other thread");
    }
  }

  @Test
  void a_type_is_given_without_its_neighbours_and_an_event_without_the_others() {
    Set<String> tallies = names(reader.entities("tally", "", Taken::new));
    Set<String> others = names(reader.entities("tallies", "", Taken::new));
    assertThat(tallies).allMatch(name -> name.startsWith("tally|"));
    assertThat(others).allMatch(name -> name.startsWith("tallies|"));
    assertThat(tallies.size() + others.size()).as("seed %d", seed).isEqualTo(EVENTS);
    assertThat(names(reader.anyOrder("tally", "", Taken::new))).isEqualTo(tallies);

    Set<String> opened = names(reader.anyOrder("tally", "tally.opened", Taken::new));
    opened.addAll(names(reader.entities("tallies", "tally.opened", Taken::new)));
    assertThat(opened).hasSize(EVENTS / 10);
  }

  @Test
  void what_one_thread_cannot_take_ends_the_reading() {
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                reader.entities(
                    "",
                    "",
                    () ->
                        row -> {
                          throw new IllegalStateException("cannot take " + row);
                        }));
  }
}
