package io.tandem.persistence.journal;

/**
 * An outcome that has been decided, in the past tense; every event record implements it.
 *
 * <p>An event carries what the decision came to (the resulting balance, the instant a cooldown
 * ends), never its inputs, so that a later change of configuration cannot rewrite history.
 */
public interface DomainEvent {}
