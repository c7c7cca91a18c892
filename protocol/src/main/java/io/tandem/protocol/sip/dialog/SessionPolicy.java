package io.tandem.protocol.sip.dialog;

import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import org.jspecify.annotations.Nullable;

/**
 * What we ask and grant of session timers (RFC 4028), in both roles; pure.
 *
 * @param seconds the interval we ask for, and the longest we grant
 * @param leastSeconds the shortest we grant (Min-SE)
 */
public record SessionPolicy(long seconds, long leastSeconds) {

  /** The header that names the shortest interval. */
  public static final String MIN_SE = "Min-SE";

  /** The option tag. */
  public static final String TIMER = "timer";

  /** Nobody may ask for less (section 4). */
  public static final long LEAST_SECONDS = 90;

  /** What the RFC recommends: half an hour, and no less than its least. */
  public static final SessionPolicy RFC_4028 = new SessionPolicy(1_800, LEAST_SECONDS);

  public SessionPolicy {
    if (leastSeconds < LEAST_SECONDS || seconds < leastSeconds) {
      throw new IllegalArgumentException("session timers need 90 <= least <= interval");
    }
  }

  // ---- we are asked

  /**
   * Whether a request asks for less than we grant and understands a 422 (section 9): answer it so,
   * with {@link #tooBrief}.
   */
  public boolean refuses(SipRequest request) {
    return supports(request)
        && SessionExpires.of(request).filter(asked -> asked.seconds() < leastSeconds).isPresent();
  }

  /** The 422 that says what would be granted. */
  public SipResponse tooBrief(SipRequest request, @Nullable String toTag) {
    return SipResponse.to(request, 422, toTag).with(MIN_SE, Long.toString(leastSeconds));
  }

  /**
   * What we agree to (section 9, table 2): never longer than asked, never shorter than the
   * request's Min-SE; who asked refreshes unless it leaves that to us, or cannot.
   */
  public SessionTimer answering(SipRequest request) {
    SessionExpires asked = SessionExpires.of(request).orElse(null);
    long least = Math.max(SessionExpires.seconds(request.header(MIN_SE)), leastSeconds);
    long granted =
        asked == null
            ? Math.max(seconds, least)
            : Math.min(asked.seconds(), Math.max(seconds, least));
    boolean supported = supports(request);
    boolean weRefresh =
        !supported || (asked != null && asked.refresher() == SessionExpires.Refresher.UAS);
    return new SessionTimer(weRefresh, supported || asked != null, granted);
  }

  /** Says it in the 2xx to that request. */
  public SipResponse granted(SipResponse success, SipRequest request, SessionTimer timer) {
    if (!timer.agreed()) {
      return success;
    }
    SessionExpires.Refresher refresher =
        timer.weRefresh() ? SessionExpires.Refresher.UAS : SessionExpires.Refresher.UAC;
    SipResponse told =
        success
            .with(SessionExpires.HEADER, new SessionExpires(timer.seconds(), refresher).value())
            .with(HeaderName.SUPPORTED, TIMER);
    return supports(request) && !timer.weRefresh() ? told.with(HeaderName.REQUIRE, TIMER) : told;
  }

  // ---- we ask

  /**
   * Asks for a session timer.
   *
   * @param refresher who is to refresh; null leaves it to the other side (section 7.1)
   */
  public SipRequest asking(SipRequest request, SessionExpires.@Nullable Refresher refresher) {
    SipRequest asked =
        request
            .with(SessionExpires.HEADER, new SessionExpires(seconds, refresher).value())
            .with(MIN_SE, Long.toString(leastSeconds));
    return request.optionTags(HeaderName.SUPPORTED).contains(TIMER)
        ? asked
        : asked.adding(HeaderName.SUPPORTED, TIMER);
  }

  /**
   * What a 2xx to such a request agrees to (section 7.2). Without the header nothing expires; we
   * refresh all the same, for a leg that has gone is to be noticed.
   */
  public SessionTimer answered(SipResponse success) {
    return SessionExpires.of(success)
        .map(
            said ->
                new SessionTimer(
                    said.refresher() != SessionExpires.Refresher.UAS, true, said.seconds()))
        .orElseGet(() -> new SessionTimer(true, false, seconds));
  }

  /**
   * What to ask for after a 422 (section 7.3): the least that was named. The same policy when the
   * response names nothing longer: asking again would be in vain.
   */
  public SessionPolicy raisedBy(SipResponse tooBrief) {
    long least = SessionExpires.seconds(tooBrief.header(MIN_SE));
    return least <= seconds && least <= leastSeconds
        ? this
        : new SessionPolicy(Math.max(seconds, least), Math.max(leastSeconds, least));
  }

  private static boolean supports(SipRequest request) {
    return request.optionTags(HeaderName.SUPPORTED).contains(TIMER)
        || request.optionTags(HeaderName.REQUIRE).contains(TIMER);
  }
}
