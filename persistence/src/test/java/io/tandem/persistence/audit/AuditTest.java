package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.readmodel.Tally;
import io.tandem.persistence.readmodel.TestJournal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
class AuditTest {

  @Wire("purse.moved/1")
  record Moved(Money amount, boolean lopsided) implements DomainEvent, Posted {
    @Override
    public List<Posting> postings() {
      return lopsided
          ? List.of(new Posting(LedgerAccount.HOLDS, amount))
          : Posting.move(LedgerAccount.CUSTOMER_FUNDS, LedgerAccount.HOLDS, amount);
    }
  }

  @Wire("purse.state/1")
  record Purse(long moves) implements DomainState<Purse, Moved> {
    @Override
    public Purse apply(Moved event) {
      return new Purse(moves + 1);
    }
  }

  private static final EntityKind<Purse, Moved> PURSE =
      new EntityKind<>("purse", Moved.class, id -> new Purse(0));
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @Parameter Databases kind;
  private DatabaseSettings settings;
  private Database node;
  private Database database;
  private TestJournal journal;
  private Audit audit;

  @BeforeEach
  void open() {
    settings = kind.fresh();
    TypeNames names =
        TypeNames.builder()
            .addAll(Tally.Event.class)
            .add(Tally.class)
            .add(Moved.class)
            .add(Purse.class)
            .build();
    EventCodec codec = EventCodec.clear(names, List.of());
    node = Database.open(settings, Database.Contents.JOURNAL);
    database = Database.openUnchanged(settings, Database.Contents.JOURNAL);
    journal = new TestJournal(node, codec);
    audit = new Audit(database, codec, List.of(Tally.KIND, PURSE));
  }

  @AfterEach
  void close() {
    database.close();
    node.close();
  }

  private void count(String id, int times) {
    List<Envelope> events = new ArrayList<>();
    for (int i = 1; i <= times; i++) {
      events.add(journal.next("tally", id, new Tally.Event.Counted(i), NOON.plusSeconds(i), null));
    }
    journal.store(events);
  }

  private void move(String id, long micros, String currency, boolean lopsided, int second) {
    journal.append(
        "purse",
        id,
        new Moved(new Money(micros, currency), lopsided),
        NOON.plusSeconds(second),
        null);
  }

  @Test
  void entities_are_listed_and_shown_as_of_any_instant() {
    count("a", 3);
    count("b", 1);
    move("p", 1, "USD", false, 0);

    assertThat(audit.list("tally", "", 10))
        .containsExactly(
            new JournalReader.Listed("tally", "a", 3), new JournalReader.Listed("tally", "b", 1));
    assertThat(audit.list("tally", "a", 10))
        .extracting(JournalReader.Listed::entityId)
        .containsExactly("b");
    assertThat(audit.show("tally", "a", NOON)).isEmpty();
    assertThat(audit.show("tally", "a", NOON.plusSeconds(2)).orElseThrow().state())
        .isEqualTo(new Tally("a", Optional.empty(), 3));
    assertThat(audit.show("tally", "a", Instant.MAX).orElseThrow().state())
        .isEqualTo(new Tally("a", Optional.empty(), 6));
    assertThat(audit.show("tally", "nobody", Instant.MAX)).isEmpty();
  }

  @Test
  @Tag("rule:AUD-1")
  void a_replay_gives_each_event_with_who_when_why_and_the_state_after_it() {
    count("a", 3);
    List<Step> steps = new ArrayList<>();
    audit.replay("tally", "a", steps::add);

    assertThat(steps).hasSize(3);
    Step second = steps.get(1);
    assertThat(second.event()).isEqualTo(new Tally.Event.Counted(2));
    assertThat(second.state()).isEqualTo(new Tally("a", Optional.empty(), 3));
    assertThat(second.envelope().header().actor()).isEqualTo("tester");
    assertThat(second.envelope().header().at()).isEqualTo(NOON.plusSeconds(2));
    assertThat(second.envelope().header().cause()).isEqualTo("test");
    assertThat(second.envelope().header().commandId()).isEqualTo("cmd_2");
    assertThat(second.envelope().header().event()).hasToString("tally.counted/1");
  }

