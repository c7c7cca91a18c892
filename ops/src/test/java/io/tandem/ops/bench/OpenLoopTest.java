package io.tandem.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The instrument itself: it sends what is due, whether or not anybody answers. */
class OpenLoopTest {

  @Test
  void all_that_was_due_is_sent_and_timed_from_when_it_was_due() {
    AtomicLong sent = new AtomicLong();
    CompletableFuture<Boolean> stall = new CompletableFuture<>();
    ClosedLoop.Measured measured =
        OpenLoop.run(
            1_000,
            0,
            1,
            (client, number) -> {
              boolean last = sent.incrementAndGet() == 1_000;
              if (last) {
                stall.complete(true);
              }
              return stall; // nobody is answered before the last was sent
            });
    assertThat(sent.get()).isEqualTo(1_000);
    assertThat(measured.all()).isEqualTo(1_000);
    assertThat(measured.p50Micros()).isGreaterThan(400_000);
  }

  @Test
  void one_failed_request_spoils_the_whole_run() {
    assertThatThrownBy(
            () ->
                OpenLoop.run(
                    100,
                    0,
                    1,
                    (client, number) ->
                        CompletableFuture.failedFuture(new IllegalStateException("refused"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("refused");
  }
}
