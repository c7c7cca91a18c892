package io.tandem.persistence.webhook;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event for one webhook.
 *
 * @param eventId the same however often it is told
 * @param object the entity it happened to, {@code type|id}
 * @param sequence its number among that entity's events: what is told of an object rises
 * @param notedAt when it was noted, shortly after it happened
 * @param firstAt when it was first to be told, from which the days of trying count
 * @param nextAt when it is to be told (again)
 * @param lastAt when it was last tried
 * @param lastStatus what HTTP status came back last; null where none did
 * @param lastError why none did, in a word
 */
public record Delivery(
    String webhookId,
    String eventId,
    String object,
    long sequence,
    String eventName,
    String accountId,
    Instant notedAt,
    State state,
    int attempts,
    Instant firstAt,
    Instant nextAt,
    @Nullable Instant lastAt,
    @Nullable Integer lastStatus,
    @Nullable String lastError) {

  /** How far it is. */
  public enum State {
    /** To be told, for the first time or again. */
    PENDING,
    /** Told. */
    DELIVERED,
    /** Given up. */
    FAILED
  }

  /** The stable name of an event for those outside. */
  static String eventId(String object, long sequence) {
    return object.replaceFirst("\\|", "/") + '/' + sequence;
  }
}
