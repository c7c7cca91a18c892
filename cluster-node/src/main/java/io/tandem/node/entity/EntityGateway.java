package io.tandem.node.entity;

import java.util.concurrent.CompletionStage;

/**
 * The way to entities for everyone who is not one: edges, HTTP, jobs. Location does not matter.
 *
 * <p>A stage fails only with {@link Unavailable}: nobody answered in time, or the entity could not
 * store. Nothing is known then of what happened; ask again with the same {@link Origin#commandId()}
 * until an answer comes.
 */
public interface EntityGateway {

  /** Asks once, with the gateway's time-out. */
  CompletionStage<Reply> ask(EntityKey target, Command command, Origin origin);

  /**
   * Asks again and again with back-off until there is an answer or the gateway is closed. For facts
   * that must arrive.
   */
  CompletionStage<Reply> attest(EntityKey target, Command command, Origin origin);

  /** No answer, or the entity cannot store at the moment. */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what was asked and why there is no answer. */
    public Unavailable(String message) {
      super(message, null, false, false);
    }
  }
}
