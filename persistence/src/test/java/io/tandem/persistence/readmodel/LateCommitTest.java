package io.tandem.persistence.readmodel;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.Tally.Event.Counted;
import io.tandem.persistence.webhook.FanOut;
import io.tandem.persistence.webhook.WebhookEvent;
import io.tandem.persistence.webhook.WebhookState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One transaction stays open while thousands of others commit: whoever reads along, projection,
 * plain reader or checkpoint maker, misses nothing of it. The wait is the test's own, not a
 * clock's.
 */
class LateCommitTest {

  private static final int OTHERS = 4_000;
  private static final int BATCH = 100;

  @Test
  @Tag("rule:AUD-3")
  void a_commit_held_open_while_thousands_of_others_commit_is_missed_by_nobody()
      throws SQLException {
    try (Database database = Databases.POSTGRESQL.open(Database.Contents.JOURNAL)) {
      EventCodec codec = EventCodec.clear(Tally.names(), List.of());
      TestJournal journal = new TestJournal(database, codec);
      JournalFeed feed = new JournalFeed(database);
      Projector projector =
          Projector.builder(database, codec).view(Tally.KIND, Tally::account).build();
      CheckpointMaker maker =
          new CheckpointMaker(
              database, new SigningKey("tandem", new byte[32]), () -> Instant.EPOCH);
      journal.append("tally", "before", new Counted(1));
      Set<String> seen = new HashSet<>();
      FeedPosition position = FeedPosition.START;
      Envelope late = journal.next("tally", "late", new Counted(42), Instant.EPOCH, null);
      try (Connection slow = database.dataSource().getConnection()) {
        slow.setAutoCommit(false);
        TestJournal.store(slow, List.of(late));
        for (int done = 0; done < OTHERS; done += BATCH) {
          store(journal, done);
          position = read(feed, position, seen);
          int unused = projector.step();
          assertThat(maker.make().map(made -> made.checkpoint().size()).orElse(1L)).isEqualTo(1L);
        }
        assertThat(seen).as("all that is newer waits").containsExactly("tally|before#1");
        assertThat(feed.heldBack()).as("and somebody can see for how long").isPresent();
        slow.commit();
      }
      while (seen.size() < OTHERS + 2) {
        position = read(feed, position, seen);
      }
      long projected = projector.catchUp();
      assertThat(maker.make().orElseThrow().checkpoint().size()).isEqualTo(OTHERS + 2);

      assertThat(seen).contains("tally|late#1").hasSize(OTHERS + 2);
      assertThat(projected).isEqualTo(OTHERS + 1);
      EntityViews views = new EntityViews(database, codec);
      assertThat(((Tally) views.byId("tally", "late").orElseThrow().state()).total()).isEqualTo(42);
      for (int i = 0; i < BATCH; i++) {
        EntityView view = views.byId("tally", "t" + i).orElseThrow();
        assertThat(view.sequence()).isEqualTo(OTHERS / BATCH);
        assertThat(((Tally) view.state()).total()).isEqualTo(OTHERS / BATCH);
      }
    }
  }

  @Test
  void who_tells_webhooks_waits_for_the_late_commit_and_tells_each_event_once()
      throws SQLException {
    TypeNames names =
        TypeNames.builder()
            .addAll(Tally.Event.class)
            .addAll(WebhookEvent.class)
            .add(WebhookState.class)
            .build();
    EventCodec codec =
        EventCodec.sealed(
            names, List.of(), new AesGcmSealer(new MemoryKeyStore(), () -> Instant.EPOCH));
    EntityKind<WebhookState, WebhookEvent> webhooks =
        new EntityKind<>("webhook", WebhookEvent.class, WebhookState::initial);
    try (Database database = Databases.POSTGRESQL.open(Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(database, codec);
      Projector projector =
          Projector.builder(database, codec).view(webhooks, w -> Optional.empty()).build();
      FanOut fanOut = new FanOut(database, codec, () -> Instant.EPOCH);
      Personal<String> secret = Personal.of("account:a", DataClass.CONTACT, "s");
      journal.append(
          "webhook",
          "w",
          new WebhookEvent.Created(
              "acct", "https://a.example", List.of("tally.*"), secret, Instant.EPOCH));
      assertThat(projector.catchUp()).isEqualTo(1);
      int unused = fanOut.step();
      Envelope late = journal.next("wallet", "acct:EUR", new Counted(42), Instant.EPOCH, null);
      try (Connection slow = database.dataSource().getConnection()) {
        slow.setAutoCommit(false);
        TestJournal.store(slow, List.of(late));
        for (int i = 0; i < BATCH; i++) {
          journal.append("wallet", "acct:USD", new Counted(i));
          int steps = projector.step() + fanOut.step();
          assertThat(steps).isZero();
        }
        slow.commit();
      }
      assertThat(projector.catchUp()).isEqualTo(BATCH + 1);
      int noted;
      do {
        noted = fanOut.step();
      } while (noted > 0);

      List<String> told =
          database.run(
              c ->
                  Sql.list(
                      c,
                      "select object, sequence from webhook_delivery",
                      row -> row.getString(1) + "#" + row.getLong(2)));
      assertThat(told)
          .hasSize(BATCH + 1)
          .doesNotHaveDuplicates()
          .contains("wallet|acct:EUR#1", "wallet|acct:USD#" + BATCH);
    }
  }

  private static void store(TestJournal journal, int done) {
    List<Envelope> batch = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      batch.add(journal.next("tally", "t" + i, new Counted(1), Instant.EPOCH, null));
    }
    journal.store(batch);
    assertThat(done).isLessThan(OTHERS);
  }

  private static FeedPosition read(JournalFeed feed, FeedPosition from, Set<String> seen) {
    FeedPage page = feed.read(from, 1_000);
    page.rows().forEach(row -> assertThat(seen.add(row.toString())).as("%s twice", row).isTrue());
    return page.next();
  }
}
