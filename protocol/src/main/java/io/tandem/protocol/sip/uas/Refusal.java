package io.tandem.protocol.sip.uas;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.SipHeaders;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a request is not processed.
 *
 * @param status 400, 405, 406, 415, 416, 420 or 501
 * @param says the headers that tell what would have been understood
 */
public record Refusal(int status, List<HeaderField> says) {

  public Refusal {
    says = List.copyOf(says);
  }

  /** The response that says so. */
  public SipResponse response(SipRequest request, @Nullable String toTag) {
    SipResponse response = SipResponse.to(request, status, toTag);
    SipHeaders headers = response.headers();
    for (HeaderField field : says) {
      headers = headers.adding(field);
    }
    return response.withHeaders(headers);
  }
}
