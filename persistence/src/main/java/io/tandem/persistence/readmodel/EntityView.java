package io.tandem.persistence.readmodel;

import org.jspecify.annotations.Nullable;

/**
 * The latest known state of an entity.
 *
 * @param accountId whose it is, null where no account's
 * @param sequence the event the state is after
 * @param position where that event stands in the feed
 */
public record EntityView(
    String entityType,
    String entityId,
    @Nullable String accountId,
    long sequence,
    FeedPosition position,
    Record state) {}
