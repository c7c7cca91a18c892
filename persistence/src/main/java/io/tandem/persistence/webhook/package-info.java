/**
 * What tenants are told over HTTP (ACC-7): where to, and what was told.
 *
 * <p>Way in: {@link io.tandem.persistence.webhook.WebhookState} is the noun, {@link
 * io.tandem.persistence.webhook.FanOut} notes from the feed what is to be told to whom, {@link
 * io.tandem.persistence.webhook.Deliveries} is the list of it that a sender works through.
 * Neighbours: {@code readmodel} gives the feed; the node's {@code webhook} package decides, its
 * {@code job} package sends.
 */
@NullMarked
package io.tandem.persistence.webhook;

import org.jspecify.annotations.NullMarked;
