package io.tandem.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The whole chain of many calls under losses, doubles, delays and deaths; each failure names its
 * seed.
 */
class CallSimulationTest {

  /** More with {@code -Dtandem.sim.seeds=…}. */
  private static final int SEEDS = Integer.getInteger("tandem.sim.seeds", 500);

  private static final Duration LONGEST = Duration.ofHours(6);

  private static Scenario run(long seed, Faults faults) {
    Scenario scenario = Scenario.drawn(seed, faults);
    boolean rests = scenario.world.time().run(SimWorld.START.plus(LONGEST), started(scenario));
    assertThat(rests).as("seed %d comes to rest", seed).isTrue();
    return scenario;
  }

  /** At rest: every caller has come, and nothing is under way. */
  private static java.util.function.BooleanSupplier started(Scenario scenario) {
    return () ->
        scenario.world.time().now().isAfter(SimWorld.START.plusSeconds(130))
            && scenario.world.quiet();
  }

  @Test
  void rough_worlds_end_with_every_hold_ended_and_every_qualified_call_charged_once() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario = run(seed, Faults.ROUGH);
      assertThat(Auditor.findings(scenario, scenario.world.written()))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void calm_worlds_cost_four_events_of_the_call_two_of_the_wallet_and_two_of_the_agent() {
    for (long seed = 1; seed <= 200; seed++) {
      Scenario scenario = run(seed, Faults.NONE);
      assertThat(Auditor.findings(scenario, scenario.world.written()))
          .as("seed %d", seed)
          .isEmpty();
    }
  }

  @Test
  void the_same_seed_makes_the_same_journal() {
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(shape(run(seed, Faults.ROUGH)))
          .as("seed %d", seed)
          .isEqualTo(shape(run(seed, Faults.ROUGH)));
    }
  }

  /**
   * Ids carry random digits, so the journal is compared by what happened to which kind of thing
   * when.
   */
  private static List<String> shape(Scenario scenario) {
    return scenario.world.written().stream()
        .map(w -> w.key().type() + " " + w.event().getClass().getSimpleName())
        .toList();
  }

  @Test
  void the_auditor_finds_a_second_charge_that_was_planted() {
    for (long seed = 1; ; seed++) {
      Scenario scenario = run(seed, Faults.NONE);
      List<SimWorld.Written> written = new ArrayList<>(scenario.world.written());
      SimWorld.Written charge =
          written.stream()
              .filter(w -> w.event() instanceof WalletEvent.Captured)
              .findFirst()
              .orElse(null);
      if (charge != null) {
        written.add(charge);
        assertThat(Auditor.findings(scenario, written)).isNotEmpty();
        return;
      }
    }
  }

  @Test
  void the_auditor_finds_money_that_was_made_from_nothing() {
    Scenario scenario = run(3, Faults.NONE);
    scenario.deposits.merge("acct_0", 1L, Long::sum);
    assertThat(Auditor.findings(scenario, scenario.world.written())).isNotEmpty();
    List<SimWorld.Written> written = new ArrayList<>(scenario.world.written());
    written.add(
        new SimWorld.Written(
            new EntityKey("wallet", "acct_0:USD"),
            new WalletEvent.Released(
                "h", "c", Money.zero("USD"), "x", SimWorld.START, new Balances(-1, 0))));
    assertThat(Auditor.findings(scenario, written)).anyMatch(f -> f.contains("overdrawn"));
  }
}
