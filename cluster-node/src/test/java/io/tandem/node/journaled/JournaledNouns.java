package io.tandem.node.journaled;

import io.tandem.node.account.AccountRules;
import io.tandem.node.agent.AgentRules;
import io.tandem.node.agent.AgentSettings;
import io.tandem.node.boot.ReadModels;
import io.tandem.node.call.CallEntity;
import io.tandem.node.call.CallSettings;
import io.tandem.node.campaign.CampaignRules;
import io.tandem.node.campaign.CampaignSettings;
import io.tandem.node.dispute.DisputeRules;
import io.tandem.node.endpoint.EndpointRules;
import io.tandem.node.entity.Command;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.SeededIds;
import io.tandem.node.entity.host.HostNode;
import io.tandem.node.entity.host.VirtualClock;
import io.tandem.node.entity.wire.StoredSnapshots;
import io.tandem.node.number.NumberRules;
import io.tandem.node.vertical.VerticalRules;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.wallet.WalletSettings;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.agent.AgentState;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.campaign.CampaignState;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.dispute.DisputeState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.EventCodec;
import io.tandem.persistence.proof.SigningKey;
import io.tandem.persistence.readmodel.Projector;
import io.tandem.persistence.readmodel.Rebuild;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * All nouns as a node runs them, on a database, with a clock that is moved by hand; and beside it
 * an auditor who opens the database read-only and sees nothing but the journal.
 */
final class JournaledNouns implements AutoCloseable {

  private final Database database;
  private final Database auditors;
  private final HostNode node;
  private final SeededIds ids = new SeededIds(new Random(1));

  private JournaledNouns(Databases kind) {
    database = kind.open(Database.Contents.JOURNAL);
    auditors = Database.openUnchanged(database.settings(), Database.Contents.JOURNAL);
    List<EntityType<?, ?, ?, ?>> nouns =
        List.of(
            AccountRules.type(),
            AgentRules.type(AgentSettings.DEFAULT),
            CallEntity.type(CallSettings.DEFAULT),
            CampaignRules.type(CampaignSettings.DEFAULT),
            DisputeRules.type(),
            EndpointRules.type(),
            NumberRules.type(),
            VerticalRules.type(),
            WalletRules.type(WalletSettings.DEFAULT));
    node = HostNode.on(database.settings(), nouns, new VirtualClock(HostNode.START));
  }

  static JournaledNouns on(Databases kind) {
    return new JournaledNouns(kind);
  }

  VirtualClock clock() {
    return node.clock();
  }

  Instant now() {
    return node.clock().instant();
  }

  /** A new timed id of the present instant. */
  String id(String prefix) {
    return ids.at(prefix, now());
  }

  Reply ask(EntityKey key, Command command) {
    return HostNode.waitFor(send(key, command));
  }

  /** Sends without waiting. */
  CompletableFuture<Reply> send(EntityKey key, Command command) {
    Origin origin = new Origin(id("cmd"), "test", "tester");
    return node.runtime().gateway().ask(key, command, origin).toCompletableFuture();
  }

  /** Sends all at once and waits for every answer, in the order of the commands. */
  List<Reply> askAll(EntityKey key, List<? extends Command> all) {
    List<CompletableFuture<Reply>> sent = new ArrayList<>();
    all.forEach(command -> sent.add(send(key, command)));
    return sent.stream().map(HostNode::waitFor).toList();
  }

  /**
   * Lets time pass once an entity has done all that its last answer led to: a reply leaves before
   * the next alarm is set.
   *
   * @param read its command that changes nothing
   */
  void advance(EntityKey key, Command read, Duration time) {
    Reply unused = ask(key, read);
    clock().advance(time);
  }

  /**
   * Waits until it is so, and lets alarms ring that were set for an instant that is already there.
   */
  void await(String what, BooleanSupplier condition) {
    HostNode.await(
        what,
        () -> {
          clock().advance(Duration.ZERO);
          return condition.getAsBoolean();
        });
  }

  /** Reads the journal alone. */
  Audit audit() {
    return new Audit(auditors, node.ports().codecs().sealed(), kinds());
  }

  /** What everything that can be checked comes to, the hosts' snapshots among it. */
  Verification verification() {
    return new FullVerification(
            auditors,
            node.ports().codecs().sealed(),
            kinds(),
            new StoredSnapshots(node.ports().codecs()))
        .run(new SigningKey("test", new byte[32]).verifying(), List.of(), (what, done) -> {})
        .verification();
  }

  private static List<EntityKind<?, ?>> kinds() {
    return List.of(
        new EntityKind<WalletState, WalletEvent>("wallet", WalletEvent.class, WalletState::initial),
        new EntityKind<DisputeState, DisputeEvent>(
            "dispute", DisputeEvent.class, DisputeState::initial),
        new EntityKind<AgentState, AgentEvent>("agent", AgentEvent.class, id -> AgentState.NEW),
        new EntityKind<CampaignState, CampaignEvent>(
            "campaign", CampaignEvent.class, id -> CampaignState.NEW));
  }

  /** Makes the read models from the journal. */
  Projector projector() {
    return ReadModels.projector(
        database,
        node.ports().codecs(),
        (row, why) -> {
          throw why;
        });
  }

  /** Makes them anew beside those that are read, and puts them in their place. */
  void rebuild() {
    long unused =
        new Rebuild(
                database,
                ReadModels.beside(
                    database,
                    node.ports().codecs(),
                    (row, why) -> {
                      throw why;
                    }))
            .run(events -> {});
  }

  /** Reads stored events. */
  EventCodec codec() {
    return node.ports().codecs().sealed();
  }

  /** What the read models are kept in. */
  Database database() {
    return database;
  }

  /** Every step of one entity, from the journal. */
  List<Step> history(EntityKey key) {
    List<Step> steps = new ArrayList<>();
    audit().replay(key.type(), key.id(), steps::add);
    return steps;
  }

  /** The events of one entity, from the journal. */
  <E> List<E> events(EntityKey key, Class<E> kind) {
    return history(key).stream().map(Step::event).filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public void close() {
    node.close();
    auditors.close();
    database.close();
  }
}
