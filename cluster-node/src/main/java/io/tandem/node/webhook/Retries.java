package io.tandem.node.webhook;

import io.tandem.persistence.webhook.Delivery;
import io.tandem.persistence.webhook.Delivery.State;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What comes of a try to tell a webhook something: told, again later, or given up (ACC-7). */
public final class Retries {

  /** For how long it is tried. */
  public static final Duration TRIED_FOR = Duration.ofDays(3);

  private static final Duration[] PAUSES = {
    Duration.ofSeconds(5),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2),
    Duration.ofMinutes(10),
    Duration.ofMinutes(30),
    Duration.ofHours(1),
    Duration.ofHours(2),
    Duration.ofHours(4)
  };

  private static final int OK = 200;
  private static final int OK_END = 300;

  private Retries() {}

  /**
   * The delivery after a try.
   *
   * @param status what came back; null where nothing did
   * @param error why nothing did, in a word
   */
  public static Delivery after(
      Delivery before, @Nullable Integer status, @Nullable String error, Instant now) {
    int attempts = before.attempts() + 1;
    Instant last = before.firstAt().plus(TRIED_FOR);
    if (status != null && status >= OK && status < OK_END) {
      return with(before, State.DELIVERED, attempts, now, status, error, now);
    }
    if (!now.isBefore(last)) {
      return with(before, State.FAILED, attempts, now, status, error, now);
    }
    Instant next = now.plus(PAUSES[Math.min(attempts, PAUSES.length) - 1]);
    return with(
        before, State.PENDING, attempts, next.isAfter(last) ? last : next, status, error, now);
  }

  /** The delivery where nothing was tried: it is looked at later. */
  public static Delivery later(Delivery before, Instant next) {
    return with(
        before,
        State.PENDING,
        before.attempts(),
        next,
        before.lastStatus(),
        before.lastError(),
        before.lastAt());
  }

  private static Delivery with(
      Delivery d,
      State state,
      int attempts,
      Instant next,
      @Nullable Integer status,
      @Nullable String error,
      @Nullable Instant at) {
    return new Delivery(
        d.webhookId(),
        d.eventId(),
        d.object(),
        d.sequence(),
        d.eventName(),
        d.accountId(),
        d.notedAt(),
        state,
        attempts,
        d.firstAt(),
        next,
        at,
        status,
        error);
  }
}
