package io.tandem.node.entity.host;

import static io.tandem.node.entity.tally.Tally.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.node.entity.tally.TallyState;
import io.tandem.persistence.journal.TimedId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a host does with one noun, with a journal in memory. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntityHostTest {

  private final HostNode node = HostNode.inMemory(Tally.TYPE);

  @AfterAll
  void close() {
    node.close();
  }

  private TallyState read(EntityKey key) {
    return ((TallyReply.View) node.ask(key, new TallyCommand.Read())).state();
  }

  @Test
  void a_command_is_decided_stored_and_answered() {
    assertThat(node.ask(key("a1"), new TallyCommand.Add("x", 5)))
        .isEqualTo(new TallyReply.Done(5, false));
    assertThat(node.ask(key("a1"), new TallyCommand.Add("x", 5)))
        .isEqualTo(new TallyReply.Done(5, true));
    assertThat(read(key("a1")).sum()).isEqualTo(5);
  }

  @Test
  void commands_that_arrive_together_are_written_together() {
    node.ask(key("b1"), new TallyCommand.Count(0));
    node.seen().batches.clear();
    List<CompletableFuture<Reply>> asked = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Origin origin = new Origin("c" + i, "test", "tester");
      asked.add(
          node.runtime()
              .gateway()
              .ask(key("b1"), new TallyCommand.Count(1), origin)
              .toCompletableFuture());
    }
    asked.forEach(HostNode::waitFor);
    assertThat(read(key("b1")).sum()).isEqualTo(2_000);
    assertThat(node.seen().batches).hasSizeLessThan(1_000).allMatch(events -> events <= 500);
  }

  @Test
  void what_comes_too_late_for_an_entity_that_has_ended_is_refused_at_once() {
    List<HostMessage.HostReply> answers = new CopyOnWriteArrayList<>();
    Origin origin = new Origin("late", "test", "tester");
    HostMessage late =
        new HostMessage.Asked(key("z1"), new TallyCommand.Count(1), origin, answers::add);
    node.system().<HostMessage>deadLetters().tell(late);
    HostNode.await("it is answered", () -> !answers.isEmpty());
    assertThat(answers).containsExactly(new HostMessage.Refused("late", HostMessage.Why.STOPPED));
  }

  @Test
  void an_effect_is_sent_again_until_it_is_answered_and_then_no_more() {
    node.ask(key("c1"), new TallyCommand.Add("x", 5));
    node.ask(key("c1"), new TallyCommand.Pass("p", "c2", 3));
    HostNode.await("it arrived", () -> read(key("c2")).sum() == 3);
    assertThat(read(key("c1")).sum()).isEqualTo(2);
  }

  @Test
  void a_refusal_becomes_a_command_of_our_own() {
    node.ask(key("d2"), new TallyCommand.Close());
    node.ask(key("d1"), new TallyCommand.Add("x", 5));
    node.ask(key("d1"), new TallyCommand.Pass("p", "d2", 3));
    HostNode.await("it came back", () -> read(key("d1")).sum() == 5);
  }

  @Test
  void an_acknowledgement_may_make_the_next_effect_due() {
    node.ask(key("e1"), new TallyCommand.Light("e-lamp"));
    HostNode.await(
        "both lamps burn",
        () ->
            node.seen().signals.stream().anyMatch(each -> each.effectId().equals("e-lamp/second")));
  }

  @Test
  void the_deadline_wakes_an_entity_in_memory() {
    node.ask(key("f1"), new TallyCommand.Remind(node.clock().instant().plus(Duration.ofHours(2))));
    node.clock().advance(Duration.ofHours(1));
    assertThat(read(key("f1")).reminders()).isZero();
    node.clock().advance(Duration.ofHours(1));
    HostNode.await("reminded", () -> read(key("f1")).reminders() == 1);
  }

  @Test
  void a_remembered_command_is_done_once_and_other_content_is_a_conflict() {
    String id = TimedId.at("cmd", node.clock().instant());
    assertThat(node.ask(key("g1"), new TallyCommand.Label("blue", "nice"), id))
        .isEqualTo(new TallyReply.Done(0, false));
    assertThat(node.ask(key("g1"), new TallyCommand.Label("blue", "nice"), id))
        .isEqualTo(new TallyReply.Done(0, true));
    assertThat(node.ask(key("g1"), new TallyCommand.Label("blue", "dull"), id))
        .isEqualTo(new TallyReply.Conflict("reason"));
    String old = TimedId.at("cmd", node.clock().instant().minus(Duration.ofHours(25)));
    assertThat(node.ask(key("g1"), new TallyCommand.Label("red", "late"), old))
        .isEqualTo(new TallyReply.Conflict("commandId"));
  }
}
