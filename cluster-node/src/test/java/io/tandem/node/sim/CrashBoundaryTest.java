package io.tandem.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.EntityKey;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.wallet.WalletState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The node of all entities dies right before and right after every single write of a call; it must
 * come out as if it had not.
 */
class CrashBoundaryTest {

  private static final int SET_UP_EVENTS = 8;

  /** Two agents: the first declines, the second answers and talks for so long. */
  private static Scenario call(long talkMillis, boolean capped, int dieAt, boolean after) {
    Scenario s = Scenario.calm(capped);
    boolean[] died = {false};
    s.world.deaths(
        (write, done) -> {
          boolean now = !died[0] && write == dieAt && done == after;
          if (now) {
            died[0] = true;
            s.world.killAll();
          }
          return now;
        });
    SimEdge edge = s.edge("edge-a", 1);
    String callId = s.id("call", SimWorld.START);
    s.calls.add(callId);
    RingPlan plan =
        new RingPlan(
            List.of(
                new RingPlan.Step(List.of(Scenario.offerTo(s.agents.get(0), 1))),
                new RingPlan.Step(List.of(Scenario.offerTo(s.agents.get(1), 2)))),
            18_000);
    Map<String, SimEdge.Phone> phones =
        Map.of(
            "agent_0", new SimEdge.Phone(2_000, SimEdge.Phone.Does.DECLINE),
            "agent_1", new SimEdge.Phone(2_000, SimEdge.Phone.Does.ANSWER));
    SimEdge.Caller caller = new SimEdge.Caller(600_000, talkMillis, EndedBy.CALLER, phones);
    s.world
        .time()
        .after(
            Duration.ofSeconds(1), () -> edge.invite(callId, s.offer(edge, callId, plan), caller));
    boolean rests =
        s.world
            .time()
            .run(
                SimWorld.START.plus(Duration.ofHours(2)),
                () -> !edge.legs().isEmpty() && s.world.quiet());
    assertThat(rests).as("death %d %s comes to rest", dieAt, after).isTrue();
    return s;
  }

  private static CallEvent.Ended end(Scenario s) {
    CallState state = (CallState) s.world.entity(new EntityKey("call", s.calls.getFirst())).state();
    return ((CallState.Ended) state).end();
  }

  private static long available(Scenario s) {
    return ((WalletState) s.world.entity(Scenario.wallet("acct_0")).state())
        .balances()
        .availableMicros();
  }

  @ParameterizedTest
  @CsvSource({"29999, true", "30000, true", "30001, false", "29999, false", "65000, true"})
  void a_death_at_any_write_changes_neither_the_charge_nor_the_connected_time(
      long talkMillis, boolean capped) {
    Scenario whole = call(talkMillis, capped, -1, true);
    assertThat(Auditor.findings(whole, whole.world.written())).isEmpty();
    assertThat(available(whole)).isEqualTo(talkMillis < 30_000 ? 100_000_000 : 75_000_000);
    int writes = whole.world.written().size();
    assertThat(writes).isGreaterThan(SET_UP_EVENTS);
    for (int write = 0; write <= writes; write++) {
      for (boolean after : new boolean[] {false, true}) {
        Scenario crashed = call(talkMillis, capped, write, after);
        String which = "death at write " + write + (after ? " once durable" : " before it");
        assertThat(Auditor.findings(crashed, crashed.world.written())).as(which).isEmpty();
        assertThat(end(crashed).qualified()).as(which).isEqualTo(end(whole).qualified());
        assertThat(end(crashed).charge()).as(which).isEqualTo(end(whole).charge());
        assertThat(available(crashed)).as(which).isEqualTo(available(whole));
        assertThat(end(crashed).connectedMillis()).as(which).isEqualTo(talkMillis);
      }
    }
  }

  @Test
  void a_billed_call_with_one_agent_costs_eight_events() {
    Scenario s = Scenario.calm(false);
    SimEdge edge = s.edge("edge-a", 1);
    String callId = s.id("call", SimWorld.START);
    RingPlan plan =
        new RingPlan(
            List.of(new RingPlan.Step(List.of(Scenario.offerTo(s.agents.get(0), 1)))), 18_000);
    Map<String, SimEdge.Phone> phones =
        Map.of("agent_0", new SimEdge.Phone(2_000, SimEdge.Phone.Does.ANSWER));
    int before = s.world.written().size();
    edge.invite(
        callId,
        s.offer(edge, callId, plan),
        new SimEdge.Caller(60_000, 40_000, EndedBy.AGENT, phones));
    assertThat(s.world.time().run(SimWorld.START.plusSeconds(3_600), s.world::quiet)).isTrue();
    assertThat(s.world.written().subList(before, s.world.written().size()))
        .extracting(w -> w.key().type() + " " + w.event().getClass().getSimpleName())
        .containsExactlyInAnyOrder(
            "call Offered",
            "agent Reserved",
            "wallet Held",
            "call Connected",
            "call Qualified",
            "wallet Captured",
            "call Ended",
            "agent OfferEnded");
    assertThat(Objects.requireNonNull(edge.legs().get(callId)).rejects).isZero();
  }
}
