package io.tandem.protocol.sip.hops;

import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.Via;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a request that will be sent on may still do (RFC 3261 16.3, RFC 5393 5); pure. */
public final class Hops {

  /** The header that bounds how many branches are open at the same time (RFC 5393 5.3.3). */
  public static final String MAX_BREADTH = "Max-Breadth";

  /** Where a request names none. */
  public static final int BREADTH = 60;

  private static final int HOPS = 70;
  private static final long BREADTH_READABLE = 1_000_000;

  private Hops() {}

  /**
   * The status that refuses a request which may not be sent on: 483 without hops left, 440 without
   * breadth, 482 when one of our own sockets has sent it before.
   *
   * @param ours what our Vias show, as {@code host:port} in lower case
   */
  public static Optional<Integer> refusal(SipRequest request, Set<String> ours) {
    if (request.maxForwards() == 0) {
      return Optional.of(483);
    }
    if (breadth(request) == 0) {
      return Optional.of(440);
    }
    return request.vias().stream().map(Hops::sentBy).anyMatch(ours::contains)
        ? Optional.of(482)
        : Optional.empty();
  }

  private static String sentBy(Via via) {
    return via.host().toLowerCase(Locale.ROOT) + ":" + via.portOrDefault();
  }

  /** Max-Forwards of what is sent on. */
  public static int left(SipRequest request) {
    int hops = request.maxForwards();
    return Math.max(0, (hops < 0 ? HOPS : hops) - 1);
  }

  /** How many branches may be open at once, all together; {@link #BREADTH} where none is named. */
  public static int breadth(SipRequest request) {
    String text = request.header(MAX_BREADTH);
    String digits = text == null ? "" : text.strip();
    boolean readable =
        !digits.isEmpty()
            && digits.length() <= 7
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return readable ? (int) Math.min(Long.parseLong(digits), BREADTH_READABLE) : BREADTH;
  }

  /**
   * The Max-Breadth of one of several branches that are opened at once: their sum is never more
   * than the request's (RFC 5393 5.3.3.1); the first ones get what does not divide.
   *
   * @return 0 for a branch that may not be opened
   */
  public static int share(int breadth, int branches, int branch) {
    return breadth / branches + (branch < breadth % branches ? 1 : 0);
  }
}
