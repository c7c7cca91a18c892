package io.tandem.node.system;

import io.tandem.node.account.AccountCommand;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.ReadModels;
import io.tandem.node.call.CallCommand;
import io.tandem.node.call.CallReply;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.endpoint.EndpointCommand;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.number.NumberCommand;
import io.tandem.node.vertical.VerticalCommand;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.SealedWord;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.auth.StoredHa1;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A small market on a node: one vertical, one campaign behind one number, and agents with phones
 * and money.
 */
public final class Market {
  /** The campaign's number. */
  public static final String NUMBER = "18005550100";

  /** A caller in New York. */
  public static final String CALLER = "12125550123";

  private static final ZoneId ZONE = ZoneId.of("America/New_York");
  private static final int PATIENCE_SECONDS = 20;

  private final Node node;
  private final long timerMillis;
  private final Money price;

  /** Provisions vertical, campaign and number. */
  public Market(Node node, long timerMillis, Money price) {
    this(node, timerMillis, price, oneByOne());
  }

  /** The same with a campaign of these terms. */
  public Market(Node node, long timerMillis, Money price, CampaignTerms campaign) {
    this.node = node;
    this.timerMillis = timerMillis;
    this.price = price;
    ask("vertical", "health", new VerticalCommand.Define("Health", price, timerMillis));
    ask("campaign", "camp", new CampaignCommand.Create("operator", "Health NY", campaign));
    ask("number", NUMBER, new NumberCommand.Assign("operator", "camp"));
    await("the number is known", () -> node.directory().number(NUMBER).isPresent());
    await("the campaign is known", () -> node.directory().campaign("camp").isPresent());
    await("the vertical is known", () -> node.directory().vertical("health").isPresent());
  }

  /** An agent in an account of its own, licensed in New York, online, with money. */
  public void agent(String name, long units) {
    agent(name, units, 1);
  }

  /** The same that takes several calls at once. */
  public void agent(String name, long units, int concurrency) {
    agent(name, units, bidding(price, 1, concurrency));
  }

  /** What an agent takes that bids for the market's vertical. */
  public static AgentTerms bidding(Money bid, int tier, int concurrency) {
    return new AgentTerms(
        List.of(new AgentTerms.Bid("health", bid, tier, 1)),
        concurrency,
        null,
        null,
        WeeklySchedule.always(ZONE));
  }

  /** A licence for the market's vertical that lasts. */
  public static Licence licence(String state) {
    return new Licence(state, "health", "L-1", LocalDate.of(2099, 1, 1));
  }

  /** The same with its own terms. */
  public void agent(String name, long units, AgentTerms terms) {
    makeEndpoint(name, "acct-" + name, List.of("MD5", "SHA-256"));
    await("the phone is known", () -> node.directory().endpoint(name).isPresent());
    agentAt(name, name, units, terms);
  }

  /** An agent who is reached over the public network, under a number of E.164 digits. */
  public void agentAbroad(String name, String number, long units) {
    String sealed =
        SealedWord.seal(
            new AesGcmSealer(node.stores().keys(), InstantSource.system()),
            "person:" + name,
            DataClass.CONTACT,
            "+" + number);
    agentAt(name, sealed, units, bidding(price, 1, 1));
  }

  private void agentAt(String name, String endpoint, long units, AgentTerms terms) {
    String account = "acct-" + name;
    ask("account", account, new AccountCommand.Create(personal(name), "USD", ZONE));
    ask("agent", name, new AgentCommand.Create(account, personal(name), endpoint, terms));
    ask("agent", name, new AgentCommand.FileLicence(licence("NY")));
    ask("agent", name, new AgentCommand.GoOnline());
    ask(
        "wallet",
        account + ":USD",
        new WalletCommand.Deposit(
            TimedId.next("dep"), Money.ofUnits(units, "USD"), "operator", "test"));
    await(
        "the agent can be called",
        () ->
            node.directory().agent(name).filter(agent -> agent.online()).isPresent()
                && node.directory().balances(account, "USD").isPresent());
  }

  /** A phone without an agent. */
  public void endpoint(String name, List<String> algorithms) {
    makeEndpoint(name, "acct-" + name, algorithms);
    await("the phone is known", () -> node.directory().endpoint(name).isPresent());
  }

  /** A phone that logs in in its account's own realm. */
  public void endpointIn(String realm, String name) {
    makeEndpoint(name, realm, "acct-" + name, List.of("MD5", "SHA-256"));
    await("the phone is known", () -> node.directory().endpoint(name).isPresent());
  }

  /** Another phone of an agent's account. */
  public void colleague(String name, String agent) {
    makeEndpoint(name, "acct-" + agent, List.of("MD5", "SHA-256"));
    await("the phone is known", () -> node.directory().endpoint(name).isPresent());
  }

  private void makeEndpoint(String name, String account, List<String> algorithms) {
    makeEndpoint(name, "tandem", account, algorithms);
  }

