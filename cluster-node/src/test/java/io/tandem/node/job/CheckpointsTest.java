package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.proof.Anchor;
import io.tandem.persistence.proof.Anchors;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.SigningKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final Duration EVERY = Duration.ofSeconds(10);
  private static final InstantSource NOON =
      InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));

  @TempDir Path folder;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Database database = open();

  private static Database open() {
    return Database.open(
        new DatabaseSettings("jdbc:h2:mem:checkpoints" + System.nanoTime(), "sa", ""),
        Database.Contents.JOURNAL);
  }

  @BeforeEach
  void oneEvent() {
    append(1);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void append(int sequence) {
    assertThat(
            database.update(
                "insert into \"event_journal\" (\"persistence_id\", \"sequence_number\","
                    + " \"writer\", \"write_timestamp\", \"adapter_manifest\", \"event_payload\","
                    + " \"event_ser_id\", \"event_ser_manifest\") values ('x|1', ?, 't', 0, '', ?,"
                    + " 1, 't')",
                sequence,
                new byte[] {1, 2, 3}))
        .isEqualTo(1);
  }

  private Checkpoints checkpoints(List<Anchor> anchors) {
    return new Checkpoints(
        new CheckpointMaker(database, new SigningKey("tandem", new byte[32]), NOON),
        anchors,
        EVERY,
        NOON,
        meters);
  }

  @Test
  @Tag("rule:AUD-2")
  void a_place_that_is_away_holds_nobody_up_and_is_told_when_it_is_back() {
    Anchor away = Anchors.of("file:nowhere/anchor", folder);
    Anchor there = Anchors.of("file:anchor", folder);
    Checkpoints work = checkpoints(List.of(away, there));

    assertThat(work.step()).isEqualTo(EVERY);

    assertThat(there.newest()).isEqualTo(1);
    assertThat(meters.counter("tandem.anchor.failures").count()).isPositive();
    append(2);
    assertThat(folder.resolve("nowhere").toFile().mkdir()).isTrue();
    assertThat(work.step()).isEqualTo(EVERY);
    assertThat(away.newest()).isEqualTo(2);
    assertThat(there.newest()).isEqualTo(2);
  }

  @Test
  @Tag("rule:AUD-2")
  void nothing_is_signed_on_a_database_that_is_older_than_what_was_said_of_it() {
    Anchor anchor = Anchors.of("file:anchor", folder);
    assertThat(checkpoints(List.of(anchor)).step()).isEqualTo(EVERY);
    assertThat(database.update("delete from checkpoint")).isEqualTo(1);

    assertThat(checkpoints(List.of(anchor)).step()).isEqualTo(EVERY);

    assertThat(meters.counter("tandem.checkpoint.refused").count()).isEqualTo(1);
    assertThat(database.update("delete from checkpoint")).as("none was made").isZero();
  }
}
