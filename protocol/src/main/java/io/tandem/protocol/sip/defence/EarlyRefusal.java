package io.tandem.protocol.sip.defence;

import io.netty.util.NetUtil;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A 503 with Retry-After made of the request's own octets, without reading it (RFC 3261 8.2.7: a
 * stateless UAS): for more new requests than can be served, refusing has to cost next to nothing
 * (OPS-5). The same request again gets the same again.
 *
 * @param bytes the response
 * @param port where it goes at the source's address: rport, else sent-by's (RFC 3581 section 4)
 */
public record EarlyRefusal(byte[] bytes, int port) {
  private static final int SIP_PORT = 5060;
  private static final int RETRY_AFTER_SPREAD_SECONDS = 8;

  /** The headers that a response takes over, by their first letters' lower case. */
  private static final byte[][] COPIED = {
    ascii("via"),
    ascii("v"),
    ascii("from"),
    ascii("f"),
    ascii("to"),
    ascii("t"),
    ascii("call-id"),
    ascii("i"),
    ascii("cseq")
  };

  private static final int VIA = 0;
  private static final int VIA_SHORT = 1;
  private static final int TO = 4;
  private static final int TO_SHORT = 5;
  private static final int CALL_ID = 6;
  private static final int CALL_ID_SHORT = 7;

  /**
   * The refusal of a request over UDP; null when its octets do not show what an answer needs.
   *
   * @param tag the To tag by which its ACK will be known
   */
  public static @Nullable EarlyRefusal of(
      byte[] request, int length, InetSocketAddress source, String tag) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length);
    write(out, "SIP/2.0 503 Service Unavailable\r\n");
    Seen seen = new Seen(source);
    int line = Glance.nextLine(request, 0, length);
    // without the empty line at the end of its headers it was cut
    while (line < length && request[line] != '\r' && request[line] != '\n') {
      int end = foldedEnd(request, line, length);
      int name = copied(request, line, end);
      if (name >= 0) {
        copy(out, request, line, end, name, seen, tag);
      }
      line = end;
    }
    if (line >= length || seen.port < 0 || seen.headers < 5) {
      return null;
    }
    // spread by the call, so that those who were refused together do not come back together
    write(out, "Retry-After: " + (2 + Math.floorMod(seen.spread, RETRY_AFTER_SPREAD_SECONDS)));
    write(out, "\r\nContent-Length: 0\r\n\r\n");
    return new EarlyRefusal(out.toByteArray(), seen.port);
  }

  private static final class Seen {
    final InetSocketAddress source;
    int headers;
    int port = -1;
    int spread;

    Seen(InetSocketAddress source) {
      this.source = source;
    }
  }

  private static void copy(
      ByteArrayOutputStream out,
      byte[] request,
      int line,
      int end,
      int name,
      Seen seen,
      String tag) {
    int text = withoutLineEnd(request, line, end);
    if ((name == VIA || name == VIA_SHORT) && seen.port < 0) {
      String via = new String(request, line, text - line, StandardCharsets.ISO_8859_1);
      String noted = noted(via, seen);
      if (noted == null) {
        return;
      }
      seen.headers++;
      out.writeBytes(noted.getBytes(StandardCharsets.ISO_8859_1));
    } else {
      out.write(request, line, text - line);
      if (name != VIA && name != VIA_SHORT) {
        seen.headers++;
      }
      if (name == TO || name == TO_SHORT) {
        write(out, ";tag=" + tag);
      } else if (name == CALL_ID || name == CALL_ID_SHORT) {
        for (int i = line; i < text; i++) {
          seen.spread = 31 * seen.spread + request[i];
        }
      }
    }
    write(out, "\r\n");
  }

  /** The topmost Via with received and rport, which it also learns the port from. */
  private static @Nullable String noted(String line, Seen seen) {
    int comma = line.indexOf(',');
    String first = comma < 0 ? line : line.substring(0, comma);
    String rest = comma < 0 ? "" : line.substring(comma);
    String lower = first.toLowerCase(Locale.ROOT);
    int sentBy = lower.indexOf("/udp");
    if (sentBy < 0 || lower.indexOf('\n') >= 0) {
      return null;
    }
    int semicolon = first.indexOf(';', sentBy);
    String host = first.substring(sentBy + 4, semicolon < 0 ? first.length() : semicolon).strip();
    String address = NetUtil.toAddressString(seen.source.getAddress());
    if (lower.contains(";received=")) {
      return null; // somebody lies, or a proxy is mistaken: the parser's to judge
    }
    int rport = lower.indexOf(";rport");
    int afterRport = rport + ";rport".length();
    if (rport >= 0 && (afterRport == lower.length() || lower.charAt(afterRport) == ';')) {
      seen.port = seen.source.getPort();
      return first.substring(0, afterRport)
          + "="
          + seen.port
          + ";received="
          + address
          + first.substring(afterRport)
          + rest;
    }
    int colon = host.startsWith("[") ? host.indexOf(':', host.indexOf(']')) : host.indexOf(':');
    seen.port = colon < 0 ? SIP_PORT : port(host.substring(colon + 1).strip());
    boolean own = (colon < 0 ? host : host.substring(0, colon)).strip().equals(address);
    return own ? line : first + ";received=" + address + rest;
  }

  private static int port(String text) {
    return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65_535
        ? Integer.parseInt(text)
        : -1;
  }

  /** Which of the copied headers a line is; -1 for another. */
  private static int copied(byte[] request, int line, int end) {
    for (int each = 0; each < COPIED.length; each++) {
      byte[] name = COPIED[each];
      if (Glance.startsWithIgnoringCase(request, line, end, name)) {
        int at = line + name.length;
        while (at < end && (request[at] == ' ' || request[at] == '\t')) {
          at++;
        }
        if (at < end && request[at] == ':') {
          return each;
        }
      }
    }
    return -1;
  }

  /** A line that begins with a blank goes on from the one before (RFC 3261 7.3.1). */
  private static int foldedEnd(byte[] request, int line, int length) {
    int end = Glance.nextLine(request, line, length);
    while (end < length && (request[end] == ' ' || request[end] == '\t')) {
      end = Glance.nextLine(request, end, length);
    }
    return end;
  }

  private static int withoutLineEnd(byte[] request, int line, int end) {
    int text = end;
    while (text > line && (request[text - 1] == '\n' || request[text - 1] == '\r')) {
      text--;
    }
    return text;
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
