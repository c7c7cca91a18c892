package io.tandem.node.entity;

import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;

/**
 * A noun that people file and change, such as a campaign: every change is answered with all that is
 * on file now, a repetition with the same and the word that it had been done before.
 */
public interface FiledRules<
        C extends Command, R extends Reply, E extends DomainEvent, S extends DomainState<S, E>>
    extends Rules<C, R, E, S> {

  /** What is on file now; {@code already} says that nothing changed. */
  R onFile(S state, boolean already);

  /** The same id with other content; names the first field that differs. */
  R conflict(String field);

  /** Something in the command is not allowed. */
  R notAllowed(String field, String found, String allowed);

  @Override
  default R alreadyDone(S state, C command) {
    return onFile(state, true);
  }

  @Override
  default R conflict(S state, C command, String field) {
    return conflict(field);
  }

  /** The decision for a change. */
  default Decision<E, R> done(S state, E event) {
    return Decision.event(event, onFile(state.apply(event), false));
  }

  /** The decision where all is as asked. */
  default Decision<E, R> already(S state) {
    return Decision.reply(onFile(state, true));
  }

  /** The decision for what was filed before: the same in all fields, or a conflict. */
  default Decision<E, R> repeated(S state, Repetition repetition) {
    return Decision.reply(
        repetition.conflict().map(this::conflict).orElseGet(() -> onFile(state, true)));
  }

  /** The decision for what is not allowed. */
  default Decision<E, R> invalid(String field, String found, String allowed) {
    return Decision.reply(notAllowed(field, found, allowed));
  }
}
