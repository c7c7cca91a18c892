package io.tandem.node.sim;

import com.github.f4b6a3.ulid.Ulid;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.call.CallCommand;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.call.CallEvent.EndedBy;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.wallet.WalletState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A market of a few agents with little money and many callers, all drawn from one seed. */
final class Scenario {

  static final long TIMER_MILLIS = 30_000;
  static final Money PRICE = Money.ofUnits(25, "USD");
  static final String CAMPAIGN = "camp_1";
  static final String VERTICAL = "medicare";

  final SimWorld world;
  final SplittableRandom random;
  final List<Agent> agents = new ArrayList<>();
  final Map<String, Long> deposits = new LinkedHashMap<>();
  final List<String> calls = new ArrayList<>();
  boolean capped;

  /** An agent of the market. */
  record Agent(String id, String accountId) {}

  private Scenario(long seed, Faults faults) {
    this.world = new SimWorld(seed, faults);
    this.random = new SplittableRandom(seed * 31 + 7);
  }

  /**
   * A world in which everything is drawn: agents, balances, caps, callers, phones, deaths of edges,
   * cooldowns.
   */
  static Scenario drawn(long seed, Faults faults) {
    Scenario s = new Scenario(seed, faults);
    s.world.deaths((write, after) -> false); // nothing dies before the market stands
    int accounts = 1 + s.random.nextInt(2);
    for (int i = 0; i < accounts; i++) {
      s.deposit("acct_" + i, 10 + 25L * s.random.nextInt(5));
    }
    int agents = 1 + s.random.nextInt(4);
    for (int i = 0; i < agents; i++) {
      s.agent("agent_" + i, "acct_" + s.random.nextInt(accounts), 1 + s.random.nextInt(2));
    }
    s.campaign(s.random.nextBoolean() ? 1 + s.random.nextInt(3) : null);
    s.world.deaths((write, after) -> s.world.net().chance(faults.crashed()));
    s.callers();
    s.world.time().at(SimWorld.START.plusSeconds(131), () -> {}); // every caller has come by then
    return s;
  }

  /** Two agents of one account with 100.00 USD, and nothing that goes wrong. */
  static Scenario calm(boolean capped) {
    Scenario s = new Scenario(1, Faults.NONE);
    s.deposit("acct_0", 100);
    s.agent("agent_0", "acct_0", 1);
    s.agent("agent_1", "acct_0", 1);
    s.campaign(capped ? 5 : null);
    return s;
  }

  /** An id that carries its time, drawn like everything else. */
  String id(String prefix, Instant at) {
    byte[] drawn = new byte[10];
    random.nextBytes(drawn);
    return prefix + "_" + new Ulid(at.toEpochMilli(), drawn);
  }

  private void deposit(String accountId, long units) {
    deposits.put(accountId, units * Money.MICROS_PER_UNIT);
    world.tell(
        wallet(accountId),
        new WalletCommand.Deposit(
            id("dep", SimWorld.START), Money.ofUnits(units, "USD"), "operator", "set-up"));
  }

  private void agent(String id, String accountId, int concurrency) {
    agents.add(new Agent(id, accountId));
    EntityKey key = new EntityKey("agent", id);
    AgentTerms terms =
        new AgentTerms(
            List.of(new AgentTerms.Bid(VERTICAL, PRICE, 1, 1)),
            concurrency,
            null,
            null,
            WeeklySchedule.always(ZoneOffset.UTC));
    Personal<String> name = Personal.of("person:" + id, DataClass.CONTACT, "A. Gent");
    world.tell(key, new AgentCommand.Create(accountId, name, id, terms));
    world.tell(
        key,
        new AgentCommand.FileLicence(new Licence("TX", VERTICAL, "L1", LocalDate.of(2030, 1, 1))));
    world.tell(key, new AgentCommand.GoOnline());
  }

  private void campaign(@Nullable Integer concurrent) {
    capped = concurrent != null;
    CampaignTerms terms =
        new CampaignTerms(
            VERTICAL,
            CampaignTerms.Ringing.SEQUENTIAL,
            18_000,
            1,
            3,
            null,
            concurrent,
            null,
            WeeklySchedule.always(ZoneOffset.UTC));
    world.tell(
        new EntityKey("campaign", CAMPAIGN), new CampaignCommand.Create("acct_p", "c", terms));
  }

