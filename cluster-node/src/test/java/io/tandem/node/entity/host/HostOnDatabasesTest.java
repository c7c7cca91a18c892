package io.tandem.node.entity.host;

import static io.tandem.node.entity.tally.Tally.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.actor.typed.javadsl.Adapter;
import io.tandem.node.entity.EntityGateway.Unavailable;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.node.entity.host.Recorder.Stopped;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.node.entity.tally.TallyState;
import io.tandem.node.job.Bell;
import io.tandem.node.job.Daemon;
import io.tandem.node.job.DueWalker;
import io.tandem.node.job.FeedFollower;
import io.tandem.node.job.Settlements;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.Database.Contents;
import io.tandem.persistence.database.Databases;
import io.tandem.persistence.database.Dialect;
import io.tandem.persistence.database.Sql;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.HashChain;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.readmodel.DueIndex;
import io.tandem.persistence.readmodel.FeedPosition;
import io.tandem.persistence.readmodel.JournalFeed;
import io.tandem.persistence.readmodel.JournalRow;
import io.tandem.persistence.readmodel.Projector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The host's contract with a real journal: what survives the node, and who wakes what. */
@ParameterizedClass
@EnumSource(
    value = Databases.class,
    names = {"H2_FILE", "POSTGRESQL"})
class HostOnDatabasesTest {

  private static final Duration QUICK = Duration.ofMillis(20);

  @Parameter Databases databases;

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private Database database() {
    Database database = databases.open(Contents.JOURNAL);
    open.add(database);
    return database;
  }

  private HostNode node(Database database, Instant now, UnaryOperator<HostPorts> with) {
    HostNode node = HostNode.on(database.settings(), Tally.type(0), new VirtualClock(now), with);
    open.add(node);
    return node;
  }

  /** A node that also follows the feed, walks what is due, and takes off what is settled. */
  private HostNode wholeNode(Database database, Instant now) {
    DueIndex due = new DueIndex(database);
    HostNode node =
        node(
            database,
            now,
            ports ->
                HostNode.settling(
                    ports,
                    new Settlements(
                        due,
                        task ->
                            CompletableFuture.delayedExecutor(
                                    50, java.util.concurrent.TimeUnit.MILLISECONDS)
                                .execute(task))));
    Projector projector = Projector.builder(database, node.ports().codecs().sealed()).build();
    Daemon.start(
        node.system(),
        "feed",
        () -> new FeedFollower(projector, new Bell(), new Bell()),
        Optional.empty());
    Daemon.start(
        node.system(),
        "due",
        () -> new DueWalker(due, node.runtime()::wake, node.clock(), Duration.ZERO, QUICK),
        Optional.empty());
    return node;
  }

  private void end(HostNode node) {
    open.remove(node);
    node.close();
  }

  private static TallyState read(HostNode node, EntityKey key) {
    return ((TallyReply.View) node.ask(key, new TallyCommand.Read())).state();
  }

