package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What became of bytes that claim to be a SIP message: every defect is a value. */
public sealed interface ParseOutcome {

  /** A message whose mandatory and typed headers are all readable. */
  record Good(SipMessage message) implements ParseOutcome {}

  /**
   * A request with a defect.
   *
   * @param status what answers it: 400, 501, 505 or 513
   * @param header which header or part has the defect, our spelling
   * @param why in words without any of the message's own text
   * @param method as read from the request line
   * @param readable Via, From, To, Call-ID and CSeq as far as they could be read
   * @param topVia the topmost Via, or null when it is absent or malformed
   */
  record Bad(
      int status,
      String header,
      String why,
      String method,
      SipHeaders readable,
      @Nullable Via topVia)
      implements ParseOutcome {

    /** The answer that is due, or empty: an ACK gets none, nor what has no readable Via. */
    public Optional<SipResponse> answer(String toTag) {
      if (method.equals(SipRequest.ACK) || topVia == null) {
        return Optional.empty();
      }
      List<HeaderField> fields = new ArrayList<>(readable.size());
      for (HeaderField field : readable) {
        boolean tagless = !field.value().contains("tag=");
        fields.add(
            field.name().equals(HeaderName.TO) && tagless
                ? HeaderField.of(HeaderName.TO, field.value() + ";tag=" + toTag)
                : field);
      }
      String reason = status == 400 ? "Bad " + header : SipResponse.reasonOf(status);
      return Optional.of(new SipResponse(status, reason, SipHeaders.of(fields), new byte[0]));
    }

    /** With the topmost Via as seen by us (received, rport). */
    public Bad withTopVia(Via via) {
      return new Bad(
          status,
          header,
          why,
          method,
          readable.replacingFirst(HeaderField.ofValue(HeaderName.VIA, via)),
          via);
    }
  }

  /** A readable message refused for another reason: a request is bad, a response dropped. */
  static ParseOutcome refusing(SipMessage message, String header, String why) {
    if (!(message instanceof SipRequest request)) {
      return new Unanswerable(header + ": " + why);
    }
    List<HeaderField> echoed = new ArrayList<>(8);
    for (HeaderField field : request.headers()) {
      switch (field.name()) {
        case HeaderName.VIA, HeaderName.FROM, HeaderName.TO, HeaderName.CALL_ID, HeaderName.CSEQ ->
            echoed.add(field);
        default -> {
          // an answer to a refused request echoes nothing else
        }
      }
    }
    return new Bad(400, header, why, request.method(), SipHeaders.of(echoed), request.topVia());
  }

  /** Nothing that can be answered: no SIP, or a malformed response. To be counted and dropped. */
  record Unanswerable(String why) implements ParseOutcome {}
}
