package io.tandem.protocol.sip.defence;

import io.netty.util.NetUtil;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A 503 with Retry-After made of the request's own octets, without reading it (RFC 3261 8.2.7: a
 * stateless UAS): for more new requests than can be served, refusing has to cost next to nothing
 * (OPS-5). The same request again gets the same again, little longer than it at most; whether who
 * has not been heard of may be sent that much is the credit's to say. From octets to octets: no
 * text is made.
 *
 * @param bytes the response
 * @param port where it goes at the source's address: rport, else sent-by's (RFC 3581 section 4)
 */
public record EarlyRefusal(byte[] bytes, int port) {
  private static final int SIP_PORT = 5060;
  private static final int PORT_MAX = 65_535;
  private static final int RETRY_AFTER_SPREAD_SECONDS = 8;

  /** The headers that a response takes over, in lower case. */
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
  private static final int FROM = 2;
  private static final int TO = 4;
  private static final int TO_SHORT = 5;
  private static final int CALL_ID = 6;
  private static final int CALL_ID_SHORT = 7;

  private static final byte[] STATUS = ascii("SIP/2.0 503 Service Unavailable\r\n");
  private static final byte[] RETRY_AFTER = ascii("Retry-After: ");
  private static final byte[] END = ascii("\r\nContent-Length: 0\r\n\r\n");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] TAG = ascii(";tag=");
  private static final byte[] UDP = ascii("/udp");
  private static final byte[] RECEIVED = ascii(";received=");
  private static final byte[] RPORT = ascii(";rport");
  private static final byte[] DIGITS = ascii("0123456789");
  private static final byte[] IS = ascii("=");

  /** What is written besides what is copied: one tag, one address, Retry-After. */
  public static final int ADDED_OCTETS_MAX = 256;

  /** From, To, Call-ID and CSeq: once each, or it is the parser's to judge. */
  private static final int ALL_SEEN = 0b1111;

  /**
   * The refusal of a request over UDP; null when its octets do not show what an answer needs, or it
   * would grow by more than {@link #ADDED_OCTETS_MAX}.
   *
   * @param tag the To tag by which its ACK will be known
   */
  public static @Nullable EarlyRefusal of(
      byte[] request, int length, InetSocketAddress source, String tag) {
    Draft draft = new Draft(request, length, source);
    draft.add(STATUS);
    int line = Glance.nextLine(request, 0, length);
    // without the empty line at the end of its headers it was cut
    while (line < length && request[line] != '\r' && request[line] != '\n') {
      int end = foldedEnd(request, line, length);
      int name = copied(request, line, end);
      if (name >= 0) {
        draft.take(line, withoutLineEnd(request, line, end), name, tag);
      }
      line = end;
    }
    if (line >= length || draft.port < 0 || draft.seen != ALL_SEEN || draft.unfit) {
      return null;
    }
    draft.add(RETRY_AFTER);
    // spread by the call, so that those who were refused together do not come back together
    draft.addNumber(2 + Math.floorMod(draft.spread, RETRY_AFTER_SPREAD_SECONDS));
    draft.add(END);
    return draft.unfit
        ? null
        : new EarlyRefusal(Arrays.copyOf(draft.out, draft.written), draft.port);
  }

  /** The response as far as it is written, and what was seen on the way. */
  private static final class Draft {
    final byte[] in;
    final InetSocketAddress source;
    final byte[] out;
    int written;
    int seen;
    boolean unfit; // a header came twice, or it would grow too long
    int port = -1;
    int spread;

    Draft(byte[] in, int length, InetSocketAddress source) {
      this.in = in;
      this.source = source;
      this.out = new byte[length + ADDED_OCTETS_MAX];
    }

    void add(byte[] octets) {
      add(octets, 0, octets.length);
    }

    private void add(byte[] octets, int from, int to) {
      if (to - from > out.length - written) {
        unfit = true;
        return;
      }
      System.arraycopy(octets, from, out, written, to - from);
      written += to - from;
    }

    void addNumber(int number) {
      if (number >= 10) {
        addNumber(number / 10);
      }
      add(DIGITS, number % 10, number % 10 + 1);
    }

    /** One header line, without its end. */
    void take(int line, int text, int name, String tag) {
      boolean via = name == VIA || name == VIA_SHORT;
      if (via && port < 0) {
        if (!topVia(line, text)) {
          return;
        }
      } else {
        add(in, line, text);
        if (!via) {
          int one = 1 << ((name - FROM) / 2);
          unfit |= (seen & one) != 0;
          seen |= one;
        }
        if (name == TO || name == TO_SHORT) {
          add(TAG);
          add(ascii(tag));
        } else if (name == CALL_ID || name == CALL_ID_SHORT) {
          for (int i = line; i < text; i++) {
            spread = 31 * spread + in[i];
          }
        }
      }
      add(LINE_END);
    }

    /**
     * The topmost Via with received and rport, which the port is learnt from; whether it was one.
     */
    private boolean topVia(int line, int text) {
      int end = indexOf(in, line, text, ',');
      int sentBy = find(in, line, end, UDP);
      // a forged received, or a folded line: the parser's to judge
      if (sentBy == end
          || indexOf(in, line, text, '\n') < text
          || find(in, line, end, RECEIVED) < end) {
        return false;
      }
      byte[] address = text(source.getAddress());
      int rport = find(in, line, end, RPORT);
      int afterRport = rport + RPORT.length;
      if (rport < end && (afterRport == end || in[afterRport] == ';')) {
        port = source.getPort();
        add(in, line, afterRport);
        add(IS);
        addNumber(port);
        add(RECEIVED);
        add(address);
        add(in, afterRport, text);
        return true;
      }
      return byHost(line, end, text, sentBy + UDP.length, address);
    }

    /** Without rport: the port is that of sent-by, whose host is checked against the source. */
    private boolean byHost(int line, int end, int text, int after, byte[] address) {
      int to = indexOf(in, after, end, ';');
      int host = after;
      while (host < to && isBlank(in[host])) {
        host++;
      }
      boolean six = host < to && in[host] == '[';
      int colon = indexOf(in, six ? indexOf(in, host, to, ']') : host, to, ':');
      port = colon == to ? SIP_PORT : port(colon + 1, to);
      int hostEnd = colon;
      while (hostEnd > host && isBlank(in[hostEnd - 1])) {
        hostEnd--;
      }
      boolean own = Arrays.equals(in, host, hostEnd, address, 0, address.length);
      add(in, line, own ? text : end);
      if (!own) {
        add(RECEIVED);
        add(address);
        add(in, end, text);
      }
      return true;
    }

    /** The number between two places, blanks around it apart; -1 when it is no port. */
    private int port(int from, int to) {
      int number = -1;
      boolean over = false;
      for (int i = from; i < to; i++) {
        int digit = in[i] - '0';
        if (isBlank(in[i])) {
          over = number >= 0;
        } else if (digit < 0 || digit > 9 || over) {
          return -1;
        } else {
          number = Math.max(0, number) * 10 + digit;
          if (number > PORT_MAX) {
            return -1;
          }
        }
      }
      return number;
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /** Where an octet first is between two places; the latter when it is not. */
  private static int indexOf(byte[] in, int from, int to, char octet) {
    int at = from;
    while (at < to && in[at] != octet) {
      at++;
    }
    return at;
  }

  /** Where lower-case octets first are, in whatever case; the end when they are not. */
  private static int find(byte[] in, int from, int to, byte[] lower) {
    int at = from;
    while (at < to && !Glance.startsWithIgnoringCase(in, at, to, lower)) {
      at++;
    }
    return at;
  }

  private static byte[] text(InetAddress address) {
    if (!(address instanceof Inet4Address)) {
      return ascii(NetUtil.toAddressString(address));
    }
    byte[] four = address.getAddress();
    byte[] text = new byte[15];
    int at = 0;
    for (int i = 0; i < four.length; i++) {
      int octet = four[i] & 0xff;
      if (i > 0) {
        text[at++] = '.';
      }
      if (octet >= 100) {
        text[at++] = (byte) ('0' + octet / 100);
      }
      if (octet >= 10) {
        text[at++] = (byte) ('0' + octet / 10 % 10);
      }
      text[at++] = (byte) ('0' + octet % 10);
    }
    return Arrays.copyOf(text, at);
  }

  /** Which of the copied headers a line is; -1 for another. */
  private static int copied(byte[] request, int line, int end) {
    for (int each = 0; each < COPIED.length; each++) {
      byte[] name = COPIED[each];
      if (Glance.startsWithIgnoringCase(request, line, end, name)) {
        int at = line + name.length;
        while (at < end && isBlank(request[at])) {
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
    while (end < length && isBlank(request[end])) {
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

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
