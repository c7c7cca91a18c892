package io.tandem.node.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who waits is told, whenever it rang; a ring that has been heard is over. */
@Timeout(60)
class BellTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final Bell bell = new Bell();

  @Test
  void what_rang_before_anybody_waited_is_heard_at_once() {
    bell.ring();
    bell.ring();

    bell.await(LONG);

    bell.await(Duration.ofNanos(1)); // heard once: this one waits its time out
  }

  @Test
  void whoever_waits_is_told() throws InterruptedException {
    CountDownLatch heard = new CountDownLatch(1);
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () -> {
                  bell.await(LONG);
                  heard.countDown();
                });
    bell.ring();

    assertThat(heard.await(50, TimeUnit.SECONDS)).isTrue();
    waiting.join();
  }

  @Test
  void an_interrupted_wait_ends() throws InterruptedException {
    Thread waiting = Thread.ofPlatform().start(() -> bell.await(LONG));
    waiting.interrupt();

    waiting.join();

    assertThat(waiting.isAlive()).isFalse();
  }
}
