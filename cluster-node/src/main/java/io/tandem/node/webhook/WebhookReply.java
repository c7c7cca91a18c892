package io.tandem.node.webhook;

import io.tandem.node.entity.Reply;
import io.tandem.persistence.journal.Wire;
import io.tandem.persistence.webhook.WebhookState;

/**
 * What a webhook answers. {@code already} says that it had been done before and nothing changed
 * now.
 */
public sealed interface WebhookReply extends Reply {

  /** Done; this is how it is now. */
  @Wire("webhook.re.done/1")
  record Done(WebhookState state, boolean already) implements WebhookReply {}

  /** How it is. */
  @Wire("webhook.re.view/1")
  record View(WebhookState state) implements WebhookReply {}

  /** Time was looked at. */
  @Wire("webhook.re.awake/1")
  record Awake() implements WebhookReply {}

  /** There is no such webhook. */
  @Wire("webhook.re.unknown/1")
  record Unknown() implements WebhookReply {}

  /** Something in the command is not allowed. */
  @Wire("webhook.re.invalid/1")
  record Invalid(String field, String found, String allowed) implements WebhookReply {}

  /** The same id with other content. */
  @Wire("webhook.re.conflict/1")
  record Conflict(String field) implements WebhookReply {}
}
