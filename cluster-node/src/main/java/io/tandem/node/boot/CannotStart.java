package io.tandem.node.boot;

/**
 * The node cannot start, for a reason that a person can mend: the message says what was found,
 * where, and what to do.
 */
public final class CannotStart extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With what to tell the operator. */
  public CannotStart(String message, Throwable cause) {
    super(message, cause);
  }
}
