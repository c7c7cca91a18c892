package io.tandem.node.call;

import java.util.Map;
import java.util.OptionalInt;

/**
 * What a caller is told when the platform itself ends the call before anybody answered: cause of
 * the end to SIP status. Causes that an edge attested are not here: the caller has gone already.
 */
final class CallerRefusal {

  /** Every agent of the plan was tried; RFC 3261 §21.4.18, temporarily unavailable. */
  static final String NO_AGENT = "NO_AGENT";

  /**
   * The plan was empty from the start; RFC 3261 §21.5.4, so that a carrier may try its next route.
   */
  static final String NO_CANDIDATE = "NO_CANDIDATE";

  private static final Map<String, Integer> STATUS =
      Map.of(
          NO_AGENT,
          480,
          NO_CANDIDATE,
          503,
          "DAILY_CALLS_REACHED",
          503,
          "CONCURRENCY_REACHED",
          503,
          "BUDGET_REACHED",
          503,
          "SCHEDULE_CLOSED",
          480,
          CallAnswers.NOT_ADMITTED,
          503);

  private CallerRefusal() {}

  /** The SIP status for a cause; empty when the caller need not be told. */
  static OptionalInt statusOf(String cause) {
    Integer status = STATUS.get(cause);
    return status == null ? OptionalInt.empty() : OptionalInt.of(status);
  }
}
