package io.tandem.node.entity;

import java.util.List;

/**
 * What rules decide on a command: the events to store, all or none, and the reply that leaves once
 * they are durable. A refusal or a repetition has no events. What is to be done elsewhere follows
 * from the new state ({@link Rules#resume}).
 */
public record Decision<E, R>(List<E> events, R reply) {

  /** Nothing happens. */
  public static <E, R> Decision<E, R> reply(R reply) {
    return new Decision<>(List.of(), reply);
  }

  /** One event. */
  public static <E, R> Decision<E, R> event(E event, R reply) {
    return new Decision<>(List.of(event), reply);
  }

  /** Several events. */
  public static <E, R> Decision<E, R> events(List<E> events, R reply) {
    return new Decision<>(List.copyOf(events), reply);
  }
}
