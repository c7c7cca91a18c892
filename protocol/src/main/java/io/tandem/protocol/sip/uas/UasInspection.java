package io.tandem.protocol.sip.uas;

import io.tandem.protocol.sip.message.HeaderField;
import io.tandem.protocol.sip.message.HeaderName;
import io.tandem.protocol.sip.message.SipRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The steps of RFC 3261 section 8.2 that come before any processing, in its order: method (8.2.1),
 * Request-URI and To (8.2.2.1), Require (8.2.2.3), content (8.2.3). Whether a user is here and what
 * a request does is decided afterwards.
 */
public final class UasInspection {
  private UasInspection() {}

  /** The refusal of this request, or empty when it may be processed. */
  public static Optional<Refusal> of(SipRequest request, Capabilities known) {
    return method(request, known)
        .or(() -> scheme(request))
        .or(() -> extensions(request, known))
        .or(() -> content(request, known))
        .or(() -> acceptedAnswer(request, known));
  }

  /** 21.4.6: known but not allowed here; 21.5.2: not known at all. Both say what is allowed. */
  private static Optional<Refusal> method(SipRequest request, Capabilities known) {
    if (known.methods().contains(request.method())) {
      return Optional.empty();
    }
    int status = SipRequest.isKnownMethod(request.method()) ? 405 : 501;
    return refusal(status, HeaderName.ALLOW, known.allow());
  }

  /** RFC 3966 numbers and SIP are served. An address-of-record is SIP or SIPS (section 10.3). */
  private static Optional<Refusal> scheme(SipRequest request) {
    String scheme = request.uri().scheme();
    if (!request.uri().isSip() && !scheme.equals("tel")) {
      return Optional.of(new Refusal(416, List.of()));
    }
    return request.is(SipRequest.REGISTER) && !request.to().uri().isSip()
        ? Optional.of(new Refusal(400, List.of()))
        : Optional.empty();
  }

  private static Optional<Refusal> extensions(SipRequest request, Capabilities known) {
    List<String> unsupported = new ArrayList<>(request.optionTags(HeaderName.REQUIRE));
    unsupported.removeAll(known.extensions());
    return unsupported.isEmpty()
        ? Optional.empty()
        : refusal(420, HeaderName.UNSUPPORTED, String.join(", ", unsupported));
  }

  /** A body that may be ignored refuses nothing (8.2.3, handling of Content-Disposition). */
  private static Optional<Refusal> content(SipRequest request, Capabilities known) {
    String type = request.contentType();
    if (!describesSession(request) || type == null || request.body().length == 0) {
      return Optional.empty();
    }
    String disposition = request.header("Content-Disposition");
    if (disposition != null && lower(disposition).replace(" ", "").contains("handling=optional")) {
      return Optional.empty();
    }
    if (!known.sessionTypes().contains(bare(type))) {
      return refusal(415, HeaderName.ACCEPT, known.accept());
    }
    String encoding = request.header("Content-Encoding");
    return encoding == null || bare(encoding).equals("identity")
        ? Optional.empty()
        : refusal(415, "Accept-Encoding", "identity");
  }

  /** An INVITE is answered with a description: one that accepts none cannot be (21.4.7). */
  private static Optional<Refusal> acceptedAnswer(SipRequest request, Capabilities known) {
    List<String> accepts = request.headers().all(HeaderName.ACCEPT);
    if (!request.is(SipRequest.INVITE) || accepts.isEmpty()) {
      return Optional.empty(); // without Accept it is application/sdp (20.1)
    }
    for (String value : accepts) {
      for (String range : value.split(",", -1)) {
        String type = bare(range);
        if (type.equals("*/*")
            || type.equals("application/*")
            || known.sessionTypes().contains(type)) {
          return Optional.empty();
        }
      }
    }
    return refusal(
        406, HeaderName.WARNING, "399 - \"no format that is accepted can describe a session\"");
  }

  private static boolean describesSession(SipRequest request) {
    return switch (request.method()) {
      case SipRequest.INVITE, SipRequest.UPDATE, SipRequest.PRACK -> true;
      default -> false;
    };
  }

  private static String bare(String value) {
    int semicolon = value.indexOf(';');
    return lower(semicolon < 0 ? value : value.substring(0, semicolon)).replace(" ", "");
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static Optional<Refusal> refusal(int status, String name, String value) {
    return Optional.of(new Refusal(status, List.of(HeaderField.of(name, value))));
  }
}
