package io.tandem.node.system;

import io.tandem.node.account.AccountCommand;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
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
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.auth.StoredHa1;
import java.time.LocalDate;
import java.time.ZoneId;
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
    this(node, timerMillis, price, null);
  }

  /** The same with a cap on concurrent calls. */
  public Market(Node node, long timerMillis, Money price, @Nullable Integer concurrentCalls) {
    this.node = node;
    this.timerMillis = timerMillis;
    this.price = price;
    ask("vertical", "health", new VerticalCommand.Define("Health", price, timerMillis));
    ask(
        "campaign",
        "camp",
        new CampaignCommand.Create(
            "operator",
            "Health NY",
            new CampaignTerms(
                "health",
                CampaignTerms.Ringing.SEQUENTIAL,
                18_000,
                1,
                5,
                null,
                concurrentCalls,
                null,
                WeeklySchedule.always(ZONE))));
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
    String account = "acct-" + name;
    ask("account", account, new AccountCommand.Create(personal(name), "USD", ZONE));
    ask(
        "endpoint",
        name,
        new EndpointCommand.Create(
            account,
            "tandem",
            secret("" + StoredHa1.of(name, "tandem", password(name)).md5()),
            secret("" + StoredHa1.of(name, "tandem", password(name)).sha256()),
            List.of("MD5", "SHA-256")));
    ask(
        "agent",
        name,
        new AgentCommand.Create(
            account,
            personal(name),
            name,
            new AgentTerms(
                List.of(new AgentTerms.Bid("health", price, 1, 1)),
                concurrency,
                null,
                null,
                WeeklySchedule.always(ZONE))));
    ask(
        "agent",
        name,
        new AgentCommand.FileLicence(new Licence("NY", "health", "L-1", LocalDate.of(2099, 1, 1))));
    ask("agent", name, new AgentCommand.GoOnline());
    ask(
        "wallet",
        account + ":USD",
        new WalletCommand.Deposit(
            TimedId.next("dep"), Money.ofUnits(units, "USD"), "operator", "test"));
    await("the phone is known", () -> node.directory().endpoint(name).isPresent());
    await(
        "the agent can be called",
        () ->
            node.directory().agent(name).filter(agent -> agent.online()).isPresent()
                && node.directory().wallet(account, "USD").isPresent());
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

  private static Personal<String> personal(String name) {
    return Personal.of("person:" + name, DataClass.CONTACT, name);
  }

  private static Personal<String> secret(String value) {
    return Personal.of("person:phone", DataClass.SECRET, value);
  }
}
