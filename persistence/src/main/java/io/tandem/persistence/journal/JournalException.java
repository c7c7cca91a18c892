package io.tandem.persistence.journal;

/**
 * Something stored cannot be read, or something to be stored cannot be written.
 *
 * <p>One type for all of it, so that a host or a tool can stop the one entity concerned and name
 * the fault; {@link #fault()} says which, and whether trying again can help.
 */
public final class JournalException extends RuntimeException {

  /** What went wrong. */
  public enum Fault {
    /** A name or version that this build does not know: written by a newer one, or damaged. */
    UNKNOWN_TYPE(false),
    /** Known by name, but the bytes do not have its shape. */
    UNREADABLE(false),
    /** A record that the codec cannot write: not registered, or a component it has no form for. */
    UNWRITABLE(false),
    /** Sealed under a key this key store never had: the wrong key store, or a lost one. */
    UNKNOWN_KEY(false),
    /** The key store or database cannot be reached just now. */
    UNAVAILABLE(true),
    /** The database was migrated by a newer build than this one. */
    NEWER_SCHEMA(false);

    private final boolean retryHelps;

    Fault(boolean retryHelps) {
      this.retryHelps = retryHelps;
    }

    /** True where the same attempt may succeed later. */
    public boolean retryHelps() {
      return retryHelps;
    }
  }

  private final Fault fault;

  public JournalException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  public JournalException(Fault fault, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** What went wrong. */
  public Fault fault() {
    return fault;
  }
}
