package io.tandem.persistence.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.audit.Verification.Problem;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.TestJournal;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletEvent.Captured;
import io.tandem.persistence.wallet.WalletEvent.Deposited;
import io.tandem.persistence.wallet.WalletEvent.Held;
import io.tandem.persistence.wallet.WalletEvent.HoldKept;
import io.tandem.persistence.wallet.WalletEvent.Released;
import io.tandem.persistence.wallet.WalletState;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A wallet's events are genuine rows of a chain that holds, and one of them states balances that
 * its postings do not come to: whoever wrote it, the auditor names it.
 */
class StatedBalancesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final EntityKind<WalletState, WalletEvent> WALLET =
      new EntityKind<>("wallet", WalletEvent.class, WalletState::initial);

  private final StatedBalances balances = new StatedBalances();

  private String next(WalletEvent event) {
    String wrong = balances.next(event, event.postings());
    return wrong == null ? "" : wrong;
  }

  private static Money usd(long micros) {
    return new Money(micros, "USD");
  }

  private static Balances after(long available, long held) {
    return new Balances(available, held);
  }

  private static WalletEvent deposited(long micros, Balances after) {
    return new Deposited("d", usd(micros), "operator", "test", NOON, after);
  }

  private static WalletEvent held(long micros, Balances after) {
    return new Held("h", "call_1", "o1", usd(micros), NOON, NOON, after);
  }

  private static WalletEvent captured(long amount, long fromHold, Balances after) {
    return new Captured("h", "call_1", usd(amount), usd(fromHold), NOON, NOON, after);
  }

  @Test
  @Tag("rule:WAL-5")
  void what_a_wallet_states_follows_from_its_postings_event_by_event() {
    assertThat(next(deposited(100, after(100, 0)))).isEmpty();
    assertThat(next(held(30, after(70, 30)))).isEmpty();
    assertThat(next(new HoldKept("h", NOON, NOON, after(70, 30)))).isEmpty();
    assertThat(next(captured(25, 30, after(75, 0)))).isEmpty();
    assertThat(next(new Released("h", "call_1", usd(0), "x", NOON, after(75, 0)))).isEmpty();
  }

  @Test
  @Tag("rule:WAL-5")
  void an_event_that_states_more_or_less_is_named_once_and_what_follows_from_it_is_not() {
    assertThat(next(deposited(100, after(100, 0)))).isEmpty();
    assertThat(next(held(30, after(70, 31)))).contains("70 micros", "31 of HOLDS", "30 of HOLDS");
    assertThat(next(captured(25, 30, after(75, 1)))).isEmpty();
    assertThat(next(captured(25, 0, after(75, 1)))).contains("come to 50 micros");
    assertThat(next(new HoldKept("h", NOON, NOON, after(75, 2)))).contains("2 of HOLDS");
  }

  @Test
  void currencies_that_meet_and_sums_beyond_counting_are_named() {
    assertThat(next(deposited(100, after(100, 0)))).isEmpty();
    WalletEvent euros = new Deposited("e", new Money(1, "EUR"), "o", "t", NOON, after(101, 0));
    assertThat(next(euros)).isEqualTo("moves EUR where there is USD");
    assertThat(next(deposited(Long.MAX_VALUE, after(Long.MIN_VALUE + 100, 0))))
        .contains("more than can be counted");
  }

  @Test
  void after_an_event_that_is_not_read_the_next_one_says_where_it_goes_on() {
    assertThat(next(deposited(100, after(100, 0)))).isEmpty();
    balances.skip();
    assertThat(next(captured(25, 30, after(75, 0)))).isEmpty();
    assertThat(next(deposited(1, after(77, 0)))).contains("76 micros");
  }

  @Test
  @Tag("rule:WAL-5")
  @Tag("rule:AUD-2")
  void verify_and_trial_balance_name_a_capture_that_wrote_wrong_balances() {
    EventCodec codec =
        EventCodec.clear(
            TypeNames.builder().addAll(WalletEvent.class).add(WalletState.class).build(),
            List.of());
    try (Database database = Databases.H2_MEMORY.open(Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(database, codec);
      List<WalletEvent> forged =
          List.of(
              deposited(100, after(100, 0)),
              held(30, after(70, 30)),
              captured(25, 30, after(100, 0)), // charged, and nothing is missing
              deposited(5, after(105, 0)));
      for (int i = 0; i < forged.size(); i++) {
        Instant at = NOON.plusSeconds(i);
        journal.store(List.of(journal.next("wallet", "a:USD", (Record) forged.get(i), at, null)));
      }
      Audit audit = new Audit(database, codec, List.of(WALLET));

      assertThat(audit.verify().problems())
          .extracting(Problem::entity, Problem::sequence)
          .containsExactly(org.assertj.core.groups.Tuple.tuple("wallet|a:USD", 3L));
      TrialBalance balance = audit.trialBalance(null);
      assertThat(balance.isZero()).isFalse();
      assertThat(balance.unbalanced()).singleElement().asString().contains("wallet|a:USD#3");
      assertThat(audit.trialBalance(NOON.plusSeconds(1)).isZero()).as("until then").isTrue();
    }
  }

  @Test
  @Tag("rule:AUD-5")
  void an_event_that_cannot_be_read_is_left_out_of_the_trial_balance_and_named() {
    EventCodec codec =
        EventCodec.clear(
            TypeNames.builder().addAll(WalletEvent.class).add(WalletState.class).build(),
            List.of());
    try (Database database = Databases.H2_MEMORY.open(Database.Contents.JOURNAL)) {
      TestJournal journal = new TestJournal(database, codec);
      for (WalletEvent each :
          List.of(
              deposited(100, after(100, 0)),
              held(30, after(70, 30)),
              captured(25, 30, after(75, 0)))) {
        journal.store(List.of(journal.next("wallet", "a:USD", (Record) each, NOON, null)));
      }
      assertThat(
              database.update(
                  "update \"event_journal\" set \"event_payload\" = X'0102' where"
                      + " \"sequence_number\" = 2"))
          .isEqualTo(1);

      TrialBalance balance = new Audit(database, codec, List.of(WALLET)).trialBalance(null);

      assertThat(balance.events()).isEqualTo(2);
      assertThat(balance.leftOut()).singleElement().asString().startsWith("wallet|a:USD#2: ");
      assertThat(balance.unbalanced()).isEmpty();
      assertThat(balance.isZero()).isFalse();
    }
  }
}
