package io.tandem.protocol.sip.dialog;

/**
 * What one leg agreed about its session timer (RFC 4028), from the last 2xx on: every further 2xx
 * to an INVITE or UPDATE agrees anew.
 *
 * @param weRefresh whether we do; else the other side does and we watch it
 * @param agreed whether the other side knows of it; where it does not, our refreshes only show
 *     whether it is still there (section 7.2: no session expires then)
 * @param seconds the session interval
 */
public record SessionTimer(boolean weRefresh, boolean agreed, long seconds) {

  /** A duty that never falls. */
  public static final long NEVER = -1;

  private static final long EARLIER_MILLIS_MAX = 32_000;

  /** Milliseconds from the 2xx to our refresh: half the interval (section 10). */
  public long refreshAfterMillis() {
    return weRefresh ? seconds * 500 : NEVER;
  }

  /**
   * Milliseconds from the 2xx to our BYE when no refresh succeeded: the smaller of 32 s and a third
   * of the interval before its end (section 10).
   */
  public long endAfterMillis() {
    long millis = seconds * 1_000;
    return agreed ? millis - Math.min(EARLIER_MILLIS_MAX, millis / 3) : NEVER;
  }

  /** Who refreshes, as a request of ours says it: the roles stay (section 7.4). */
  public SessionExpires.Refresher inOurRequest() {
    return weRefresh ? SessionExpires.Refresher.UAC : SessionExpires.Refresher.UAS;
  }
}
