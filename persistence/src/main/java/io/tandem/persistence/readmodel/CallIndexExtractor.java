package io.tandem.persistence.readmodel;

import java.util.Optional;

/**
 * Makes a call's row from its state; written beside the call.
 *
 * @param <S> the call's state
 */
@FunctionalInterface
public interface CallIndexExtractor<S> {
  /** The row; empty while there is nothing to list. */
  Optional<CallIndexRow> rowOf(S state);

  /** Whether the call has ended, so that no further event is likely. */
  default boolean isOver(S state) {
    return false;
  }

  /** The same state without what no row will say, to be kept in memory until the call is over. */
  default S kept(S state) {
    return state;
  }
}
