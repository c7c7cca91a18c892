package io.tandem.protocol.sip.transaction.fsm;

/**
 * The UAS core's duty towards a 2xx it sent for an INVITE (RFC 3261 13.3.1.4), as a value: send it
 * again after T1, 2·T1 … up to T2 apart, whatever the transport, until its ACK comes; after 64·T1
 * without one, end the call with a BYE.
 *
 * <p>Use: {@code start(timers, nowMs)} when the 2xx goes out, wake it at {@link #nextAtMs()}, carry
 * out what {@link #wake} says, drop it when the ACK matches.
 *
 * @param nextAtMs instant of the next wake-up, on the caller's clock
 * @param intervalMs interval that ends at {@code nextAtMs}
 * @param giveUpAtMs instant from which no ACK is hoped for
 */
public record Accepted2xx(long nextAtMs, long intervalMs, long giveUpAtMs, long t2Ms) {

  /** What the TU has to do on a wake-up. */
  public enum Duty {
    /** Too early: wake again at {@link #nextAtMs()}. */
    WAIT,
    /** Send the 2xx again. */
    RESEND,
    /** No ACK in 64·T1: send a BYE and end the call. */
    GIVE_UP
  }

  /** The retransmitter after one wake-up, and the duty of that wake-up. */
  public record Wake(Accepted2xx next, Duty duty) {}

  /** The 2xx went out at {@code nowMs}. */
  public static Accepted2xx start(SipTimers timers, long nowMs) {
    return new Accepted2xx(
        nowMs + timers.t1Ms(), timers.t1Ms(), nowMs + timers.giveUpMs(), timers.t2Ms());
  }

  /** What is due at {@code nowMs}. */
  public Wake wake(long nowMs) {
    if (nowMs >= giveUpAtMs) {
      return new Wake(this, Duty.GIVE_UP);
    }
    if (nowMs < nextAtMs) {
      return new Wake(this, Duty.WAIT);
    }
    long interval = Math.min(2 * intervalMs, t2Ms);
    long next = Math.min(nowMs + interval, giveUpAtMs);
    return new Wake(new Accepted2xx(next, interval, giveUpAtMs, t2Ms), Duty.RESEND);
  }
}
