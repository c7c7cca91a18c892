package io.tandem.node.entity;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.TypeNames;
import java.util.function.Function;

/**
 * A noun as the host runs it.
 *
 * @param name the noun; part of every stored id, so it never changes
 * @param commandType the sealed interface of its commands
 * @param eventType the sealed interface of its events
 * @param initial the state of an entity that has no event yet, by id
 * @param rules what it does
 * @param types wire names of its commands, replies, events and state
 * @param snapshotEvery events between two snapshots; 0 for none
 */
public record EntityType<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>(
    String name,
    Class<C> commandType,
    Class<E> eventType,
    Function<String, S> initial,
    Rules<C, R, E, S> rules,
    TypeNames types,
    int snapshotEvery) {}
