package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message from bytes. First the lines are cut under the limits ({@link HeaderLines}),
 * then the start line and every header that has an accessor is read; whatever is wrong becomes a
 * {@link ParseOutcome}, nothing is ever thrown. Stateless: one parser serves all threads.
 */
public final class SipParser {
  private final SipLimits limits;

  public SipParser(SipLimits limits) {
    this.limits = limits;
  }

  public SipParser() {
    this(SipLimits.DEFAULT);
  }

  /** Reads a datagram, or a frame that was cut from a stream by its Content-Length. */
  public ParseOutcome parse(byte[] bytes) {
    return parse(bytes, 0, bytes.length);
  }

  /** Reads the bytes between two indexes; they are copied where they are kept. */
  public ParseOutcome parse(byte[] bytes, int from, int to) {
    Reading reading = new Reading(bytes, from, to);
    try {
      return reading.message();
    } catch (Defect defect) {
      return reading.outcome(defect);
    } catch (RuntimeException | StackOverflowError unforeseen) {
      // No input may stop the loop that reads: an unforeseen defect is a defect like others.
      return reading.outcome(new Defect(400, "message", "unreadable"));
    }
  }

  /** A defect on its way to the outcome. */
  private static final class Defect extends Exception {
    final int status;
    final String header;
    final String why;

    Defect(int status, String header, String why) {
      super(why, null, false, false);
      this.status = status;
      this.header = header;
      this.why = why;
    }
  }

  /** One message being read. */
  private final class Reading {
    private final byte[] bytes;
    private final HeaderLines lines;
    private @Nullable String method;

    Reading(byte[] bytes, int from, int to) {
      this.bytes = bytes;
      this.lines = new HeaderLines(bytes, from, to, limits);
    }

    SipMessage start(SipHeaders headers, byte[] body, String line) throws Defect {
      String requestMethod = method;
      if (requestMethod == null) {
        return response(line, headers, body);
      }
      return new SipRequest(requestMethod, requestUri(line), headers, body);
    }

    ParseOutcome message() throws Defect {
      String startLine = lines.startLine();
      if (startLine.isEmpty()) {
        throw new Defect(400, "start line", "empty message");
      }
      if (!startLine.regionMatches(true, 0, "SIP/", 0, 4)) {
        method = requestMethod(startLine);
      }
      if (lines.isOversized(limits.messageBytes())) {
        lines.readHeaders();
        throw new Defect(513, "message", "longer than allowed");
      }
      @Nullable String lineDefect = lines.readHeaders();
      if (lineDefect != null) {
        throw new Defect(400, lines.defectHeader(), lineDefect);
      }
      List<HeaderField> fields = lines.fields();
      if (method != null) {
        requireVersion(startLine);
      }
      SipHeaders headers = SipHeaders.of(fields);
      check(headers);
      byte[] body = body();
      if (body.length > 0
          && method != null
          && headers.firstField(HeaderName.CONTENT_TYPE) == null) {
        throw new Defect(400, HeaderName.CONTENT_TYPE, "missing beside a body");
      }
      return new ParseOutcome.Good(start(headers, body, startLine));
    }

    private String requestMethod(String line) throws Defect {
      int space = line.indexOf(' ');
      String name = space < 0 ? line : line.substring(0, space);
      if (space < 0 || !Chars.isToken(name)) {
        throw new Defect(400, "start line", "no SIP request or response");
      }
      return SipRequest.knownMethod(name, 0);
    }

    private void requireVersion(String line) throws Defect {
      if (line.endsWith(" SIP/2.0")) {
        return;
      }
      int space = line.lastIndexOf(' ');
      String version = line.substring(space + 1);
      if (version.equalsIgnoreCase("SIP/2.0")) {
        return;
      }
      boolean otherVersion =
          version.regionMatches(true, 0, "SIP/", 0, 4)
              && version.length() > 4
              && version.chars().skip(4).allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
      throw otherVersion
          ? new Defect(505, "SIP version", "not 2.0")
          : new Defect(400, "start line", "no SIP version at its end");
    }

    private SipUri requestUri(String line) throws Defect {
      int from = line.indexOf(' ') + 1;
      int to = line.lastIndexOf(' ');
      if (to <= from) {
        throw new Defect(400, "Request-URI", "missing");
      }
      try {
        SipUri uri = SipUri.read(line.substring(from, to));
        if (uri.headers() != null) {
          throw new SipSyntax("headers are not allowed here"); // section 19.1.1, table 1
        }
        return uri;
      } catch (SipSyntax malformed) {
        throw new Defect(400, "Request-URI", malformed.why());
      }
    }

    private SipResponse response(String line, SipHeaders headers, byte[] body) throws Defect {
      // "SIP/2.0 200 OK"; an empty phrase may have lost its space
      boolean shaped =
          line.length() >= 11
              && line.regionMatches(true, 0, "SIP/2.0 ", 0, 8)
              && (line.length() == 11 || line.charAt(11) == ' ');
      int status = shaped ? (int) SipMessage.deltaSeconds(line.substring(8, 11)) : -1;
      if (status < 100 || status > 699) {
        throw new Defect(400, "status line", "malformed");
      }
      String reason = line.length() > 12 ? line.substring(12) : "";
      return new SipResponse(status, reason, headers, body);
    }

    /** Every header with an accessor is read here, once: later it cannot fail. */
    private void check(SipHeaders headers) throws Defect {
      int seen = 0;
      for (HeaderField field : headers) {
        seen |= checkOne(field, seen);
      }
      require(seen, VIA, HeaderName.VIA);
      require(seen, FROM, HeaderName.FROM);
      require(seen, TO, HeaderName.TO);
      require(seen, CALL_ID, HeaderName.CALL_ID);
      require(seen, CSEQ, HeaderName.CSEQ);
    }

