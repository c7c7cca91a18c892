package io.tandem.node.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.webhook.Delivery;
import io.tandem.persistence.webhook.Delivery.State;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  private static Delivery fresh() {
    return new Delivery(
        "hook_1",
        "wallet/w/1",
        "wallet|w",
        1,
        "wallet.held",
        "acct_1",
        NOON,
        State.PENDING,
        0,
        NOON,
        NOON,
        null,
        null,
        null);
  }

  @Test
  void it_is_tried_for_three_days_ever_more_calmly_and_then_given_up() {
    Delivery delivery = fresh();
    Instant now = NOON;
    Duration before = Duration.ZERO;
    int tries = 0;
    while (delivery.state() == State.PENDING) {
      now = delivery.nextAt();
      delivery = Retries.after(delivery, 503, null, now);
      tries++;
      Duration pause = Duration.between(now, delivery.nextAt());
      boolean last = !delivery.nextAt().isBefore(NOON.plus(Retries.TRIED_FOR));
      assertThat(last || pause.compareTo(before) >= 0).as("pause %s", pause).isTrue();
      before = pause;
    }
    assertThat(delivery.state()).isEqualTo(State.FAILED);
    assertThat(delivery.lastAt()).isEqualTo(NOON.plus(Duration.ofDays(3)));
    assertThat(delivery.attempts()).isEqualTo(tries).isBetween(20, 40);
    assertThat(delivery.lastStatus()).isEqualTo(503);
  }

  @Test
  void an_answer_of_the_two_hundreds_is_told_and_no_other() {
    assertThat(Retries.after(fresh(), 204, null, NOON).state()).isEqualTo(State.DELIVERED);
    assertThat(Retries.after(fresh(), 302, null, NOON).state()).isEqualTo(State.PENDING);
    assertThat(Retries.after(fresh(), null, "TLS", NOON).lastError()).isEqualTo("TLS");
  }

  @Test
  void the_signature_is_that_of_standard_webhooks() {
    assertThat(
            Signature.of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1_614_265_330,
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }
}
