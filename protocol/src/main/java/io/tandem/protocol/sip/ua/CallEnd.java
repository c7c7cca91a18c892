package io.tandem.protocol.sip.ua;

/**
 * How a call ended.
 *
 * @param status the final status that ended it, 200 for a BYE, 408 and 503 where none came (RFC
 *     3261 8.1.3.1)
 * @param answered whether it had been answered before
 */
public record CallEnd(Cause cause, int status, boolean answered) {

  /** Why. */
  public enum Cause {
    /** We sent the BYE. */
    HUNG_UP_HERE,
    /** They sent the BYE. */
    HUNG_UP_THERE,
    /** The caller gave up while it rang. */
    CANCELLED,
    /** The called side said no, with the status. */
    REFUSED,
    /** Nobody answered the request in time, or no ACK came. */
    TIMED_OUT,
    /** A message could not be sent. */
    NOT_SENT
  }
}