  @Test
  void what_was_answered_is_there_after_the_node_is_gone_and_the_chain_holds() {
    Database database = database();
    HostNode first = node(database, HostNode.START, ports -> ports);
    List<CompletableFuture<Reply>> asked = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      EntityKey key = key("t" + i % 3);
      Origin origin = new Origin("c" + i, "test", "tester");
      asked.add(
          first
              .runtime()
              .gateway()
              .ask(key, new TallyCommand.Count(1), origin)
              .toCompletableFuture());
    }
    asked.forEach(HostNode::waitFor);
    String labelled = TimedId.at("cmd", HostNode.START);
    first.ask(key("t0"), new TallyCommand.Label("blue", "nice"), labelled);
    end(first);
    HostNode second = node(database, HostNode.START.plusSeconds(60), ports -> ports);
    assertThat(read(second, key("t0")).sum()).isEqualTo(100);
    assertThat(second.ask(key("t0"), new TallyCommand.Label("blue", "nice"), labelled))
        .isEqualTo(new TallyReply.Done(100, true));
    second.ask(key("t0"), new TallyCommand.Count(1));
    assertThat(chains(database)).hasSize(302);
  }

  /** All envelopes, after their chains were verified. */
  private static List<Envelope> chains(Database database) {
    List<Envelope> all =
        new JournalFeed(database)
            .read(FeedPosition.START, 10_000).rows().stream()
                .map(JournalRow::envelope)
                .sorted(
                    Comparator.comparing((Envelope each) -> each.persistenceId())
                        .thenComparing(Envelope::sequence))
                .toList();
    assertThat(HashChain.verify(all.iterator())).isEmpty();
    return all;
  }

  @Test
  void a_deadline_that_came_while_no_node_ran_wakes_the_entity_without_traffic() {
    Database database = database();
    HostNode first = wholeNode(database, HostNode.START);
    first.ask(key("r1"), new TallyCommand.Remind(HostNode.START.plus(Duration.ofHours(2))));
    end(first);
    HostNode second = wholeNode(database, HostNode.START.plus(Duration.ofHours(3)));
    HostNode.await("woken", () -> second.seen().recoveries.get() == 1);
    HostNode.await("no more due", () -> due(database).isEmpty());
    assertThat(read(second, key("r1")).reminders()).isEqualTo(1);
  }

  @Test
  void a_deadline_of_a_passivated_entity_wakes_it_when_the_clock_comes_there() {
    Database database = database();
    HostNode node = wholeNode(database, HostNode.START);
    node.ask(key("p1"), new TallyCommand.Remind(HostNode.START.plus(Duration.ofHours(2))));
    HostNode.await("it is in the index", () -> due(database).size() == 1);
    passivate(node, key("p1"));
    node.clock().advance(Duration.ofHours(2));
    HostNode.await("reminded", () -> due(database).isEmpty());
    assertThat(read(node, key("p1")).reminders()).isEqualTo(1);
  }

  /** As an idle entity goes; the alarm it had set goes with it. */
  private static void passivate(HostNode node, EntityKey key) {
    int alarms = node.clock().alarms();
    akka.actor.ActorRef entity =
        Adapter.toClassic(node.system())
            .actorSelection("/system/sharding/tally/*/" + key.id())
            .resolveOne(Duration.ofSeconds(10))
            .toCompletableFuture()
            .join();
    entity.tell(HostMessage.Nudge.STOP, akka.actor.ActorRef.noSender());
    HostNode.await("it is gone", () -> node.clock().alarms() < alarms);
  }

  @Test
  void an_effect_that_was_lost_with_its_node_is_sent_by_the_next_and_then_settled() {
    Database database = database();
    HostNode first = node(database, HostNode.START, ports -> ports);
    first.ask(key("s1"), new TallyCommand.Add("x", 5));
    first.seen().lampsAnswer = false;
    first.ask(key("s1"), new TallyCommand.Light("s-lamp"));
    first.ask(key("s1"), new TallyCommand.Close());
    end(first);
    assertThat(first.seen().settled).isEmpty();
    HostNode second = wholeNode(database, HostNode.START.plus(Duration.ofMinutes(1)));
    HostNode.await("both lamps burn", () -> second.seen().signals.size() >= 2);
    HostNode.await("settled", () -> due(database).isEmpty());
  }

  private static List<DueIndex.Due> due(Database database) {
    return new DueIndex(database).due(Instant.parse("2100-01-01T00:00:00Z"), 100);
  }

  @Test
  void the_newest_snapshot_is_kept_and_the_next_life_begins_there() {
    Database database = database();
    for (int life = 0; life < 2; life++) {
      HostNode node =
          HostNode.on(
              database.settings(),
              Tally.type(10),
              new VirtualClock(HostNode.START),
              ports -> ports);
      open.add(node);
      for (int i = 0; i < 12; i++) {
        node.ask(key("n1"), new TallyCommand.Count(1));
      }
      long newest = 10L + 10L * life;
      HostNode.await("only #" + newest, () -> snapshots(database).equals(List.of(newest)));
      assertThat(node.seen().eventsReplayed.get()).isEqualTo(2L * life);
      end(node);
    }
  }

  private static List<Long> snapshots(Database database) {
    String quote = database.dialect() == Dialect.H2 ? "\"" : "";
    String sql =
        "select Qsequence_numberQ from QsnapshotQ order by Qsequence_numberQ".replace("Q", quote);
    return database.run(connection -> Sql.list(connection, sql, row -> row.getLong(1)));
  }

  @Test
  void two_writers_never_interleave_the_stale_one_is_fenced() {
    Database database = database();
    HostNode here = node(database, HostNode.START, ports -> ports);
    HostNode there = node(database, HostNode.START.plusMillis(1), ports -> ports);
    here.ask(key("w1"), new TallyCommand.Count(1));
    assertThat(read(there, key("w1")).sum()).isEqualTo(1);
    assertThat(there.ask(key("w1"), new TallyCommand.Count(10)))
        .isEqualTo(new TallyReply.Done(11, false));
    assertThatThrownBy(() -> here.ask(key("w1"), new TallyCommand.Count(100)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("CANNOT_STORE");
    assertThatThrownBy(() -> here.ask(key("w1"), new TallyCommand.Count(100)))
        .hasMessageContaining("FENCED");
    assertThat(here.seen().stopped).containsExactly(new Stopped("w1", Why.FENCED));
    assertThat(there.ask(key("w1"), new TallyCommand.Count(10)))
        .isEqualTo(new TallyReply.Done(21, false));
    assertThat(chains(database)).hasSize(3);
  }

  @Test
  void an_event_that_cannot_be_read_stops_its_entity_alone() {
    Database database = database();
    HostNode first = node(database, HostNode.START, ports -> ports);
    first.ask(key("u1"), new TallyCommand.Count(1));
    first.ask(key("u2"), new TallyCommand.Count(1));
    end(first);
    damage(database, "tally|u1");
    HostNode second = node(database, HostNode.START.plusSeconds(1), ports -> ports);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> read(second, key("u1"))).hasMessageContaining("UNREADABLE");
    }
    assertThat(second.seen().stopped).containsExactly(new Stopped("u1", Why.UNREADABLE));
    assertThat(read(second, key("u2")).sum()).isEqualTo(1);
  }

  private static void damage(Database database, String persistenceId) {
    String quote = database.dialect() == Dialect.H2 ? "\"" : "";
    int rows =
        database.update(
            "update Qevent_journalQ set Qevent_payloadQ = ? where Qpersistence_idQ = ?"
                .replace("Q", quote),
            new byte[] {1, 2, 3},
            persistenceId);
    assertThat(rows).isEqualTo(1);
  }
}
