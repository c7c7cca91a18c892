package io.tandem.persistence.proof;

import java.util.stream.Stream;

/**
 * A place outside the database that remembers checkpoints: who changes the database cannot change
 * what is said there. All methods throw {@link AnchorException}.
 */
public interface Anchor {

  /** What to call it in messages: a path or an address, without secrets. */
  String name();

  /**
   * Whether the place itself is there, whatever it has: a file or directory that is not may be
   * another's name, or was taken away. True where only asking it could tell.
   */
  default boolean isThere() {
    return true;
  }

  /** The number of the newest checkpoint it has; 0 for none. */
  long newest();

  /**
   * Adds a checkpoint; it is durable there when this returns. To say the same again does no harm; a
   * place that has another one under this number keeps its own and refuses.
   */
  void add(Anchored checkpoint);

  /** What it has, in the order in which it was added; to be closed. */
  Stream<Anchored> all();
}
