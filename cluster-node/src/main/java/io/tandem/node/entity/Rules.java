package io.tandem.node.entity;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a noun does, purely: no actor, no clock, no socket, no SQL. The same code runs in the node,
 * the auditor and the simulator.
 *
 * @param <C> the noun's sealed commands
 * @param <R> its sealed replies
 * @param <E> its sealed events
 * @param <S> its state
 */
public interface Rules<
    C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>> {

  /**
   * Decides a command against the state. All refusals come first, each a named reply. Never throws
   * for anything a caller can send.
   *
   * @param now the node's wall clock; use instants in the command where an edge attested them
   */
  Decision<E, R> decide(S state, C command, Instant now);

  /**
   * All that is outstanding in this state, the same after a write as after a recovery. Effects
   * already acknowledged may be given again (the host drops them); effects that wait for others
   * look at {@code acks}. Must be cheap: it runs after every write.
   */
  List<Effect> resume(S state, Acks acks, Instant now);

  /**
   * What a reply to one of our own {@link Effect.Ask} means.
   *
   * @return empty when it acknowledges the effect; otherwise the command to decide here (a refusal
   *     becomes one)
   */
  Optional<C> answered(S state, Effect.Ask effect, Reply reply);

  /**
   * The next instant at which this entity must be awake, or null. It is in the due-index, so it
   * holds also for a passivated entity.
   */
  @Nullable Instant deadline(S state);

  /**
   * The command that time itself gives when the deadline has come. Idempotent: early or twice does
   * nothing.
   */
  C wake();

  /**
   * Whether nothing more will happen by itself once all effects are acknowledged: the host then
   * lets the entity go from memory at once.
   */
  boolean finished(S state);

  /**
   * Whether the host remembers this command's id for its window, because the command has no natural
   * key that the rules know it again by (a setting, say, as opposed to a hold). The host then
   * answers a repetition with {@link #alreadyDone} and other content under the same id with {@link
   * #conflict}, without asking {@link #decide}.
   */
  boolean remembered(C command);

  /** The reply to a repeated {@link #remembered} command, from the state as it is. */
  R alreadyDone(S state, C command);

  /**
   * The reply to a command id that was seen with other content: {@code field} is the first that
   * differs. It is {@code commandId} where the id itself cannot be taken: it carries no time, or
   * one outside the host's window.
   */
  R conflict(S state, C command, String field);
}
