package io.tandem.node.journaled;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.dispute.DisputeCommand.Decide;
import io.tandem.node.dispute.DisputeCommand.File;
import io.tandem.node.dispute.DisputeCommand.Review;
import io.tandem.node.dispute.DisputeReply;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostNode;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.audit.Reconciliation;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeEvidence;
import io.tandem.persistence.dispute.DisputeGround;
import io.tandem.persistence.dispute.DisputeReason;
import io.tandem.persistence.dispute.DisputeVerdict;
import io.tandem.persistence.dispute.DisputedCall;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.LedgerAccount;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.readmodel.DisputeIndex;
import io.tandem.persistence.readmodel.DisputeIndexRow;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.wallet.WalletEvent;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What the journal and the read models show of disputes after everything came several times. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_FILE", "POSTGRESQL"})
class DisputeJournalTest {

  private static final EntityKey WALLET = new EntityKey("wallet", "acct_1:USD");
  private static final Money CHARGE = Money.ofUnits(25, "USD");

  @Parameter Databases kind;
  private JournaledNouns nouns;

  @BeforeEach
  void open() {
    nouns = JournaledNouns.on(kind);
  }

  @AfterEach
  void close() {
    nouns.close();
  }

  @Test
  @Tag("rule:DSP-4")
  @Tag("rule:DSP-6")
  @Tag("rule:WAL-5")
  @Tag("rule:WAL-12")
  void whatever_comes_how_often_each_call_has_one_dispute_one_decision_and_one_credit() {
    Random random = new Random(1);
    List<DisputedCall> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(charged());
    }
    Instant before = nouns.now();
    nouns.clock().advance(Duration.ofSeconds(1));

    for (DisputedCall call : calls) {
      EntityKey dispute = dispute(call);
      ask(dispute, file(call), random);
      ask(dispute, new Review(words("looking")), random);
      List<Command> decisions =
          new ArrayList<>(List.of(decide(null), decide(CHARGE), decide(Money.ofUnits(10, "USD"))));
      Collections.shuffle(decisions, random);
      List<Reply> replies = nouns.askAll(dispute, decisions);
      assertThat(replies)
          .filteredOn(r -> r instanceof DisputeReply.Done done && !done.already())
          .hasSize(1);
    }
    nouns.await(
        "all are credited",
        () -> calls.stream().allMatch(c -> has(c, DisputeEvent.Credited.class)));