  private void callers() {
    SimEdge one = edge("edge-a", 1);
    SimEdge two = edge("edge-b", 1);
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      SimEdge edge = random.nextBoolean() ? one : two;
      Duration when = Duration.ofMillis(random.nextInt(60_000));
      RingPlan plan = drawnPlan();
      SimEdge.Caller caller = drawnCaller();
      boolean withdraws = random.nextInt(4) == 0;
      Duration withdrawal = when.plusMillis(random.nextInt(20_000));
      String callId = id("call", SimWorld.START.plus(when));
      calls.add(callId);
      world.time().after(when, () -> edge.invite(callId, offer(edge, callId, plan), caller));
      if (withdraws) {
        world.time().after(withdrawal, () -> world.attest(callId, withdrawn(), reply -> {}));
      }
    }
    if (random.nextInt(4) == 0) {
      world.time().after(Duration.ofMillis(random.nextInt(120_000)), one::die);
    }
  }

  private static CallCommand withdrawn() {
    return new CallCommand.AgentWithdrawn("o1", "IN_COOLDOWN");
  }

  SimEdge edge(String name, long incarnation) {
    SimEdge edge = new SimEdge(world, new EdgeRef(name, incarnation));
    world.add(edge);
    return edge;
  }

  CallCommand.Offer offer(SimEdge edge, String callId, RingPlan plan) {
    return new CallCommand.Offer(
        CAMPAIGN,
        "acct_p",
        Personal.of("person:" + callId, DataClass.CALL_NUMBER, "+15125550100"),
        "blind-" + callId,
        new CallerState("TX", CallerState.Source.NUMBER_AREA),
        "+18005550100",
        capped,
        edge.ref(),
        SimEdge.dialog(callId),
        plan,
        RoutingTrace.NONE);
  }

  /** Agents in any order, in steps of any size. */
  private RingPlan drawnPlan() {
    List<Agent> left = new ArrayList<>(agents);
    List<RingPlan.Step> steps = new ArrayList<>();
    int number = 1;
    while (!left.isEmpty() && random.nextInt(8) != 0) {
      List<Offer> offers = new ArrayList<>();
      for (int size = 1 + random.nextInt(2); size > 0 && !left.isEmpty(); size--) {
        offers.add(offerTo(left.remove(random.nextInt(left.size())), number++));
      }
      steps.add(new RingPlan.Step(offers));
    }
    return new RingPlan(steps, 18_000);
  }

  static Offer offerTo(Agent agent, int number) {
    return new Offer(
        "o" + number,
        agent.id(),
        agent.accountId(),
        agent.id(),
        new Terms(VERTICAL, 1, PRICE, TIMER_MILLIS));
  }

  private SimEdge.Caller drawnCaller() {
    Map<String, SimEdge.Phone> phones = new LinkedHashMap<>();
    for (Agent agent : agents) {
      SimEdge.Phone.Does does =
          random.nextBoolean()
              ? SimEdge.Phone.Does.ANSWER
              : SimEdge.Phone.Does.values()[random.nextInt(4)];
      phones.put(agent.id(), new SimEdge.Phone(random.nextInt(15_000), does));
    }
    long talk =
        switch (random.nextInt(4)) {
          case 0 -> TIMER_MILLIS - 1;
          case 1 -> TIMER_MILLIS;
          default -> random.nextInt(90_000);
        };
    EndedBy by = EndedBy.values()[random.nextInt(3)];
    return new SimEdge.Caller(5_000 + random.nextInt(60_000), talk, by, phones);
  }

  static EntityKey wallet(String accountId) {
    return new EntityKey("wallet", accountId + ":USD");
  }

  /** WAL-2, MKT-10: no phone rings without money set aside for it and its agent kept for it. */
  static void mustBeCovered(SimWorld world, String callId, Offer offer) {
    WalletState wallet = (WalletState) world.entity(wallet(offer.accountId())).state();
    AgentState agent = (AgentState) world.entity(new EntityKey("agent", offer.agentId())).state();
    String key = callId + "/" + offer.offerId();
    if (!wallet.holds().containsKey(key + "/hold") || !agent.reservations().containsKey(key)) {
      throw new AssertionError("the phone of " + key + " rings uncovered");
    }
  }
}