  @Test
  void a_sound_journal_longer_than_a_page_is_found_sound() {
    count("long", 4_500);
    count("short", 2);
    for (int i = 0; i < 40; i++) {
      count("many" + i, 3);
    }

    Verification verification = audit.verify();

    assertThat(verification.problems()).isEmpty();
    assertThat(verification.events()).isEqualTo(4_622);
    assertThat(verification.entities()).isEqualTo(42);
    assertThat(verification.isSound()).isTrue();
  }

  @Test
  @Tag("rule:AUD-2")
  void changed_removed_and_moved_events_are_each_named_by_entity_and_position() {
    count("changed", 4);
    count("removed", 4);
    count("moved", 4);
    count("whole", 4);
    TestJournal forger = new TestJournal(node, EventCodec.clear(Tally.names(), List.of()));
    Envelope first = forger.next("tally", "changed", new Tally.Event.Counted(1), NOON, null);
    assertThat(first.sequence()).isEqualTo(1);
    Envelope forged = forger.next("tally", "changed", new Tally.Event.Counted(900), NOON, null);
    tamper(
        "\"event_payload\" = ? where \"persistence_id\" = 'tally|changed' and \"sequence_number\" = 2",
        forged.bytes());
    node.update(
        "delete from \"event_journal\" where \"persistence_id\" = 'tally|removed' and \"sequence_number\" = 3");
    tamper(
        "\"sequence_number\" = 9 where \"persistence_id\" = 'tally|moved' and \"sequence_number\" = 2");

    Verification verification = audit.verify();

    assertThat(verification.problems())
        .extracting(problem -> problem.entity() + "#" + problem.sequence())
        .containsExactlyInAnyOrder(
            "tally|changed#2", // does not follow the first
            "tally|changed#3", // was written after another second
            "tally|moved#3", // the second is missing
            "tally|moved#9", // and stands where it does not belong
            "tally|removed#4");
    assertThat(audit.verifyChain("tally", "whole")).isEmpty();
    assertThat(audit.verifyChain("tally", "removed"))
        .hasValueSatisfying(found -> assertThat(found.sequence()).isEqualTo(4));
  }

  private void tamper(String set, Object... parameters) {
    assertThat(node.update("update \"event_journal\" set " + set, parameters)).isEqualTo(1);
  }

  @Test
  void the_trial_balance_is_kept_per_currency_as_of_any_instant() {
    move("p", 5_000_000, "USD", false, 1);
    move("q", 2_000_000, "USD", false, 2);
    move("p", 1_000_000, "EUR", false, 3);

    TrialBalance early = audit.trialBalance(NOON.plusSeconds(1));
    assertThat(early.isZero()).isTrue();
    assertThat(early.sums())
        .isEqualTo(
            Map.of(
                "USD",
                Map.of(
                    LedgerAccount.CUSTOMER_FUNDS, BigInteger.valueOf(-5_000_000),
                    LedgerAccount.HOLDS, BigInteger.valueOf(5_000_000))));
    TrialBalance all = audit.trialBalance(null);
    assertThat(all.events()).isEqualTo(3);
    assertThat(all.isZero()).isTrue();
    assertThat(all.sums().get("USD"))
        .containsEntry(LedgerAccount.HOLDS, BigInteger.valueOf(7_000_000));
  }

  @Test
  void an_event_that_does_not_balance_is_named_even_where_another_makes_up_for_it() {
    move("p", 5, "USD", true, 1);
    move("p", -5, "USD", true, 2);

    TrialBalance balance = audit.trialBalance(null);

    assertThat(balance.isZero()).isFalse();
    assertThat(balance.unbalanced())
        .containsExactly(
            "purse|p#1 purse.moved/1 is off by 5 micros of USD",
            "purse|p#2 purse.moved/1 is off by -5 micros of USD");
    assertThat(audit.verify().problems()).extracting(Problem::sequence).containsExactly(1L, 2L);
  }
}
