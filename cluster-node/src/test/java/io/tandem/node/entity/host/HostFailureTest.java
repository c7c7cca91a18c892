package io.tandem.node.entity.host;

import static io.tandem.node.entity.tally.Tally.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.ProcessingPolicy;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.StorageFailure;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import io.tandem.node.entity.EntityGateway.Unavailable;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Why;
import io.tandem.node.entity.host.Recorder.Stopped;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyEvent;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.persistence.journal.CommandDigest;
import io.tandem.persistence.journal.Envelope;
import io.tandem.persistence.journal.EventHeader;
import io.tandem.persistence.journal.Hash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What becomes of an entity and of those who wait for it when the journal fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostFailureTest {

  private final HostNode node = HostNode.inMemory(Tally.TYPE);
  private final PersistenceTestKit journal = PersistenceTestKit.create(node.system());

  @AfterEach
  void heal() {
    journal.resetPolicy();
  }

  @AfterAll
  void close() {
    node.close();
  }

  private static String name(EntityKey key) {
    return Envelope.persistenceId(key.type(), key.id());
  }

  private CompletableFuture<Reply> send(EntityKey key, TallyCommand command, String id) {
    Origin origin = new Origin(id, "test", "tester");
    return node.runtime().gateway().ask(key, command, origin).toCompletableFuture();
  }

  private long sum(EntityKey key) {
    return ((TallyReply.View) node.ask(key, new TallyCommand.Read())).state().sum();
  }

  /** The first write blocks until it is let go, and then ends as told; others succeed. */
  private CountDownLatch[] holdNextWrite(EntityKey key, boolean succeeds) {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ProcessingPolicy<JournalOperation> policy =
        (id, operation) -> {
          if (operation instanceof WriteEvents && id.equals(name(key)) && arrived.getCount() > 0) {
            arrived.countDown();
            await(go);
            return succeeds
                ? ProcessingSuccess.getInstance()
                : StorageFailure.create(new IllegalStateException("held and dropped"));
          }
          return ProcessingSuccess.getInstance();
        };
    journal.withPolicy(policy);
    return new CountDownLatch[] {arrived, go};
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_rejected_write_is_no_success_and_the_next_command_finds_nothing_written() {
    EntityKey key = key("rejected");
    node.ask(key, new TallyCommand.Count(1));
    journal.rejectNextPersisted(name(key));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(10)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("CANNOT_STORE");
    assertThat(node.ask(key, new TallyCommand.Count(100)))
        .isEqualTo(new TallyReply.Done(101, false));
  }

  @Test
  void a_failed_write_is_no_success_and_the_next_command_finds_nothing_written() {
    EntityKey key = key("failed");
    node.ask(key, new TallyCommand.Count(1));
    int before = node.seen().writesFailed.get();
    journal.failNextPersisted(name(key));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(10)))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("CANNOT_STORE");
    assertThat(node.ask(key, new TallyCommand.Count(100)))
        .isEqualTo(new TallyReply.Done(101, false));
    assertThat(node.seen().writesFailed.get()).isEqualTo(before + 1);
  }

  @Test
  void nothing_leaves_before_the_write_it_was_decided_upon_reads_included() {
    EntityKey key = key("held");
    node.ask(key, new TallyCommand.Count(1));
    CountDownLatch[] write = holdNextWrite(key, true);
    CompletableFuture<Reply> count = send(key, new TallyCommand.Count(10), "c1");
    await(write[0]);
    CompletableFuture<Reply> read = send(key, new TallyCommand.Read(), "c2");
    assertThat(count).isNotDone();
    assertThat(read).isNotDone();
    write[1].countDown();
    assertThat(HostNode.waitFor(count)).isEqualTo(new TallyReply.Done(11, false));
    assertThat(((TallyReply.View) HostNode.waitFor(read)).state().sum()).isEqualTo(11);
  }

  @Test
  void those_who_wait_behind_a_failed_write_are_refused_too_and_nothing_of_theirs_is_done() {
    EntityKey key = key("behind");
    node.ask(key, new TallyCommand.Count(1));
    CountDownLatch[] write = holdNextWrite(key, false);
    CompletableFuture<Reply> first = send(key, new TallyCommand.Count(10), "c1");
    await(write[0]);
    CompletableFuture<Reply> second = send(key, new TallyCommand.Count(100), "c2");
    CompletableFuture<Reply> read = send(key, new TallyCommand.Read(), "c3");
    write[1].countDown();
    assertThatThrownBy(() -> HostNode.waitFor(first)).isInstanceOf(Unavailable.class);
    long expected = 1;
    for (CompletableFuture<Reply> each : List.of(second, read)) {
      try {
        Reply reply = HostNode.waitFor(each);
        // it came only after the entity had stopped: then it was decided by the next life
        expected += reply instanceof TallyReply.Done ? 100 : 0;
      } catch (Unavailable refused) {
        assertThat(refused).hasMessageContaining("CANNOT_STORE");
      }
    }
    assertThat(sum(key)).isEqualTo(expected);
  }

  @Test
  void a_failed_recovery_refuses_whoever_waits_and_the_next_command_loads_the_entity() {
    EntityKey key = key("unloaded");
    journal.persistForRecovery(name(key), List.of(event(key, 1, Hash.NONE, 5, "n0@1")));
    journal.failNextRead(name(key));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Read()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("CANNOT_LOAD");
    assertThat(node.seen().stopped).contains(new Stopped(key.id(), Why.CANNOT_LOAD));
    assertThat(sum(key)).isEqualTo(5);
  }

  @Test
  void a_chain_that_does_not_hold_stops_its_entity_alone_for_a_while() {
    EntityKey key = key("forged");
    Recorded first = event(key, 1, Hash.NONE, 5, "n0@1");
    journal.persistForRecovery(
        name(key), List.of(first, event(key, 2, Hash.of(new byte[] {1}), 6, "n0@1")));
    int loads = node.seen().recoveries.get();
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> node.ask(key, new TallyCommand.Read()))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("UNREADABLE");
    }
    assertThat(node.seen().stopped).containsOnlyOnce(new Stopped(key.id(), Why.UNREADABLE));
    assertThat(node.seen().recoveries.get()).isEqualTo(loads);
    assertThat(sum(key("healthy"))).isZero();
  }

  @Test
  void a_stale_writer_is_fenced_and_goes_on_with_what_the_other_wrote_once_the_fence_is_over() {
    EntityKey key = key("fenced");
    node.ask(key, new TallyCommand.Count(1));
    journal.failNextPersisted(name(key));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(10)))
        .hasMessageContaining("CANNOT_STORE");
    Hash last = ((Recorded) journal.persistedInStorage(name(key)).getLast()).envelope().hash();
    journal.persistForRecovery(name(key), List.of(event(key, 2, last, 1_000, "n2@7")));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(100)))
          .hasMessageContaining("FENCED");
    }
    assertThat(node.seen().stopped).containsOnlyOnce(new Stopped(key.id(), Why.FENCED));
    node.clock().advance(Duration.ofSeconds(31));
    HostNode.await("the fence is over", () -> answers(key));
    assertThat(sum(key)).isEqualTo(1_000);
  }

  private boolean answers(EntityKey key) {
    try {
      return node.ask(key, new TallyCommand.Read()) instanceof TallyReply.View;
    } catch (Unavailable e) {
      return false;
    }
  }

  @Test
  void a_write_that_failed_for_us_but_is_there_had_succeeded() {
    EntityKey key = key("in-doubt");
    node.ask(key, new TallyCommand.Count(1));
    List<Object> lost = new ArrayList<>();
    journal.failNextNOpsCond(
        (id, operation) -> {
          if (operation instanceof WriteEvents write && id.equals(name(key))) {
            lost.addAll(write.getBatch());
            return true;
          }
          return false;
        },
        1,
        new IllegalStateException("the answer was lost"));
    assertThatThrownBy(() -> node.ask(key, new TallyCommand.Count(10)))
        .hasMessageContaining("CANNOT_STORE");
    journal.persistForRecovery(name(key), lost);
    assertThat(node.ask(key, new TallyCommand.Count(100)))
        .isEqualTo(new TallyReply.Done(111, false));
  }

  @Test
  void rules_that_fail_cost_only_the_command_they_failed_on() {
    EntityKey key = key("tripped");
    List<CompletableFuture<Reply>> asked =
        List.of(
            send(key, new TallyCommand.Count(1), "c1"),
            send(key, new TallyCommand.Trip(), "c2"),
            send(key, new TallyCommand.Count(1), "c3"));
    assertThat(HostNode.waitFor(asked.get(0))).isEqualTo(new TallyReply.Done(1, false));
    assertThatThrownBy(() -> HostNode.waitFor(asked.get(1))).hasMessageContaining("FAULT");
    assertThat(HostNode.waitFor(asked.get(2))).isEqualTo(new TallyReply.Done(2, false));
    assertThat(node.seen().rulesFailed.get()).isPositive();
  }

  /** A stored event as another node would have written it. */
  private Recorded event(EntityKey key, long sequence, Hash previous, long sum, String clockId) {
    TallyEvent event = new TallyEvent.Counted(sum);
    var codec = node.ports().codecs().sealed();
    EventHeader header =
        new EventHeader(
            key.type(),
            key.id(),
            sequence,
            codec.nameOf((Record) event),
            "cmd",
            CommandDigest.NONE,
            "test",
            "tester",
            node.clock().instant(),
            clockId,
            previous,
            null);
    return Recorded.read(Envelope.of(header, codec.encode((Record) event)), event);
  }
}
