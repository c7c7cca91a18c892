package io.tandem.node.entity.host;

import static io.tandem.node.entity.tally.Tally.key;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.Behaviors;
import io.tandem.node.entity.EntityGateway.Unavailable;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostMessage.Deliver;
import io.tandem.node.entity.tally.Tally;
import io.tandem.node.entity.tally.TallyCommand;
import io.tandem.node.entity.tally.TallyReply;
import io.tandem.node.entity.tally.TallyState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Effects over a line that drops and doubles, and an entity that more is sent to than it can hold.
 */
class LossyLineTest {

  private static final long SEED = 20_261_122;

  private final AtomicReference<ActorRef<Deliver>> region = new AtomicReference<>();
  private HostNode node;

  @AfterEach
  void close() {
    node.close();
  }

  /**
   * Of what entities send each other a third is dropped and a third arrives twice; what tests ask
   * passes.
   */
  private Behavior<Deliver> lossy() {
    SplittableRandom random = new SplittableRandom(SEED);
    return Behaviors.receiveMessage(
        message -> {
          int times = message.origin().actor().equals("tester") ? 1 : random.nextInt(3);
          for (int i = 0; i < times; i++) {
            region.get().tell(message);
          }
          return Behaviors.same();
        });
  }

  private TallyState read(EntityKey key) {
    return ((TallyReply.View) node.ask(key, new TallyCommand.Read())).state();
  }

  @Test
  void what_is_passed_on_arrives_exactly_once_however_the_line_behaves() {
    AtomicReference<ActorRef<Deliver>> front = new AtomicReference<>();
    node =
        HostNode.inMemory(
            Tally.TYPE,
            ports ->
                HostNode.line(
                    ports,
                    (noun, direct) -> {
                      region.set(direct);
                      return front.get();
                    }),
            system -> front.set(system.systemActorOf(lossy(), "lossy", Props.empty())));
    node.ask(key("from"), new TallyCommand.Add("x", 1_000));
    for (int i = 0; i < 40; i++) {
      node.ask(key("from"), new TallyCommand.Pass("p" + i, "to", 10));
    }
    HostNode.await(
        "all arrived (seed " + SEED + ")",
        () -> {
          node.clock().advance(Duration.ofSeconds(2));
          return read(key("to")).adds().size() == 40;
        });
    assertThat(read(key("to")).sum()).isEqualTo(400);
    assertThat(read(key("from")).sum()).isEqualTo(600);
  }

  @Test
  void more_than_may_wait_is_refused_as_busy_and_what_was_answered_was_done() {
    node =
        HostNode.inMemory(Tally.TYPE, ports -> HostNode.settings(ports, small(ports.settings())));
    List<CompletableFuture<Reply>> asked = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      Origin origin = new Origin("c" + i, "test", "tester");
      asked.add(
          node.runtime()
              .gateway()
              .ask(key("busy"), new TallyCommand.Count(1), origin)
              .toCompletableFuture());
    }
    long done = 0;
    for (CompletableFuture<Reply> each : asked) {
      try {
        HostNode.waitFor(each);
        done++;
      } catch (Unavailable refused) {
        assertThat(refused).hasMessageContaining("BUSY");
      }
    }
    assertThat(done).isBetween(1L, 999L);
    assertThat(read(key("busy")).sum()).isEqualTo(done);
  }

  private static HostSettings small(HostSettings usual) {
    return new HostSettings(
        usual.shards(),
        2,
        3,
        usual.window(),
        usual.resend(),
        usual.repairAfter(),
        usual.fenceTime(),
        usual.askTimeout());
  }
}
