package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request (RFC 3261 section 7.1). Methods are strings, case-sensitive, with constants here. */
public final class SipRequest extends SipMessage {
  public static final String ACK = "ACK";
  public static final String BYE = "BYE";
  public static final String CANCEL = "CANCEL";
  public static final String INFO = "INFO";
  public static final String INVITE = "INVITE";
  public static final String MESSAGE = "MESSAGE";
  public static final String NOTIFY = "NOTIFY";
  public static final String OPTIONS = "OPTIONS";
  public static final String PRACK = "PRACK";
  public static final String PUBLISH = "PUBLISH";
  public static final String REFER = "REFER";
  public static final String REGISTER = "REGISTER";
  public static final String SUBSCRIBE = "SUBSCRIBE";
  public static final String UPDATE = "UPDATE";

  private static final String[] METHODS = {
    INVITE, ACK, BYE, REGISTER, OPTIONS, CANCEL, INFO, PRACK, UPDATE, REFER, NOTIFY, SUBSCRIBE,
    MESSAGE, PUBLISH
  };

  private final String method;
  private final SipUri uri;

  SipRequest(String method, SipUri uri, SipHeaders headers, byte[] body) {
    super(headers, body);
    this.method = method;
    this.uri = uri;
  }

  /** Whether an RFC defines this method (case matters): else a server answers 501, not 405. */
  public static boolean isKnownMethod(String method) {
    for (String known : METHODS) {
      if (known.equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** The rest of the text from an index, as one of our constants where it is one. */
  static String knownMethod(String text, int from) {
    for (String known : METHODS) {
      if (known.length() == text.length() - from && text.startsWith(known, from)) {
        return known;
      }
    }
    return text.substring(from);
  }

  public static Builder builder(String method, SipUri uri) {
    return new Builder(method, uri);
  }

  public String method() {
    return method;
  }

  public boolean is(String other) {
    return method.equals(other);
  }

  public SipUri uri() {
    return uri;
  }

  public SipRequest withUri(SipUri newUri) {
    return new SipRequest(method, newUri, headers(), body());
  }

  public SipRequest withHeaders(SipHeaders newHeaders) {
    return new SipRequest(method, uri, newHeaders, body());
  }

  /** With this header once, in the place of the first of that name. */
  public SipRequest with(String name, String value) {
    return withHeaders(headers().with(HeaderField.of(name, value)));
  }

  /** With one more header of that name, at the end. */
  public SipRequest adding(String name, String value) {
    return withHeaders(headers().adding(HeaderField.of(name, value)));
  }

  public SipRequest without(String name) {
    return withHeaders(headers().without(name));
  }

  public SipRequest withBody(String contentType, byte[] body) {
    SipHeaders typed = headers().with(HeaderField.of(HeaderName.CONTENT_TYPE, contentType));
    return new SipRequest(method, uri, typed, body);
  }

  /** With the top Via as seen by us (received, rport). */
  public SipRequest withTopVia(Via via) {
    return withHeaders(headers().replacingFirst(HeaderField.ofValue(HeaderName.VIA, via)));
  }

  /** With one more Via before the others. */
  public SipRequest pushingVia(Via via) {
    return withHeaders(headers().addingFirst(HeaderField.ofValue(HeaderName.VIA, via)));
  }

  @Override
  SipRequest with(SipHeaders newHeaders, byte[] newBody) {
    return new SipRequest(method, uri, newHeaders, newBody);
  }

  @Override
  String startLine() {
    return method + " " + uri + " SIP/2.0\r\n";
  }

  /** Method, Call-ID length and CSeq: no numbers, no addresses, so that it may be logged. */
  @Override
  public String toString() {
    return method + " request";
  }

  /** Builds a request of ours; fields are written in the order they were given. */
  public static final class Builder {
    private final String method;
    private final SipUri uri;
    private final List<HeaderField> fields = new ArrayList<>(12);
    private byte[] body = new byte[0];

    private Builder(String method, SipUri uri) {
      if (!Chars.isToken(method)) {
        throw new IllegalArgumentException("a method must be a token");
      }
      this.method = method;
      this.uri = uri;
    }

    public Builder via(Via via) {
      return value(HeaderName.VIA, via);
    }

    public Builder from(NameAddress from) {
      return value(HeaderName.FROM, from);
    }

    public Builder to(NameAddress to) {
      return value(HeaderName.TO, to);
    }

    public Builder callId(String callId) {
      return header(HeaderName.CALL_ID, callId);
    }

    /** CSeq with this request's method. */
    public Builder cseq(long number) {
      return value(HeaderName.CSEQ, new CSeq(number, method));
    }

    public Builder maxForwards(int hops) {
      return header(HeaderName.MAX_FORWARDS, Integer.toString(hops));
    }

    public Builder contact(NameAddress contact) {
      return value(HeaderName.CONTACT, contact);
    }

    public Builder route(NameAddress route) {
      return value(HeaderName.ROUTE, route);
    }

    public Builder routes(List<NameAddress> routes) {
      routes.forEach(this::route);
      return this;
    }

    public Builder header(String name, String value) {
      fields.add(HeaderField.of(name, value));
      return this;
    }

    /** A header only when there is a value for it. */
    public Builder headerIfPresent(String name, @Nullable String value) {
      return value == null ? this : header(name, value);
    }

    /** Copies fields of another message. */
    public Builder fields(List<HeaderField> copied) {
      fields.addAll(copied);
      return this;
    }

    public Builder body(String contentType, byte[] bytes) {
      body = bytes;
      return header(HeaderName.CONTENT_TYPE, contentType);
    }

    private Builder value(String name, Object value) {
      fields.add(HeaderField.ofValue(name, value));
      return this;
    }

    public SipRequest build() {
      return new SipRequest(method, uri, SipHeaders.of(fields), body);
    }
  }
}
