package io.tandem.persistence.journal.rows;

/**
 * Which events of an entity are read.
 *
 * @param from the first position, included
 * @param to the last position, included
 * @param max no more events than this, from the first
 */
public record EventRange(String persistenceId, long from, long to, int max) {}
