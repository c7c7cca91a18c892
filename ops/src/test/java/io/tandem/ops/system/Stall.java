package io.tandem.ops.system;

import io.tandem.node.account.AccountCommand;
import io.tandem.node.agent.AgentCommand;
import io.tandem.node.boot.Node;
import io.tandem.node.campaign.CampaignCommand;
import io.tandem.node.endpoint.EndpointCommand;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.number.NumberCommand;
import io.tandem.node.vertical.VerticalCommand;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.persistence.agent.AgentTerms;
import io.tandem.persistence.agent.Licence;
import io.tandem.persistence.agent.WeeklySchedule;
import io.tandem.persistence.campaign.CampaignTerms;
import io.tandem.persistence.journal.DataClass;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.auth.StoredHa1;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A market of one: a number, its campaign and vertical, and the one agent who takes its calls, with
 * an account and money of its own. Many stand side by side on a node and never meet.
 *
 * @param name of the agent and of its phone
 * @param timerMillis the qualifying timer
 * @param units money in the wallet
 */
record Stall(String name, String number, long timerMillis, long units) {
  /** What a qualified call costs. */
  static final Money PRICE = Money.ofUnits(25, "USD");

  /** A caller in New York. */
  static final String CALLER = "12125550123";

  private static final ZoneId ZONE = ZoneId.of("America/New_York");

  /** The stall with a number of two digits: {@code s07} behind 18005550107. */
  static Stall of(int index, long timerMillis) {
    String two = "%02d".formatted(index);
    return new Stall("s" + two, "180055501" + two, timerMillis, 100);
  }

  /** What the phone registers with. */
  static String password(String name) {
    return "secret-of-" + name;
  }

  String account() {
    return "acct-" + name;
  }

  String wallet() {
    return account() + ":USD";
  }

  /** Asks the node for everything a call needs. */
  void open(Node node) {
    String vertical = "v-" + name;
    ask(node, "vertical", vertical, new VerticalCommand.Define(vertical, PRICE, timerMillis));
    CampaignTerms terms =
        new CampaignTerms(
            vertical,
            CampaignTerms.Ringing.SEQUENTIAL,
            18_000,
            1,
            5,
            null,
            null,
            null,
            WeeklySchedule.always(ZONE));
    ask(node, "campaign", "c-" + name, new CampaignCommand.Create("operator", name, terms));
    ask(node, "number", number, new NumberCommand.Assign("operator", "c-" + name));
    ask(node, "account", account(), new AccountCommand.Create(personal(), "USD", ZONE));
    StoredHa1 ha1 = StoredHa1.of(name, "tandem", password(name));
    ask(
        node,
        "endpoint",
        name,
        new EndpointCommand.Create(
            account(),
            "tandem",
            secret(String.valueOf(ha1.md5())),
            secret(String.valueOf(ha1.sha256())),
            List.of("MD5")));
    AgentTerms.Bid bid = new AgentTerms.Bid(vertical, PRICE, 1, 1);
    AgentTerms agent = new AgentTerms(List.of(bid), 1, null, null, WeeklySchedule.always(ZONE));
    ask(node, "agent", name, new AgentCommand.Create(account(), personal(), name, agent));
    Licence licence = new Licence("NY", vertical, "L-1", LocalDate.of(2099, 1, 1));
    ask(node, "agent", name, new AgentCommand.FileLicence(licence));
    ask(node, "agent", name, new AgentCommand.GoOnline());
    Money money = Money.ofUnits(units, "USD");
    ask(
        node,
        "wallet",
        wallet(),
        new WalletCommand.Deposit(TimedId.next("dep"), money, "operator", "test"));
  }

  /** Whether a node's directory has all of it. */
  static boolean isKnown(Node node, String name) {
    return node.directory().endpoint(name).isPresent()
        && node.directory().campaign("c-" + name).isPresent()
        && node.directory().vertical("v-" + name).isPresent()
        && node.directory().agent(name).filter(agent -> agent.online()).isPresent()
        && node.directory().balances("acct-" + name, "USD").isPresent();
  }

  private static void ask(Node node, String type, String id, Command command) {
    try {
      var unused =
          node.gateway()
              .attest(
                  new EntityKey(type, id),
                  command,
                  new Origin(TimedId.next("cmd"), "test", "operator"))
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(type + " " + id + " did not answer", e);
    }
  }

  private Personal<String> personal() {
    return Personal.of("person:" + name, DataClass.CONTACT, name);
  }

  private Personal<String> secret(String value) {
    return Personal.of("person:" + name, DataClass.SECRET, value);
  }
}
