package io.tandem.protocol.sip.reliable;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipResponse;

/**
 * What a caller makes of the provisional responses of one early dialog (RFC 3262 section 4).
 * Immutable.
 *
 * @param last RSeq of the last one taken in order; 0 before any
 */
public record ReliableReceipt(long last) {

  /** Nothing received yet. */
  public static final ReliableReceipt NONE = new ReliableReceipt(0);

  /** What to do with a response. */
  public enum Duty {
    /** Not sent reliably: it counts and needs no PRACK. */
    TAKE,
    /** The next in order: it counts and needs its PRACK. */
    ACKNOWLEDGE,
    /** Seen before, or ahead of one that is missing: nothing; it comes again. */
    IGNORE
  }

  /** The receipt after a response, and the duty. */
  public record Taken(ReliableReceipt next, Duty duty) {}

  /** A provisional response came in: 101 to 199. */
  public Taken on(SipResponse provisional) {
    long rseq = RAck.rseq(provisional);
    boolean reliable = provisional.optionTags(HeaderName.REQUIRE).contains(RAck.OPTION);
    if (!reliable || rseq < 0) {
      return new Taken(this, Duty.TAKE);
    }
    // the first may have any number; each further one is higher by exactly one
    boolean inOrder = last == 0 || rseq == last + 1;
    return inOrder
        ? new Taken(new ReliableReceipt(rseq), Duty.ACKNOWLEDGE)
        : new Taken(this, Duty.IGNORE);
  }
}
