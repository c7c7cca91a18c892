package io.tandem.persistence.webhook;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happened to a webhook (ACC-7). */
public sealed interface WebhookEvent extends DomainEvent {

  /** When it happened, by the clock of the node that decided. */
  Instant at();

  /**
   * An account wants to be told.
   *
   * @param url where to
   * @param events names such as {@code call.ended}, nouns such as {@code call.*}, or {@code *}
   * @param secret what deliveries are signed with, sealed like a password
   */
  @Wire("webhook.created/1")
  record Created(
      String accountId, String url, List<String> events, Personal<String> secret, Instant at)
      implements WebhookEvent {}

  /** It goes elsewhere, is about something else, or rests. */
  @Wire("webhook.changed/1")
  record Changed(String url, List<String> events, boolean enabled, Instant at)
      implements WebhookEvent {}

  /** What is sent from now on is signed with another secret. */
  @Wire("webhook.secret-changed/1")
  record SecretChanged(Personal<String> secret, Instant at) implements WebhookEvent {}

  /**
   * What was told, or given up, is to be told again.
   *
   * @param eventId one event alone; null for all that happened in the span
   * @param from events noted from then on
   * @param to and before then
   */
  @Wire("webhook.replay-asked/1")
  record ReplayAsked(@Nullable String eventId, Instant from, Instant to, Instant at)
      implements WebhookEvent {}
}
