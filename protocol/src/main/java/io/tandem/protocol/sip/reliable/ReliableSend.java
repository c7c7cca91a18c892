package io.tandem.protocol.sip.reliable;

import io.tandem.protocol.sip.transaction.fsm.SipTimers;

/**
 * The repetition of one reliable provisional response, as a value (RFC 3262 section 3): again after
 * T1, 2·T1, 4·T1 … without a ceiling, until its PRACK comes; after 64·T1 without one the request is
 * refused with a 5xx.
 *
 * @param nextAtMs instant of the next wake-up, on the caller's clock
 * @param intervalMs interval that ends at {@code nextAtMs}
 * @param giveUpAtMs instant from which no PRACK is hoped for
 */
public record ReliableSend(long nextAtMs, long intervalMs, long giveUpAtMs) {

  /** What has to be done on a wake-up. */
  public enum Duty {
    /** Too early: wake again at {@link #nextAtMs()}. */
    WAIT,
    /** Send it again. */
    RESEND,
    /** No PRACK in 64·T1: refuse the request. */
    GIVE_UP
  }

  /** After one wake-up, and the duty of that wake-up. */
  public record Wake(ReliableSend next, Duty duty) {}

  /** It went out at {@code nowMs}. */
  public static ReliableSend start(SipTimers timers, long nowMs) {
    return new ReliableSend(nowMs + timers.t1Ms(), timers.t1Ms(), nowMs + timers.giveUpMs());
  }

  /** What is due at {@code nowMs}. */
  public Wake wake(long nowMs) {
    if (nowMs >= giveUpAtMs) {
      return new Wake(this, Duty.GIVE_UP);
    }
    if (nowMs < nextAtMs) {
      return new Wake(this, Duty.WAIT);
    }
    long interval = 2 * intervalMs;
    return new Wake(
        new ReliableSend(Math.min(nowMs + interval, giveUpAtMs), interval, giveUpAtMs),
        Duty.RESEND);
  }
}
