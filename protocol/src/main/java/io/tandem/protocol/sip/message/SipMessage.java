package io.tandem.protocol.sip.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A SIP request or response, immutable. A message that {@link SipParser} called good has its
 * mandatory headers, and every accessor here answers; on a message of ours that lacks one, or was
 * given a value that is not what its name says, the accessor throws IllegalStateException: that is
 * a mistake in our code, not on the wire.
 */
public abstract sealed class SipMessage permits SipRequest, SipResponse {
  private static final byte[] NO_BODY = new byte[0];
  private static final String COLON = ": ";
  private static final String CRLF = "\r\n";
  private static final String LENGTH = "Content-Length: ";
  private static final String END = "\r\n\r\n";

  private final SipHeaders headers;
  private final byte[] body;
  private byte @Nullable [] written;

  SipMessage(SipHeaders headers, byte[] body) {
    this.headers = headers;
    this.body = body.length == 0 ? NO_BODY : body;
  }

  /** With its line end. */
  abstract String startLine();

  abstract SipMessage with(SipHeaders newHeaders, byte[] newBody);

  public final SipHeaders headers() {
    return headers;
  }

  /** The first raw value of that header, or null. */
  public final @Nullable String header(String name) {
    return headers.first(name);
  }

  public final String callId() {
    return required(HeaderName.CALL_ID).value();
  }

  /**
   * Whether it has a Call-ID and a CSeq that can be read: all do but some answers of ours to
   * malformed requests, which echo what there was.
   */
  public final boolean isNamed() {
    HeaderField cseq = headers.firstField(HeaderName.CSEQ);
    if (cseq == null || headers.firstField(HeaderName.CALL_ID) == null) {
      return false;
    }
    try {
      return cseq.parsed(CSeq::read).number() >= 0;
    } catch (SipSyntax malformed) {
      return false;
    }
  }

  public final CSeq cseq() {
    return read(required(HeaderName.CSEQ), CSeq::read);
  }

  public final NameAddress from() {
    return read(required(HeaderName.FROM), NameAddress::read);
  }

  public final NameAddress to() {
    return read(required(HeaderName.TO), NameAddress::read);
  }

  /** From's tag; empty for an RFC 2543 peer that sends none. */
  public final String fromTag() {
    String tag = from().tag();
    return tag == null ? "" : tag;
  }

  /** To's tag, or null outside a dialog. */
  public final @Nullable String toTag() {
    return to().tag();
  }

  public final Via topVia() {
    return read(required(HeaderName.VIA), Via::read);
  }

  public final List<Via> vias() {
    return readAll(HeaderName.VIA, Via::read);
  }

  /** The contacts without a star. */
  public final List<NameAddress> contacts() {
    if (hasStarContact()) {
      return List.of();
    }
    return readAll(HeaderName.CONTACT, NameAddress::read);
  }

  /** The first contact, or null. */
  public final @Nullable NameAddress contact() {
    HeaderField field = headers.firstField(HeaderName.CONTACT);
    return field == null || field.value().equals("*") ? null : read(field, NameAddress::read);
  }

  /** Whether this is {@code Contact: *} (RFC 3261 section 10.2.2: unregister all). */
  public final boolean hasStarContact() {
    return "*".equals(headers.first(HeaderName.CONTACT));
  }

  public final List<NameAddress> routes() {
    return readAll(HeaderName.ROUTE, NameAddress::read);
  }

  public final List<NameAddress> recordRoutes() {
    return readAll(HeaderName.RECORD_ROUTE, NameAddress::read);
  }

  /**
   * A header of addresses by name: Path, Refer-To, P-Asserted-Identity …; malformed ones left out.
   */
  public final List<NameAddress> addresses(String name) {
    List<NameAddress> addresses = new ArrayList<>(2);
    for (HeaderField field : headers.fieldsNamed(name)) {
      try {
        addresses.add(field.parsed(NameAddress::read));
      } catch (SipSyntax malformed) {
        continue; // RFC 3261 section 8.2: a malformed header that is not needed is ignored
      }
    }
    return addresses;
  }

  /** 0–255, or -1 when absent. */
  public final int maxForwards() {
    return (int) deltaSeconds(headers.first(HeaderName.MAX_FORWARDS));
  }