    private void require(int seen, int bit, String name) throws Defect {
      if ((seen & bit) == 0) {
        throw new Defect(400, name, "missing");
      }
    }

    private int checkOne(HeaderField field, int seen) throws Defect {
      return switch (field.name()) {
        case HeaderName.VIA -> {
          read(field, Via::read);
          yield VIA;
        }
        case HeaderName.FROM -> once(field, seen, FROM, NameAddress::read);
        case HeaderName.TO -> once(field, seen, TO, NameAddress::read);
        case HeaderName.CSEQ -> {
          int bit = once(field, seen, CSEQ, CSeq::read);
          requireSameMethod(field);
          yield bit;
        }
        case HeaderName.CALL_ID -> once(field, seen, CALL_ID, SipParser::callId);
        case HeaderName.MAX_FORWARDS -> once(field, seen, MAX_FORWARDS, SipParser::maxForwards);
        case HeaderName.CONTENT_TYPE -> once(field, seen, CONTENT_TYPE, SipParser::contentType);
        case HeaderName.CONTACT -> {
          if (!field.value().equals("*")) {
            read(field, NameAddress::read);
          }
          yield 0;
        }
        case HeaderName.ROUTE, HeaderName.RECORD_ROUTE -> {
          read(field, NameAddress::read);
          yield 0;
        }
        default -> 0;
      };
    }

    private void requireSameMethod(HeaderField field) throws Defect {
      if (method != null && !read(field, CSeq::read).method().equals(method)) {
        // RFC 4475 section 3.1.2.18: of a method nobody knows, 501 says more
        int status = SipRequest.isKnownMethod(String.valueOf(method)) ? 400 : 501;
        throw new Defect(status, HeaderName.CSEQ, "method differs from the request line");
      }
    }

    private int once(HeaderField field, int seen, int bit, HeaderField.Grammar<?> grammar)
        throws Defect {
      if ((seen & bit) != 0) {
        throw new Defect(400, field.name(), "more than one");
      }
      read(field, grammar);
      return bit;
    }

    private <T> T read(HeaderField field, HeaderField.Grammar<T> grammar) throws Defect {
      try {
        return field.parsed(grammar);
      } catch (SipSyntax malformed) {
        throw new Defect(400, field.name(), malformed.why());
      }
    }

    /** The body by Content-Length, or all that follows where there is none (section 18.3). */
    private byte[] body() throws Defect {
      int from = lines.bodyFrom();
      int there = lines.end() - from;
      int length = there;
      String given = lines.contentLength();
      if (given != null) {
        long number = SipMessage.deltaSeconds(given);
        if (number < 0) {
          throw new Defect(400, HeaderName.CONTENT_LENGTH, "not a number");
        }
        if (number > there) {
          throw new Defect(400, HeaderName.CONTENT_LENGTH, "beyond the end of the message");
        }
        length = (int) number;
      }
      byte[] body = new byte[length];
      System.arraycopy(bytes, from, body, 0, length);
      return body;
    }

    ParseOutcome outcome(Defect defect) {
      String requestMethod = method;
      if (requestMethod == null) {
        return new ParseOutcome.Unanswerable(defect.header + ": " + defect.why);
      }
      List<HeaderField> echoed = new ArrayList<>(8);
      Via topVia = null;
      boolean sawVia = false;
      for (HeaderField field : lines.fields()) {
        switch (field.name()) {
          case HeaderName.VIA -> {
            if (!sawVia) {
              topVia = salvage(field.value()); // an answer goes by the first one or not at all
              sawVia = true;
            }
            if (!field.value().isEmpty()) {
              echoed.add(field); // of ",,,," nothing is echoed: it would grow
            }
          }
          case HeaderName.FROM, HeaderName.TO, HeaderName.CALL_ID, HeaderName.CSEQ -> {
            if (echoed.stream().noneMatch(f -> f.name().equals(field.name()))) {
              echoed.add(field);
            }
          }
          default -> {
            // an answer to a malformed request echoes nothing else
          }
        }
      }
      return new ParseOutcome.Bad(
          defect.status, defect.header, defect.why, requestMethod, SipHeaders.of(echoed), topVia);
    }

    /** The Via, or what stands before its parameters, in any version; null when not even that. */
    private static @Nullable Via salvage(String value) {
      try {
        return Via.read(value);
      } catch (SipSyntax malformed) {
        int semicolon = value.indexOf(';');
        String head = semicolon < 0 ? value : value.substring(0, semicolon);
        try {
          return Via.read(head.replaceFirst("^SIP/\\d+\\.\\d+/", "SIP/2.0/").strip());
        } catch (SipSyntax hopeless) {
          return null;
        }
      }
    }
  }

  private static final int VIA = 1;
  private static final int FROM = 2;
  private static final int TO = 4;
  private static final int CALL_ID = 8;
  private static final int CSEQ = 16;
  private static final int MAX_FORWARDS = 32;
  private static final int CONTENT_TYPE = 64;

  private static String callId(String text) throws SipSyntax {
    if (text.isEmpty() || text.indexOf(' ') >= 0 || text.indexOf('\t') >= 0) {
      throw new SipSyntax("empty or in two words");
    }
    return text;
  }

  private static Long maxForwards(String text) throws SipSyntax {
    long hops = SipMessage.deltaSeconds(text);
    if (hops < 0 || hops > 255) {
      throw new SipSyntax("not a number up to 255");
    }
    return hops;
  }

  private static String contentType(String text) throws SipSyntax {
    int slash = text.indexOf('/');
    if (slash <= 0 || !Chars.isToken(text.substring(0, slash).strip())) {
      throw new SipSyntax("not a media type");
    }
    return text;
  }
}
