package io.tandem.node.sim;

import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.money.Posted;
import io.tandem.persistence.money.Posting;
import io.tandem.persistence.wallet.Balances;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A second, simple model of what must hold: it reads only what was stored and what the edges saw,
 * and says all that is wrong.
 */
final class Auditor {

  private final List<String> findings = new ArrayList<>();
  private final Map<String, Integer> captures = new HashMap<>();

  private Auditor() {}

  /** What is wrong in a world that has come to rest; empty when nothing is. */
  static List<String> findings(Scenario scenario, List<SimWorld.Written> written) {
    Auditor auditor = new Auditor();
    auditor.money(scenario, written);
    for (SimEntity<?, ?, ?, ?> entity : scenario.world.entities()) {
      auditor.rest(entity.key().toString(), entity.state());
    }
    for (SimEdge edge : scenario.world.edges()) {
      edge.legs().values().forEach(legs -> auditor.call(scenario, edge, legs));
    }
    return auditor.findings;
  }

  /**
   * WAL-2, WAL-5: each event balances, no balance is ever below zero, and nothing is made or lost.
   */
  private void money(Scenario scenario, List<SimWorld.Written> written) {
    Map<String, Long> captured = new HashMap<>();
    Map<String, Balances> booked = new HashMap<>();
    for (SimWorld.Written each : written) {
      if (each.event() instanceof Posted posted) {
        long sum = posted.postings().stream().map(Posting::amount).mapToLong(a -> a.micros()).sum();
        check(sum == 0, each.key() + ": an entry does not balance: " + each.event());
      }
      if (each.event() instanceof WalletEvent event) {
        check(event.after().availableMicros() >= 0, each.key() + " is overdrawn by " + event);
        check(event.after().heldMicros() >= 0, each.key() + " holds less than nothing: " + event);
        Balances came = booked.getOrDefault(each.key().id(), Balances.ZERO);
        for (Posting line : event.postings()) {
          long micros = line.amount().micros();
          came =
              switch (line.account()) {
                case CUSTOMER_FUNDS ->
                    new Balances(came.availableMicros() + micros, came.heldMicros());
                case HOLDS -> new Balances(came.availableMicros(), came.heldMicros() + micros);
                default -> came;
              };
        }
        check(came.equals(event.after()), each.key() + " comes to " + came + ": " + event);
        booked.put(each.key().id(), came);
      }
      if (each.event() instanceof WalletEvent.Captured c) {
        captures.merge(c.callId(), 1, Integer::sum);
        captured.merge(each.key().id(), c.amount().micros(), Long::sum);
      }
      if (each.event() instanceof AgentEvent.Reserved) {
        AgentState agent = (AgentState) scenario.world.entity(each.key()).state();
        check(agent.profile() != null, each.key() + " was reserved before it was made");
      }
    }
    scenario.deposits.forEach(
        (account, deposited) -> {
          WalletState wallet =
              (WalletState) scenario.world.entity(Scenario.wallet(account)).state();
          long left =
              wallet.balances().availableMicros() + captured.getOrDefault(account + ":USD", 0L);
          check(
              left == deposited,
              account + ": " + deposited + " came in, " + left + " is accounted for");
        });
  }

  /** WAL-3, MKT-10: nothing is kept for a call that is over. */
  private void rest(String key, Object state) {
    switch (state) {
      case WalletState wallet -> {
        check(wallet.holds().isEmpty(), key + " still holds " + wallet.holds().keySet());
        check(wallet.balances().heldMicros() == 0, key + " holds " + wallet.balances());
      }
      case AgentState agent ->
          check(
              agent.reservations().isEmpty(),
              key + " is kept for " + agent.reservations().keySet());
      case CampaignState campaign ->
          check(campaign.admissions().isEmpty(), key + " counts " + campaign.admissions().keySet());
      default -> {}
    }
  }

  /** QT-3, QT-4, QT-5: the journal against what the edge saw. */
  private void call(Scenario scenario, SimEdge edge, SimEdge.Legs legs) {
    CallState state =
        (CallState)
            scenario.world.entity(new io.tandem.node.entity.EntityKey("call", legs.callId)).state();
    int charges = captures.getOrDefault(legs.callId, 0);
    if (state instanceof CallState.Fresh) {
      check(edge.diedAt() != null, legs.callId + " was never stored");
      check(charges == 0, legs.callId + " was charged and never offered");
      return;
    }
    if (!(state instanceof CallState.Ended ended)) {
      findings.add(legs.callId + " never ended: " + state);
      return;
    }
    CallEvent.Ended end = ended.end();
    check(
        charges == (end.qualified() ? 1 : 0),
        legs.callId + " qualified " + end.qualified() + ", charges " + charges);
    check(ended.chargeRefused() == null, legs.callId + ": " + ended.chargeRefused());
    check(
        (ended.qualified() != null) == end.qualified(),
        legs.callId + " ended otherwise than it qualified");
    long truth =
        legs.connectedMillis(
            Objects.requireNonNullElse(edge.diedAt(), scenario.world.time().now()));
    boolean byProof = end.proof() != null;
    if (!byProof && ended.bridged() != null) {
      check(
          end.connectedMillis() == truth,
          legs.callId + " was connected " + truth + ", stored " + end);
      check(
          end.qualified() == truth >= Scenario.TIMER_MILLIS,
          legs.callId + " connected " + truth + ": " + end);
    } else {
      check(end.connectedMillis() <= truth, legs.callId + " is longer than it was: " + end);
      check(
          !end.qualified() || truth >= Scenario.TIMER_MILLIS,
          legs.callId + " is charged for " + truth);
    }
    check(
        byProof || ended.bridged() != null || legs.bridged == null,
        legs.callId + " was bridged and nobody knows");
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      findings.add(otherwise);
    }
  }
}
