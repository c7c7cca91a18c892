package io.tandem.protocol.sip.transaction.fsm;

/**
 * The base values every SIP timer is made of (RFC 3261 table 4), in milliseconds.
 *
 * @param t1Ms round-trip estimate; a transaction gives up after 64 of it
 * @param t2Ms longest interval between retransmissions of non-INVITE requests and INVITE responses
 * @param t4Ms longest time a message stays in the network
 * @param tryingAfterMs how long the TU has before a 100 is sent for it (17.2.1); 0 sends it at once
 */
public record SipTimers(long t1Ms, long t2Ms, long t4Ms, long tryingAfterMs) {

  /** The values of RFC 3261: T1 500 ms, T2 4 s, T4 5 s, 100 Trying after 200 ms. */
  public static final SipTimers RFC_3261 = new SipTimers(500, 4_000, 5_000, 200);

  public SipTimers {
    if (t1Ms <= 0 || t2Ms < t1Ms || t4Ms <= 0 || tryingAfterMs < 0) {
      throw new IllegalArgumentException(
          "SIP timers need 0 < T1 <= T2 and T4 > 0, found T1="
              + t1Ms
              + " T2="
              + t2Ms
              + " T4="
              + t4Ms);
    }
  }

  /** Timers B, F, H, J, L and M: 64 times T1. */
  public long giveUpMs() {
    return 64 * t1Ms;
  }

  /** Timer D on unreliable transports: as long as timer H of the peer (32 s by default). */
  public long absorbFinalMs() {
    return 64 * t1Ms;
  }
}
