package io.tandem.protocol.sip.transaction.fsm;

/** What a machine asks its shell to do, in order. */
public sealed interface Output {

  /** An output that needs no value of its own. */
  enum Act implements Output {
    /** Send the transaction's request (first time or again). */
    SEND_REQUEST,
    /** Send the ACK for a failure response, built once (17.1.1.3). */
    SEND_ACK,
    /** Send the response that the TU just gave and remember it. */
    SEND_RESPONSE,
    /** Send the remembered response again; nothing when there is none. */
    RESEND_RESPONSE,
    /** Make a 100 Trying, send and remember it. */
    SEND_TRYING,
    /** Give the message that was the input to the TU. */
    PASS_TO_TU,
    /** Tell the TU that nobody answered (B, F) or acknowledged (H). */
    TIMED_OUT,
    /** Tell the TU that the transport failed. */
    TRANSPORT_FAILED,
    /** Forget the transaction. */
    TERMINATED
  }

  /**
   * Start a timer, replacing one with the same letter that still runs.
   *
   * @param delayMs milliseconds from now
   */
  record SetTimer(TimerId timer, long delayMs) implements Output {}

  /** Stop a timer; nothing when it does not run. */
  record CancelTimer(TimerId timer) implements Output {}
}
