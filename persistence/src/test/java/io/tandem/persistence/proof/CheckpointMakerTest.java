package io.tandem.persistence.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.JournalException;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import io.tandem.persistence.readmodel.TestJournal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(names = {"H2_MEMORY", "POSTGRESQL"})
class CheckpointMakerTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final SigningKey KEY = new SigningKey("tandem", new byte[32]);

  @Parameter Databases kind;
  @TempDir Path folder;
  private Database database;
  private TestJournal journal;
  private CheckpointMaker maker;

  @BeforeEach
  void open() {
    database = kind.open(Database.Contents.JOURNAL);
    journal = new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
    maker = another();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private CheckpointMaker another() {
    return new CheckpointMaker(database, KEY, () -> NOON);
  }

  private long verified(List<String> wrong) {
    return new CheckpointExamination(
            database,
            KEY.verifying(),
            List.of(),
            Set.of(),
            (entity, at, what) -> wrong.add(entity + "#" + at + " " + what),
            done -> {},
            Instant.MAX)
        .run()
        .covered();
  }

  @Test
  @Tag("rule:AUD-2")
  void each_checkpoint_covers_what_is_new_and_names_the_one_before() {
    assertThat(maker.make()).isEmpty();
    journal.append("tally", "a", new Counted(1));
    journal.append("tally", "b", new Counted(1));
    SignedCheckpoint first = maker.make().orElseThrow();
    assertThat(maker.make()).as("nothing is new").isEmpty();
    journal.append("tally", "a", new Counted(2));
    SignedCheckpoint second = another().make().orElseThrow();

    assertThat(first.checkpoint().size()).isEqualTo(2);
    assertThat(second.checkpoint().size()).isEqualTo(3);
    assertThat(second.number()).isEqualTo(2);
    assertThat(second.checkpoint().previous()).isEqualTo(first.hash());
    List<String> wrong = new ArrayList<>();
    assertThat(verified(wrong)).isEqualTo(3);
    assertThat(wrong).isEmpty();
  }

  @Test
  @Tag("rule:AUD-2")
  void two_owners_at_a_time_make_one_chain_without_gaps() throws Exception {
    int rounds = 12;
    CyclicBarrier together = new CyclicBarrier(2);
    AtomicInteger made = new AtomicInteger();
    List<Thread> owners = new ArrayList<>();
    for (int owner = 0; owner < 2; owner++) {
      String id = "o" + owner;
      owners.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    CheckpointMaker own = another();
                    TestJournal writes =
                        new TestJournal(database, EventCodec.clear(Tally.names(), List.of()));
                    for (int i = 0; i < rounds; i++) {
                      writes.append("tally", id, new Counted(i));
                      try {
                        int unused = together.await();
                      } catch (Exception e) {
                        throw new IllegalStateException(e);
                      }
                      own.make().ifPresent(each -> made.incrementAndGet());
                    }
                  }));
    }
    for (Thread owner : owners) {
      owner.join();
    }
    while (maker.make().isPresent()) {
      made.incrementAndGet(); // what the last rounds left
    }

    List<String> wrong = new ArrayList<>();
    assertThat(verified(wrong)).isEqualTo(2 * rounds);
    assertThat(wrong).isEmpty();
    assertThat(new CheckpointStore(database).after(0, 100)).hasSize(made.get());
  }

  @Test
  @Tag("rule:AUD-2")
  void a_commit_that_comes_late_is_in_a_later_checkpoint() throws SQLException {
    Assumptions.assumeTrue(kind == Databases.POSTGRESQL, "H2 has one writing connection");
    Envelope late = journal.next("tally", "late", new Counted(1), Instant.EPOCH, null);
    try (Connection slow = database.dataSource().getConnection()) {
      slow.setAutoCommit(false);
      TestJournal.store(slow, List.of(late));
      journal.append("tally", "early", new Counted(2));
      assertThat(maker.make()).as("the early one waits for the late one").isEmpty();
      slow.commit();
    }
    SignedCheckpoint made = maker.make().orElseThrow();

    assertThat(made.checkpoint().size()).isEqualTo(2);
    assertThat(verified(new ArrayList<>())).isEqualTo(2);
  }

  @Test
  @Tag("rule:AUD-2")
  void a_database_older_than_its_anchor_is_told_and_not_gone_on_with() {
    Anchor anchor = new FileAnchor(folder.resolve("anchor"));
    journal.append("tally", "a", new Counted(1));
    assertThat(maker.make()).isPresent();
    assertThat(maker.anchor(anchor)).isEqualTo(1);
    int unused = database.update("delete from checkpoint");

    assertThatExceptionOfType(AnchorException.class)
        .isThrownBy(() -> another().anchor(anchor))
        .withMessageContaining("older copy");
  }

  @Test
  @Tag("rule:AUD-2")
  void a_checkpoint_of_another_key_is_not_gone_on_from() {
    journal.append("tally", "a", new Counted(1));
    assertThat(maker.make()).isPresent();
    byte[] other = new byte[32];
    other[3] = 1;
    CheckpointMaker stranger =
        new CheckpointMaker(database, new SigningKey("tandem", other), () -> NOON);

    assertThatExceptionOfType(JournalException.class).isThrownBy(stranger::make);
  }
}
