package io.tandem.protocol.sip.ua;

import io.tandem.protocol.sip.message.SipResponse;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request.
 *
 * @param status of the final response; 408 when none came, 503 when it could not be sent (RFC 3261
 *     8.1.3.1)
 * @param response the final response, null when none came
 */
public record UaAnswer(int status, @Nullable SipResponse response) {

  static final UaAnswer TIMED_OUT = new UaAnswer(408, null);
  static final UaAnswer NOT_SENT = new UaAnswer(503, null);

  static UaAnswer of(SipResponse response) {
    return new UaAnswer(response.status(), response);
  }

  /** Whether it was a 2xx. */
  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }
}
