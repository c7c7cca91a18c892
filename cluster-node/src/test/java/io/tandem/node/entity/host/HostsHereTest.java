package io.tandem.node.entity.host;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.TestInbox;
import akka.actor.typed.ActorRef;
import io.tandem.node.entity.EntityKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who is reached past region and shard. */
class HostsHereTest {

  private static final EntityKey KEY = new EntityKey("tally", "a");

  private final AtomicLong nanos = new AtomicLong(7);
  private final HostsHere here = new HostsHere(Duration.ofSeconds(60), 8, nanos::get);
  private final ActorRef<HostMessage> first = TestInbox.<HostMessage>create("first").getRef();
  private final ActorRef<HostMessage> second = TestInbox.<HostMessage>create("second").getRef();

  @Test
  void an_entity_is_found_from_when_it_runs_until_it_leaves() {
    assertThat(here.find(KEY)).isNull();
    here.runs(KEY, first);
    assertThat(here.find(KEY)).isEqualTo(first);
    assertThat(here.find(new EntityKey("tally", "b"))).isNull();
    here.leaves(KEY, first);
    assertThat(here.find(KEY)).isNull();
  }

  @Test
  void the_end_of_one_life_does_not_take_the_next_away() {
    here.runs(KEY, first);
    here.runs(KEY, second);
    here.leaves(KEY, first);
    assertThat(here.find(KEY)).isEqualTo(second);
  }

  @Test
  void a_shard_is_here_while_any_of_its_entities_runs_here() {
    EntityKey neighbour = new EntityKey("tally", "i"); // as many as there are shards further on
    here.runs(KEY, first);
    here.runs(KEY, second);
    assertThat(here.hasNeighbours(neighbour)).isTrue();
    assertThat(here.hasNeighbours(new EntityKey("tally", "b"))).isFalse();
    assertThat(here.hasNeighbours(new EntityKey("other", "a"))).isFalse();

    here.leaves(KEY, first); // said more than once, and of a life before
    assertThat(here.hasNeighbours(neighbour)).isTrue();
    here.leaves(KEY, second);
    here.leaves(KEY, second);
    assertThat(here.hasNeighbours(neighbour)).isFalse();
  }

  @Test
  void a_shard_hears_now_and_then_of_an_entity_that_is_asked() {
    here.runs(KEY, first);
    nanos.addAndGet(Duration.ofSeconds(60).toNanos() - 1);
    assertThat(here.find(KEY)).isEqualTo(first);
    nanos.addAndGet(1);
    assertThat(here.find(KEY)).as("this one goes through the shard").isNull();
    assertThat(here.find(KEY)).isEqualTo(first);
  }
}