    BigInteger given = BigInteger.ZERO;
    for (DisputedCall call : calls) {
      DisputeEvent.Decided decided =
          nouns.events(dispute(call), DisputeEvent.Decided.class).getFirst();
      assertThat(nouns.events(dispute(call), DisputeEvent.class)).hasSize(4);
      assertThat(nouns.events(WALLET, WalletEvent.Credited.class))
          .filteredOn(c -> c.callId().equals(call.callId()))
          .singleElement()
          .satisfies(
              credited -> {
                assertThat(credited.amount()).isEqualTo(decided.credit());
                assertThat(credited.disputeId()).isEqualTo(dispute(call).id());
              });
      given = given.add(BigInteger.valueOf(decided.credit().micros()));
    }
    assertThat(nouns.audit().trialBalance(before).sums().get("USD"))
        .doesNotContainKey(LedgerAccount.DISPUTE_CREDITS);
    var balance = nouns.audit().trialBalance(null);
    assertThat(balance.isZero()).isTrue();
    assertThat(balance.unbalanced()).isEmpty();
    assertThat(balance.sums().get("USD").get(LedgerAccount.DISPUTE_CREDITS))
        .isEqualTo(given.negate());
    assertThat(nouns.audit().verify().isSound()).isTrue();
  }

  @Test
  @Tag("rule:DSP-4")
  @Tag("rule:WAL-12")
  @Tag("rule:AUD-3")
  void the_list_is_what_the_journal_comes_to_and_can_be_made_anew() {
    List<DisputedCall> calls = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      calls.add(charged());
      nouns.clock().advance(Duration.ofSeconds(1));
      nouns.ask(dispute(calls.getLast()), file(calls.getLast()));
    }
    Projector projector = nouns.projector();
    assertThat(projector.catchUp()).isPositive();
    nouns.ask(dispute(calls.get(2)), new Review(null));
    assertThat(projector.catchUp()).isPositive(); // folded on from a new projector's memory
    nouns.ask(dispute(calls.get(3)), new Review(null));
    Projector restarted = nouns.projector();
    assertThat(restarted.catchUp()).isPositive(); // and from the journal alone

    DisputeIndex index = new DisputeIndex(nouns.database());
    List<DisputeIndexRow> all = index.page(filter(null), null, 100);
    assertThat(all)
        .extracting(DisputeIndexRow::callId)
        .containsExactlyElementsOf(calls.reversed().stream().map(DisputedCall::callId).toList());
    List<DisputeIndexRow> paged = new ArrayList<>();
    DisputeIndex.Position after = null;
    for (List<DisputeIndexRow> page = index.page(filter(null), after, 2);
        !page.isEmpty();
        page = index.page(filter(null), after, 2)) {
      paged.addAll(page);
      after = new DisputeIndex.Position(page.getLast().filedAt(), page.getLast().disputeId());
    }
    assertThat(paged).isEqualTo(all);
    assertThat(index.page(filter("UNDER_REVIEW"), null, 100)).hasSize(2);

    Reconciliation reconciliation =
        new Reconciliation(nouns.database(), nouns.codec(), nouns.projector());
    assertThat(reconciliation.page("", 1_000).differences()).isEmpty();
    assertThat(reconciliation.orphans(10)).isEmpty();
    int unused =
        nouns
            .database()
            .update(
                "update dispute_index set phase = 'APPROVED' where dispute_id = ?",
                dispute(calls.get(5)).id());
    assertThat(reconciliation.page("", 1_000).differences())
        .singleElement()
        .satisfies(d -> assertThat(d.entity()).isEqualTo(dispute(calls.get(5)).toString()));

    nouns.rebuild();
    assertThat(index.page(filter(null), null, 100)).isEqualTo(all);
    assertThat(reconciliation.page("", 1_000).differences()).isEmpty();
  }

  private static DisputeIndex.Filter filter(@Nullable String phase) {
    return new DisputeIndex.Filter("acct_1", "agent_1", "camp_1", phase, null, null);
  }

  /** Asks several times at once, one of which does it. */
  private void ask(EntityKey dispute, Command command, Random random) {
    List<Command> copies = Collections.nCopies(1 + random.nextInt(3), command);
    assertThat(nouns.askAll(dispute, copies))
        .allMatch(DisputeReply.Done.class::isInstance)
        .filteredOn(reply -> !((DisputeReply.Done) reply).already())
        .hasSize(1);
  }

  private boolean has(DisputedCall call, Class<? extends DisputeEvent> event) {
    return !nouns.events(dispute(call), event).isEmpty();
  }

  private DisputedCall charged() {
    String call = nouns.id("call");
    nouns.ask(WALLET, new WalletCommand.Deposit(nouns.id("dep"), CHARGE, "operator", "test"));
    nouns.ask(WALLET, new WalletCommand.Hold(call + "/o1/hold", call, "o1", CHARGE));
    nouns.ask(WALLET, new WalletCommand.Capture(call + "/o1/hold", call, CHARGE, nouns.now()));
    return new DisputedCall(
        call,
        "o1",
        "agent_1",
        "acct_1",
        "camp_1",
        CHARGE,
        HostNode.START,
        100_000,
        ZoneId.of("America/New_York"));
  }

  private static EntityKey dispute(DisputedCall call) {
    return new EntityKey("dispute", call.callId().replace("call_", "dispute_"));
  }

  private static File file(DisputedCall call) {
    return new File(
        call,
        DisputeReason.FRAUD,
        words("odd"),
        new DisputeEvidence(List.of(1_000L), List.of(words("a line"))));
  }

  private static Decide decide(@Nullable Money amount) {
    boolean whole = amount == null || amount.equals(CHARGE);
    return new Decide(
        whole ? DisputeVerdict.APPROVED : DisputeVerdict.PARTLY_APPROVED,
        DisputeGround.FRAUD,
        amount,
        words("so it is"));
  }

  private static Personal<String> words(String text) {
    return Personal.of("person:1", DataClass.CONTENT, text);
  }
}
