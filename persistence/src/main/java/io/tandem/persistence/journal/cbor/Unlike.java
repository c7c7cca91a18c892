package io.tandem.persistence.journal.cbor;

/** These bytes are not what was expected here; thrown often enough to do without a stack trace. */
public final class Unlike extends RuntimeException {

  private static final long serialVersionUID = 1;

  Unlike(String what) {
    super(what, null, false, false);
  }
}