  private void makeEndpoint(String name, String realm, String account, List<String> algorithms) {
    StoredHa1 stored = StoredHa1.of(name, realm, password(name));
    ask(
        "endpoint",
        name,
        new EndpointCommand.Create(
            account, realm, secret("" + stored.md5()), secret("" + stored.sha256()), algorithms));
  }

  /** From now on a phone is challenged with MD5 alone, for it fails when it is shown more. */
  public void onlyMd5(String name) {
    StoredHa1 stored = StoredHa1.of(name, "tandem", password(name));
    ask(
        "endpoint",
        name,
        new EndpointCommand.ChangePassword(
            secret("" + stored.md5()), secret("" + stored.sha256()), List.of("MD5")));
    await(
        "the phone is known by it",
        () ->
            node.directory()
                .endpoint(name)
                .filter(known -> known.credentials().algorithms().equals(List.of("MD5")))
                .isPresent());
  }

  /** What the phone of an agent registers with. */
  public static String password(String name) {
    return "secret-of-" + name;
  }

  /** The qualifying timer. */
  public long timerMillis() {
    return timerMillis;
  }

  /** The wallet of an agent's account. */
  public WalletReply.View wallet(String agent) {
    return (WalletReply.View) ask("wallet", "acct-" + agent + ":USD", new WalletCommand.Read());
  }

  /** A call as its entity has it. */
  public Optional<CallState> call(String callId) {
    return ask("call", callId, new CallCommand.Read()) instanceof CallReply.View view
        ? Optional.of(view.state())
        : Optional.empty();
  }

  /** Asks an entity and waits. */
  public Reply ask(String type, String id, Command command) {
    try {
      return node.gateway()
          .attest(
              new EntityKey(type, id), command, new Origin(TimedId.next("cmd"), "test", "operator"))
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(type + " " + id + " did not answer", e);
    }
  }

  /** Waits until it is so; the time it may take is patience, not a promise. */
  public static void await(String what, BooleanSupplier condition) {
    await(what, PATIENCE_SECONDS, condition);
  }

  /** The same with another patience. */
  public static void await(String what, int seconds, BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("in vain: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  /** Terms of a campaign that rings agents one after the other. */
  public static CampaignTerms oneByOne() {
    return terms(CampaignTerms.Ringing.SEQUENTIAL, 1, null);
  }

  /** Terms of a campaign that rings several agents at once. */
  public static CampaignTerms atOnce(int agents) {
    return terms(CampaignTerms.Ringing.SIMULTANEOUS, agents, null);
  }

  /** Terms of a campaign that takes only so many calls at the same time. */
  public static CampaignTerms capped(int concurrentCalls) {
    return terms(CampaignTerms.Ringing.SEQUENTIAL, 1, concurrentCalls);
  }

  private static CampaignTerms terms(
      CampaignTerms.Ringing ringing, int atOnce, @Nullable Integer concurrentCalls) {
    return new CampaignTerms(
        "health",
        ringing,
        18_000,
        atOnce,
        5,
        null,
        concurrentCalls,
        null,
        WeeklySchedule.always(ZONE));
  }

  /** The journal and nothing else, as an auditor has it. */
  public Audit audit() {
    return new Audit(node.stores().journal(), node.codecs().sealed(), ReadModels.kinds());
  }

  /** Events of one entity, in order. */
  public List<DomainEvent> events(String type, String id) {
    List<DomainEvent> events = new ArrayList<>();
    audit().replay(type, id, step -> events.add(step.event()));
    return events;
  }

  /** Events of one kind of one entity, in order. */
  public <E extends DomainEvent> List<E> events(String type, String id, Class<E> kind) {
    return events(type, id).stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Events of an agent's wallet, in order. */
  public List<DomainEvent> walletEvents(String agent) {
    return events("wallet", "acct-" + agent + ":USD");
  }

  /** Every call in the journal, the oldest first: their ids carry their time. */
  public List<String> callIds() {
    return audit().list("call", "", 1_000).stream().map(JournalReader.Listed::entityId).toList();
  }

  /** Waits for the call to be in that phase. */
  public <S extends CallState> S awaitPhase(String callId, Class<S> phase) {
    await(
        callId + " is " + phase.getSimpleName(), () -> phase.isInstance(call(callId).orElse(null)));
    return phase.cast(call(callId).orElseThrow());
  }

  /** Waits until nothing is held of an agent's money. */
  public void awaitNothingHeld(String agent) {
    await("nothing is held of " + agent, () -> wallet(agent).balances().heldMicros() == 0);
  }

  /** Waits until exactly so much is held of an agent's money. */
  public void awaitNothingHeldBut(String agent, Money amount) {
    await(
        amount + " is held of " + agent,
        () -> wallet(agent).balances().heldMicros() == amount.micros());
  }

  /** What an agent has left, in units. */
  public long unitsLeft(String agent) {
    return wallet(agent).balances().availableMicros() / 1_000_000;
  }

  private static Personal<String> personal(String name) {
    return Personal.of("person:" + name, DataClass.CONTACT, name);
  }

  private static Personal<String> secret(String value) {
    return Personal.of("person:phone", DataClass.SECRET, value);
  }
}
