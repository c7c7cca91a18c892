package io.tandem.node.entity.wire;

import io.tandem.persistence.journal.Wire;

/**
 * How what crosses nodes looks on the wire. Bytes are of the clear codec, under the name beside
 * them.
 */
sealed interface MessageForm {

  /** A command; {@code replyTo} is an actor reference in Akka's text form. */
  @Wire("host.deliver/1")
  record Delivery(
      String entityType,
      String entityId,
      String commandId,
      String cause,
      String actor,
      String replyTo,
      String commandName,
      byte[] command)
      implements MessageForm {}

  /** An answer. */
  @Wire("host.answered/1")
  record Answer(String commandId, String replyName, byte[] reply) implements MessageForm {}

  /** No answer; {@code why} by the name of the constant. */
  @Wire("host.refused/1")
  record Refusal(String commandId, String why) implements MessageForm {}
}
