package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A response (RFC 3261 section 7.2). */
public final class SipResponse extends SipMessage {
  private static final byte[] NO_BODY = new byte[0];

  private final int status;
  private final String reason;

  SipResponse(int status, String reason, SipHeaders headers, byte[] body) {
    super(headers, body);
    this.status = status;
    this.reason = reason;
  }

  /** {@link #to(SipRequest, int, String, String)} with the usual reason phrase. */
  public static SipResponse to(SipRequest request, int status, @Nullable String toTag) {
    return to(request, status, reasonOf(status), toTag);
  }

  /**
   * The response to a request (section 8.2.6.2): Via, From, To, Call-ID and CSeq as in the request,
   * Record-Route for what can make a dialog, Timestamp for a 100.
   *
   * @param status 100–699
   * @param toTag added to To when it has none; null for a 100
   */
  public static SipResponse to(
      SipRequest request, int status, String reason, @Nullable String toTag) {
    boolean makesDialog = status > 100 && status < 300;
    List<HeaderField> fields = new ArrayList<>(12);
    for (HeaderField field : request.headers()) {
      boolean copied =
          switch (field.name()) {
            case HeaderName.VIA, HeaderName.FROM, HeaderName.CALL_ID, HeaderName.CSEQ -> true;
            case HeaderName.RECORD_ROUTE -> makesDialog;
            case HeaderName.TIMESTAMP -> status == 100;
            default -> false;
          };
      if (copied) {
        fields.add(field);
      } else if (field.name().equals(HeaderName.TO)) {
        fields.add(
            toTag != null && request.toTag() == null
                ? tagged(field, request.to().withTag(toTag))
                : field);
      }
    }
    return new SipResponse(status, Quoted.requireOneLine(reason), SipHeaders.of(fields), NO_BODY);
  }

  /** As the request wrote it where that is sure to be the same. */
  private static HeaderField tagged(HeaderField to, NameAddress tagged) {
    return to.value().endsWith(">")
        ? HeaderField.ofBoth(HeaderName.TO, to.value() + ";tag=" + tagged.tag(), tagged)
        : HeaderField.ofValue(HeaderName.TO, tagged);
  }

  public int status() {
    return status;
  }

  public String reason() {
    return reason;
  }

  public boolean isProvisional() {
    return status < 200;
  }

  public boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  public boolean isFinal() {
    return status >= 200;
  }

  public SipResponse withHeaders(SipHeaders newHeaders) {
    return new SipResponse(status, reason, newHeaders, body());
  }

  /** With this header once, in the place of the first of that name. */
  public SipResponse with(String name, String value) {
    return withHeaders(headers().with(HeaderField.of(name, value)));
  }

  /** With one more header of that name, at the end. */
  public SipResponse adding(String name, String value) {
    return withHeaders(headers().adding(HeaderField.of(name, value)));
  }

  public SipResponse without(String name) {
    return withHeaders(headers().without(name));
  }

  public SipResponse withContact(NameAddress contact) {
    return withHeaders(headers().with(HeaderField.ofValue(HeaderName.CONTACT, contact)));
  }

  public SipResponse withBody(String contentType, byte[] body) {
    SipHeaders typed = headers().with(HeaderField.of(HeaderName.CONTENT_TYPE, contentType));
    return new SipResponse(status, reason, typed, body);
  }

  /** Without the topmost Via: what a proxy or stateless forwarder passes on. */
  public SipResponse poppingVia() {
    return withHeaders(headers().withoutFirst(HeaderName.VIA));
  }

  @Override
  SipResponse with(SipHeaders newHeaders, byte[] newBody) {
    return new SipResponse(status, reason, newHeaders, newBody);
  }

  @Override
  String startLine() {
    return "SIP/2.0 " + status + " " + reason + "\r\n";
  }

  @Override
  public String toString() {
    return status + " response";
  }

  /** The usual phrase of a status code (section 21 and the IANA registry); never empty. */
  public static String reasonOf(int status) {
    return switch (status) {
      case 100 -> "Trying";
      case 180 -> "Ringing";
      case 181 -> "Call Is Being Forwarded";
      case 182 -> "Queued";
      case 183 -> "Session Progress";
      case 199 -> "Early Dialog Terminated";
      case 200 -> "OK";
      case 202 -> "Accepted";
      case 204 -> "No Notification";
      case 300 -> "Multiple Choices";
      case 301 -> "Moved Permanently";
      case 302 -> "Moved Temporarily";
      case 305 -> "Use Proxy";
      case 380 -> "Alternative Service";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 407 -> "Proxy Authentication Required";
      case 408 -> "Request Timeout";
      case 410 -> "Gone";
      case 412 -> "Conditional Request Failed";
      case 413 -> "Request Entity Too Large";
      case 414 -> "Request-URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Unsupported URI Scheme";
      case 420 -> "Bad Extension";
      case 421 -> "Extension Required";
      case 422 -> "Session Interval Too Small";
      case 423 -> "Interval Too Brief";
      case 428 -> "Use Identity Header";
      case 433 -> "Anonymity Disallowed";
      case 440 -> "Max-Breadth Exceeded";
      case 480 -> "Temporarily Unavailable";
      case 481 -> "Call/Transaction Does Not Exist";
      case 482 -> "Loop Detected";
      case 483 -> "Too Many Hops";
      case 484 -> "Address Incomplete";
      case 485 -> "Ambiguous";
      case 486 -> "Busy Here";
      case 487 -> "Request Terminated";
      case 488 -> "Not Acceptable Here";
      case 489 -> "Bad Event";
      case 491 -> "Request Pending";
      case 493 -> "Undecipherable";
      case 494 -> "Security Agreement Required";
      case 500 -> "Server Internal Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Server Time-out";
      case 505 -> "Version Not Supported";
      case 513 -> "Message Too Large";
      case 580 -> "Precondition Failure";
      case 600 -> "Busy Everywhere";
      case 603 -> "Decline";
      case 604 -> "Does Not Exist Anywhere";
      case 606 -> "Not Acceptable";
      case 607 -> "Unwanted";
      case 608 -> "Rejected";
      default -> status < 300 ? "OK" : status < 400 ? "Redirected" : "Failed";
    };
  }
}
