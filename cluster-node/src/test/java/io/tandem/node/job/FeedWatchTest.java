package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.readmodel.ParkedEvents;
import io.tandem.persistence.readmodel.Projector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FeedWatchTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Database database =
      Database.open(
          new DatabaseSettings("jdbc:h2:mem:watch" + System.nanoTime(), "sa", ""),
          Database.Contents.JOURNAL);
  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private Optional<Duration> heldBack = Optional.empty();
  private final FeedWatch watch =
      new FeedWatch(
          Projector.READER,
          () -> heldBack,
          new ParkedEvents(database),
          Duration.ofSeconds(10),
          () -> now,
          meters);

  @AfterEach
  void close() {
    database.close();
  }

  private double shown(String gauge) {
    return meters.get(gauge).tag("reader", Projector.READER).gauge().value();
  }

  @Test
  void the_lag_grows_until_the_end_of_the_feed_is_reached() {
    watch.stepped(true);
    now = now.plusSeconds(12);
    assertThat(shown("tandem.feed.lag.seconds")).as("also while nothing is stepped").isEqualTo(12);
    watch.stepped(false);
    now = now.plusSeconds(3);
    assertThat(shown("tandem.feed.lag.seconds")).isEqualTo(15);
    watch.stepped(true);
    assertThat(shown("tandem.feed.lag.seconds")).isZero();
  }

  @Test
  void the_end_of_a_feed_that_is_held_back_is_not_the_end_of_the_journal() {
    heldBack = Optional.of(Duration.ofMillis(40)); // a write that is being committed
    watch.stepped(true);
    assertThat(shown("tandem.feed.lag.seconds")).isZero();
    heldBack = Optional.of(Duration.ofSeconds(30));
    now = now.plusSeconds(6);
    watch.stepped(true);
    assertThat(shown("tandem.feed.held.back.seconds")).isEqualTo(30);
    assertThat(shown("tandem.feed.lag.seconds")).isEqualTo(30);
    heldBack = Optional.empty();
    now = now.plusSeconds(6);
    watch.stepped(true);
    assertThat(shown("tandem.feed.lag.seconds")).isZero();
  }

  @Test
  void what_is_parked_is_counted_and_an_event_behind_it_is_no_news() {
    Projector projector =
        Projector.builder(database, EventCodec.clear(TypeNames.builder().build(), List.of()))
            .onTrouble(watch)
            .build();
    for (int sequence = 1; sequence <= 2; sequence++) {
      assertThat(
              database.update(
                  "insert into \"event_journal\" (\"persistence_id\", \"sequence_number\","
                      + " \"writer\", \"write_timestamp\", \"adapter_manifest\","
                      + " \"event_payload\", \"event_ser_id\", \"event_ser_manifest\") values"
                      + " ('x|1', ?, 't', 0, '', ?, 1, 't')",
                  sequence,
                  new byte[] {1, 2, 3}))
          .isEqualTo(1);
    }
    long unused = projector.catchUp();
    watch.stepped(true);

    assertThat(shown("tandem.feed.parked")).isEqualTo(1);
    assertThat(
            meters
                .get("tandem.feed.parked.events")
                .tag("reader", Projector.READER)
                .counter()
                .count())
        .isEqualTo(1);
  }
}
