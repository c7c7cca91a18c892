package io.tandem.node.entity.host;

import static io.tandem.node.entity.tally.Tally.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import io.tandem.node.entity.EntityGateway.Unavailable;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.node.entity.tally.TallyState;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.HashChain;
import io.tandem.persistence.journal.TimedId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a snapshot spares, what it must carry, and that it is never needed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SnapshotTest {

  private final HostNode node = HostNode.inMemory(Tally.type(10));
  private final PersistenceTestKit journal = PersistenceTestKit.create(node.system());
  private final SnapshotTestKit snapshots = SnapshotTestKit.create(node.system());

  @AfterAll
  void close() {
    node.close();
  }

  private static String name(EntityKey key) {
    return Envelope.persistenceId(key.type(), key.id());
  }

  /** Twelve counts and a label, a snapshot at the tenth, and a new life. */
  private String live(EntityKey key) {
    String labelled = TimedId.at("cmd", node.clock().instant());
    node.ask(key, new TallyCommand.Label("blue", "nice"), labelled);
    for (int i = 0; i < 12; i++) {
      node.ask(key, new TallyCommand.Count(1));
    }
    HostNode.await("a snapshot", () -> !snapshots.persistedInStorage(name(key)).isEmpty());
    journal.failNextPersisted(name(key));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(1)))
        .isInstanceOf(Unavailable.class);
    node.seen().eventsReplayed.set(0);
    return labelled;
  }

  private TallyState read(EntityKey key) {
    return ((TallyReply.View) node.ask(key, new TallyCommand.Read())).state();
  }

  @Test
  void only_what_came_after_the_snapshot_is_replayed_and_window_and_chain_go_on() {
    EntityKey key = key("s1");
    String labelled = live(key);
    assertThat(read(key).sum()).isEqualTo(12);
    assertThat(node.seen().eventsReplayed.get()).isEqualTo(3);
    assertThat(node.ask(key, new TallyCommand.Label("blue", "nice"), labelled))
        .isEqualTo(new TallyReply.Done(12, true));
    node.ask(key, new TallyCommand.Count(1));
    List<Envelope> stored =
        journal.persistedInStorage(name(key)).stream()
            .map(each -> ((Recorded) each).envelope())
            .toList();
    assertThat(stored).hasSize(14);
    assertThat(HashChain.verify(stored.iterator())).isEmpty();
  }

  @Test
  void a_snapshot_that_cannot_be_loaded_costs_a_longer_replay_and_nothing_else() {
    EntityKey key = key("s2");
    live(key);
    snapshots.failNextRead(name(key));
    assertThat(read(key).sum()).isEqualTo(12);
    assertThat(node.seen().eventsReplayed.get()).isEqualTo(13);
  }

  @Test
  void a_snapshot_that_cannot_be_stored_is_told_and_hinders_nothing() {
    EntityKey key = key("s3");
    snapshots.failNextPersisted(name(key));
    for (int i = 0; i < 12; i++) {
      node.ask(key, new TallyCommand.Count(1));
    }
    HostNode.await("told", () -> node.seen().snapshotsFailed.get() == 1);
    assertThat(read(key).sum()).isEqualTo(12);
  }
}
