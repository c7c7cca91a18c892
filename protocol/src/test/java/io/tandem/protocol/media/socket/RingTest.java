package io.tandem.protocol.media.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An io_uring by what comes out of it, on event descriptors. */
class RingTest {
  private final SystemCalls calls = new SystemCalls();
  private final MemorySegment word = Arena.ofAuto().allocate(8, 8);
  private final List<Long> done = new ArrayList<>();
  private Ring ring;
  private int event;

  @BeforeEach
  void where_the_kernel_allows() throws IOException {
    assumeThat(Ring.available()).isTrue();
    ring = new Ring(4);
    event = calls.eventDescriptor();
  }

  @AfterEach
  void close() {
    if (ring != null) {
      ring.close();
      calls.close(event);
    }
  }

  private void raise() {
    word.set(ValueLayout.JAVA_LONG, 0, 1);
    assertThat(calls.write(event, word.address(), 8)).isEqualTo(8);
  }

  private void waitFor(int outcomes) {
    while (done.size() < outcomes) {
      assertThat(ring.submit(1)).isZero();
      ring.each((number, result) -> done.add(number));
    }
  }

  @Test
  void what_is_polled_is_told_once_by_its_number() {
    ring.poll(event, 7);
    assertThat(ring.submit(0)).isZero();
    ring.each((number, result) -> done.add(number));
    assertThat(done).isEmpty();
    raise();
    waitFor(1);
    assertThat(done).containsExactly(7L);
  }

  @Test
  void more_wishes_than_there_is_room_for_are_all_told() {
    raise();
    for (int i = 1; i <= 30; i++) {
      ring.poll(event, i);
    }
    waitFor(30);
    assertThat(done)
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(1, 30).boxed().toList());
  }

  @Test
  void what_is_taken_back_ends_without_having_come() {
    List<Integer> results = new ArrayList<>();
    ring.poll(event, 1);
    ring.cancel(1, 2);
    while (results.size() < 2) {
      assertThat(ring.submit(1)).isZero();
      ring.each((number, result) -> results.add(number == 1 ? result : 0));
    }
    assertThat(results).containsExactlyInAnyOrder(-125, 0); // ECANCELED
  }
}
