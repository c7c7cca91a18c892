package io.tandem.protocol.media.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.protocol.media.relay.PortPool.Stock;
import io.tandem.protocol.media.relay.PortPool.Taken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Lending, resting and growing, with ports that are only numbers and a clock in the test's hand.
 */
class PortPoolTest {
  private static final long REST = 10_000_000_000L;

  private final List<Integer> bound = new ArrayList<>();
  private final Set<Integer> busy = new HashSet<>();
  private int most = Integer.MAX_VALUE;
  private long now = Long.MAX_VALUE - REST / 2; // a monotonic clock may wrap

  @Test
  void a_call_takes_two_pairs_of_one_loop_and_binds_only_what_is_missing() {
    PortPool<Integer> pool = pool(10_001, 10_100, 1);
    pool.warm(3);
    assertThat(bound).containsExactly(10_002, 10_004, 10_006);
    pool.takeTwo();
    assertThat(bound).hasSize(3);
    pool.takeTwo();
    assertThat(bound).hasSize(4);
    assertThat(pool.stock()).isEqualTo(new Stock(4, 4, 0, 0));
  }

  @Test
  void a_pair_that_comes_back_rests_before_the_next_call_gets_it() {
    PortPool<Integer> pool = pool(10_000, 10_003, 1);
    Taken<Integer> first = pool.takeTwo().orElseThrow();
    assertThat(pool.takeTwo()).isEmpty();
    pool.giveBack(first);
    assertThat(pool.stock()).isEqualTo(new Stock(2, 0, 2, 0));
    assertThat(pool.takeTwo()).isEmpty();
    now += REST;
    assertThat(pool.stock()).isEqualTo(new Stock(2, 0, 0, 0));
    assertThat(pool.takeTwo()).isPresent();
  }

  @Test
  void a_quarter_of_the_rest_has_to_do_when_nothing_more_can_be_bound() {
    PortPool<Integer> pool = pool(10_000, 10_007, 1);
    Taken<Integer> first = pool.takeTwo().orElseThrow();
    pool.giveBack(first);
    now += REST / 4;
    Taken<Integer> fresh = pool.takeTwo().orElseThrow();
    assertThat(Set.of(fresh.first(), fresh.second())).isEqualTo(Set.of(10_004, 10_006));
    assertThat(pool.takeTwo()).contains(first);
    pool.giveBack(fresh);
    now += REST / 4 - 1;
    assertThat(pool.takeTwo()).isEmpty();
    now += 1;
    assertThat(pool.takeTwo()).contains(fresh);
  }

  @Test
  void no_more_pairs_are_bound_than_the_process_may_open_whatever_the_range_holds() {
    most = 4;
    PortPool<Integer> pool = pool(10_000, 10_099, 1);
    pool.warm(32);
    assertThat(bound).hasSize(4);
    Taken<Integer> first = pool.takeTwo().orElseThrow();
    assertThat(pool.takeTwo()).isPresent();
    assertThat(pool.takeTwo()).isEmpty();
    pool.giveBack(first);
    now += REST;
    assertThat(pool.takeTwo()).isPresent();
    assertThat(bound).hasSize(4);
  }

  @Test
  void the_longest_rested_pairs_go_first() {
    PortPool<Integer> pool = pool(10_000, 10_007, 1);
    Taken<Integer> first = pool.takeTwo().orElseThrow();
    Taken<Integer> second = pool.takeTwo().orElseThrow();
    pool.giveBack(second);
    now += 1;
    pool.giveBack(first);
    now += REST;
    assertThat(pool.takeTwo().orElseThrow().first()).isEqualTo(second.first());
    assertThat(pool.takeTwo().orElseThrow().first()).isEqualTo(first.first());
  }

  @Test
  void resting_pairs_do_not_keep_fresh_ones_from_a_call() {
    PortPool<Integer> pool = pool(10_000, 10_007, 1);
    pool.giveBack(pool.takeTwo().orElseThrow());
    Taken<Integer> fresh = pool.takeTwo().orElseThrow();
    assertThat(Set.of(fresh.first(), fresh.second())).isEqualTo(Set.of(10_004, 10_006));
  }

  @Test
  void a_busy_port_is_passed_over_and_tried_again_when_all_others_are_out() {
    busy.add(10_000);
    PortPool<Integer> pool = pool(10_000, 10_007, 1);
    Taken<Integer> taken = pool.takeTwo().orElseThrow();
    assertThat(Set.of(taken.first(), taken.second())).isEqualTo(Set.of(10_002, 10_004));
    assertThat(pool.takeTwo()).isEmpty();
    assertThat(pool.stock().busy()).isEqualTo(1);
    busy.clear();
    assertThat(pool.takeTwo()).isPresent();
    assertThat(pool.stock()).isEqualTo(new Stock(4, 4, 0, 0));
  }

  @Test
  void a_range_full_of_busy_ports_is_searched_a_piece_a_call() {
    for (int port = 10_000; port < 10_400; port += 2) {
      busy.add(port);
    }
    PortPool<Integer> pool = pool(10_000, 10_403, 1);
    assertThat(pool.takeTwo()).isEmpty();
    assertThat(pool.stock().busy()).isEqualTo(64);
    pool.takeTwo();
    pool.takeTwo();
    assertThat(pool.takeTwo()).isPresent();
    assertThat(bound).containsExactly(10_400, 10_402);
  }

  @Test
  void calls_go_to_the_loop_with_the_fewest() {
    PortPool<Integer> pool = pool(10_000, 10_099, 2);
    Taken<Integer> first = pool.takeTwo().orElseThrow();
    Taken<Integer> second = pool.takeTwo().orElseThrow();
    assertThat(List.of(first.loop(), second.loop())).containsExactlyInAnyOrder(0, 1);
    pool.giveBack(second);
    assertThat(pool.takeTwo().orElseThrow().loop()).isEqualTo(second.loop());
  }

  @Test
  void no_pair_is_ever_lent_twice_or_before_a_quarter_of_its_rest() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    PortPool<Integer> pool = pool(10_000, 10_059, 3);
    List<Taken<Integer>> lent = new ArrayList<>();
    Set<Integer> inUse = new HashSet<>();
    Map<Integer, Long> restsUntil = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      now += random.nextLong(REST / 4);
      if (random.nextBoolean()) {
        Optional<Taken<Integer>> taken = pool.takeTwo();
        taken.ifPresent(
            two -> {
              lent.add(two);
              for (int pair : List.of(two.first(), two.second())) {
                assertThat(inUse.add(pair)).as("seed %d, lent once", seed).isTrue();
                long until = restsUntil.getOrDefault(pair, now);
                assertThat(now - until).as("seed %d, rested", seed).isNotNegative();
              }
            });
      } else if (!lent.isEmpty()) {
        Taken<Integer> back = lent.remove(random.nextInt(lent.size()));
        pool.giveBack(back);
        for (int pair : List.of(back.first(), back.second())) {
          inUse.remove(pair);
          restsUntil.put(pair, now + REST / 4);
        }
      }
      assertThat(pool.stock().lent()).as("seed %d", seed).isEqualTo(inUse.size());
    }
    assertThat(bound).hasSizeLessThanOrEqualTo(30);
  }

  private PortPool<Integer> pool(int first, int last, int loops) {
    return new PortPool<>(
        new PortRange(first, last),
        () -> most,
        loops,
        REST,
        () -> now,
        (port, loop) -> {
          if (busy.contains(port)) {
            return Optional.empty();
          }
          bound.add(port);
          return Optional.of(port);
        });
  }
}
