package io.tandem.node.webhook;

import io.tandem.node.entity.Command;
import io.tandem.persistence.journal.Personal;
import io.tandem.persistence.journal.Wire;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of a webhook (ACC-7). */
public sealed interface WebhookCommand extends Command {

  /**
   * Tell an account of its events.
   *
   * @param plain whether {@code http} is as good as {@code https} in this installation
   */
  @Wire("webhook.do.create/1")
  record Create(
      String accountId, String url, List<String> events, Personal<String> secret, boolean plain)
      implements WebhookCommand {}

  /** Tell it elsewhere, of something else, or not for now. */
  @Wire("webhook.do.change/1")
  record Change(String url, List<String> events, boolean enabled, boolean plain)
      implements WebhookCommand {}

  /** Sign with another secret. */
  @Wire("webhook.do.change-secret/1")
  record ChangeSecret(Personal<String> secret) implements WebhookCommand {}

  /**
   * Tell again what was told or given up.
   *
   * @param eventId one event alone; null for all of a span
   */
  @Wire("webhook.do.replay/1")
  record Replay(@Nullable String eventId, Instant from, Instant to) implements WebhookCommand {}

  /** Time has come. */
  @Wire("webhook.do.wake/1")
  record Wake() implements WebhookCommand {}

  /** Tell how it is. */
  @Wire("webhook.do.read/1")
  record Read() implements WebhookCommand {}
}
