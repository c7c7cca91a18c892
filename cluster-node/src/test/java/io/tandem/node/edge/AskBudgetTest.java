package io.tandem.node.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much strangers may make an edge ask. */
class AskBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  private static long taken(AskBudget budget, long fromNanos, long toNanos, long everyNanos) {
    return LongStream.iterate(fromNanos, at -> at < toNanos, at -> at + everyNanos)
        .filter(budget::take)
        .count();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - 2 * SECOND})
  void so_many_at_once_then_so_many_a_second_and_after_a_rest_so_many_at_once_again(long began) {
    AskBudget budget = new AskBudget(10, 4);
    long at = began;
    assertThat(LongStream.range(0, 100).filter(i -> budget.take(began)).count()).isEqualTo(10);
    assertThat(budget.take(at + SECOND / 5)).isFalse();
    assertThat(budget.take(at + SECOND / 4)).isTrue();
    assertThat(budget.take(at + SECOND / 4)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 20})
  void for_long_no_more_than_its_rate(int perSecond) {
    AskBudget budget = new AskBudget(3, perSecond);
    assertThat(taken(budget, 0, 100 * SECOND, SECOND / 1000))
        .isBetween(100L * perSecond, 100L * perSecond + 3);
  }
}
