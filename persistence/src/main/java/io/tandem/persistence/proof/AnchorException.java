package io.tandem.persistence.proof;

/** A place for checkpoints cannot be reached, or refuses. */
public final class AnchorException extends RuntimeException {

  private final boolean ahead;

  public AnchorException(String message) {
    this(message, false);
  }

  private AnchorException(String message, boolean ahead) {
    super(message);
    this.ahead = ahead;
  }

  /** A place that has more than the database: nothing may be signed before somebody has looked. */
  static AnchorException ahead(String message) {
    return new AnchorException(message, true);
  }

  /** Whether the place has more than the database. */
  public boolean isAhead() {
    return ahead;
  }

  public AnchorException(String message, Throwable cause) {
    super(message, cause);
    this.ahead = false;
  }
}
