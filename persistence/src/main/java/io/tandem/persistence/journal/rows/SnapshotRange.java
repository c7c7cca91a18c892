package io.tandem.persistence.journal.rows;

/**
 * Which snapshots of an entity are meant; all bounds are included.
 *
 * @param fromSequence of the last event in it
 * @param fromMillis when it was made, since 1970
 */
public record SnapshotRange(
    String persistenceId, long fromSequence, long toSequence, long fromMillis, long toMillis) {}
