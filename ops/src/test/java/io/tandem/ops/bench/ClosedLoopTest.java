package io.tandem.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The instrument itself: what it sends, counts, and refuses to report. */
class ClosedLoopTest {

  @Test
  void each_client_has_one_request_in_flight_and_every_answer_is_counted() {
    AtomicInteger[] inFlight = {new AtomicInteger(), new AtomicInteger()};
    AtomicInteger most = new AtomicInteger();
    AtomicLong sent = new AtomicLong();
    ClosedLoop.Measured measured =
        ClosedLoop.run(
            2,
            0,
            1,
            (client, number) -> {
              most.accumulateAndGet(inFlight[client].incrementAndGet(), Math::max);
              sent.incrementAndGet();
              return CompletableFuture.runAsync(inFlight[client]::decrementAndGet);
            });
    assertThat(most.get()).isEqualTo(1);
    assertThat(measured.all()).isEqualTo(sent.get());
    assertThat(measured.answers()).isLessThanOrEqualTo(measured.all());
  }

  @Test
  void one_failed_request_spoils_the_whole_run() {
    assertThatThrownBy(
            () ->
                ClosedLoop.run(
                    1,
                    0,
                    1,
                    (client, number) ->
                        CompletableFuture.failedFuture(new IllegalStateException("refused"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("refused");
  }
}