  /** Expires in seconds, at most 2^32 - 1; -1 when absent or unreadable (section 20.19). */
  public final long expiresSeconds() {
    return deltaSeconds(headers.first(HeaderName.EXPIRES));
  }

  /** As written, with parameters; null without. */
  public final @Nullable String contentType() {
    return headers.first(HeaderName.CONTENT_TYPE);
  }

  /** Whether the body is of this type, parameters aside ({@code application/sdp}). */
  public final boolean hasBody(String type) {
    String given = contentType();
    if (body.length == 0 || given == null) {
      return false;
    }
    int semicolon = given.indexOf(';');
    String bare = semicolon < 0 ? given : given.substring(0, semicolon);
    return bare.strip().equalsIgnoreCase(type);
  }

  /** The body itself: not to be changed. */
  public final byte[] body() {
    return body;
  }

  public final String bodyText() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public final @Nullable String userAgent() {
    String agent = headers.first(HeaderName.USER_AGENT);
    return agent != null ? agent : headers.first(HeaderName.SERVER);
  }

  /**
   * Challenges or credentials by header name (Authorization, Proxy-Authorization, WWW-Authenticate,
   * Proxy-Authenticate), in order; malformed ones left out.
   */
  public final List<AuthParams> auth(String name) {
    List<AuthParams> found = new ArrayList<>(1);
    for (HeaderField field : headers.fieldsNamed(name)) {
      try {
        found.add(field.parsed(AuthParams::read));
      } catch (SipSyntax malformed) {
        continue; // credentials that cannot be read prove nothing: as if absent
      }
    }
    return found;
  }

  /** The option tags of Require, Supported, Proxy-Require or Unsupported, in lower case. */
  public final List<String> optionTags(String name) {
    List<String> tags = new ArrayList<>(4);
    for (String value : headers.all(name)) {
      for (String tag : value.split(",", -1)) {
        String bare = tag.strip();
        if (!bare.isEmpty()) {
          tags.add(bare.toLowerCase(java.util.Locale.ROOT));
        }
      }
    }
    return tags;
  }

  /** The message as it goes onto the wire, Content-Length filled in. */
  public final byte[] toBytes() {
    return written().clone();
  }

  /** The same, once for all: not to be changed. */
  public final byte[] written() {
    byte[] octets = written;
    if (octets == null) {
      String line = startLine();
      String length = Integer.toString(body.length);
      int room = line.length() + LENGTH.length() + length.length() + END.length() + body.length;
      for (HeaderField field : headers) {
        room += field.name().length() + COLON.length() + field.value().length() + CRLF.length();
      }
      WireText out = new WireText(room).text(line);
      for (HeaderField field : headers) {
        out.text(field.name()).text(COLON).text(field.value()).text(CRLF);
      }
      octets = out.text(LENGTH).text(length).text(END).append(body).octets();
      written = octets;
    }
    return octets;
  }

  /** Appends the message as it goes onto the wire. */
  public final void writeTo(ByteBuf out) {
    out.writeBytes(written());
  }

  private HeaderField required(String name) {
    HeaderField field = headers.firstField(name);
    if (field == null) {
      throw new IllegalStateException("message without " + name);
    }
    return field;
  }

  private static <T> T read(HeaderField field, HeaderField.Grammar<T> grammar) {
    try {
      return field.parsed(grammar);
    } catch (SipSyntax malformed) {
      throw new IllegalStateException(field.name() + ": " + malformed.why(), malformed);
    }
  }

  private <T> List<T> readAll(String name, HeaderField.Grammar<T> grammar) {
    List<T> values = new ArrayList<>(2);
    for (HeaderField field : headers) {
      if (field.isNamed(name)) {
        values.add(read(field, grammar));
      }
    }
    return values;
  }

  /** Digits as a number, at most 2^32 - 1; -1 for null or anything else (delta-seconds). */
  static long deltaSeconds(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = Math.min(number * 10 + digit, 0xffff_ffffL);
    }
    return number;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SipMessage message
        && getClass() == message.getClass()
        && Arrays.equals(written(), message.written());
  }

  @Override
  public int hashCode() {
    return headers.hashCode();
  }
}
