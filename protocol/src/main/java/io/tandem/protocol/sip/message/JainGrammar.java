package io.tandem.protocol.sip.message;

import gov.nist.core.CommonLogger;
import gov.nist.core.NameValue;
import gov.nist.javax.sip.header.AddressParametersHeader;
import gov.nist.javax.sip.header.AuthenticationHeader;
import gov.nist.javax.sip.header.ParametersHeader;
import gov.nist.javax.sip.header.SIPHeader;
import gov.nist.javax.sip.header.SIPHeaderList;
import gov.nist.javax.sip.parser.ParserFactory;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The JAIN SIP parser, asked one header value at a time. It decides about every shape that our own
 * one-pass readers do not take: folded, spaced, quoted, commented. Whatever it throws becomes a
 * {@link SipSyntax}.
 */
final class JainGrammar {
  // Much in the jar is quadratic: 8 kB of parameters are 30 ms of the one SIP thread.
  private static final int MAX_CHARS = 2_048;
  private static final int MAX_PARAMS = 100;

  static {
    // Any logging path of the jar without log4j is a NoClassDefFoundError: give it a logger first.
    CommonLogger.legacyLogger = new JainSilence();
    CommonLogger.useLegacyLogger = true;
  }

  private JainGrammar() {}

  static Via via(String value) throws SipSyntax {
    if (hasComment(value)) {
      throw new SipSyntax("a comment"); // which RFC 3261 took out of this header
    }
    if (single("Via: ", value) instanceof gov.nist.javax.sip.header.Via via) {
      // JAIN keeps the space around the slashes of the sent-protocol
      String version = via.getSentProtocol().getProtocolVersion();
      String protocol = via.getSentProtocol().getProtocolName();
      if (protocol == null
          || !"SIP".equalsIgnoreCase(protocol.strip())
          || version == null
          || !version.strip().equals("2.0")) {
        throw new SipSyntax("not SIP/2.0");
      }
      String transport = via.getTransport();
      String host = via.getHost();
      if (host == null || transport == null || Host.end(host, 0) != host.length()) {
        throw new SipSyntax("malformed sent-by");
      }
      return new Via(transport.strip(), host, via.getPort(), params(via, ""));
    }
    throw new SipSyntax("not a Via");
  }

  /**
   * Whether a bracket opens outside quotes. JAIN reads on for ever in a Via whose comment ends in
   * an escape: one datagram would stop the SIP thread.
   */
  private static boolean hasComment(String value) {
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '(' && !quoted) {
        return true;
      }
    }
    return false;
  }

  static NameAddress address(String value) throws SipSyntax {
    if (single("Contact: ", value) instanceof AddressParametersHeader header
        && header.getAddress() != null) {
      String display = header.getAddress().getDisplayName();
      SipUri uri = SipUri.read(header.getAddress().getURI().toString());
      return new NameAddress(
          display == null ? null : display(display, value), uri, params(header, value));
    }
    throw new SipSyntax("not an address");
  }

  /** JAIN keeps the backslashes of a quoted display name; without quotes only tokens are legal. */
  private static String display(String display, String value) throws SipSyntax {
    if (value.stripLeading().startsWith("\"")) {
      return Quoted.unquote('"' + display + '"');
    }
    for (int i = 0; i < display.length(); i++) {
      char c = display.charAt(i);
      if (!Chars.isToken(c) && !Chars.isSpace(c)) {
        throw new SipSyntax("display name that needs quotes");
      }
    }
    return display.strip();
  }

  static AuthParams auth(String value) throws SipSyntax {
    if (single("Authorization: ", value) instanceof AuthenticationHeader header
        && header.getScheme() != null) {
      return new AuthParams(header.getScheme(), params(header, value));
    }
    throw new SipSyntax("not credentials");
  }

  private static SIPHeader single(String prefix, String value) throws SipSyntax {
    SIPHeader header = parse(prefix + value + "\n");
    if (header instanceof SIPHeaderList<?> list) {
      if (list.size() != 1) {
        throw new SipSyntax("not one value");
      }
      return (SIPHeader) list.getFirst();
    }
    return header;
  }

  private static SIPHeader parse(String line) throws SipSyntax {
    if (line.length() > MAX_CHARS) {
      throw new SipSyntax("longer than allowed");
    }
    if (line.chars().filter(c -> c == ';' || c == '&' || c == ',').count() > MAX_PARAMS) {
      throw new SipSyntax("more parameters than allowed");
    }
    try {
      SIPHeader header = ParserFactory.createParser(line).parse();
      if (header == null) {
        throw new SipSyntax("malformed value");
      }
      return header;
    } catch (ParseException | RuntimeException | StackOverflowError | LinkageError malformed) {
      // The jar's message quotes buffers and callers' data: not passed on.
      throw new SipSyntax("malformed value");
    }
  }

  private static Params params(ParametersHeader header, String value) throws SipSyntax {
    List<@Nullable String> flat = new ArrayList<>();
    for (Iterator<NameValue> it = header.getParameters().iterator(); it.hasNext(); ) {
      NameValue pair = it.next();
      String name = pair.getName();
      if (name == null || !Chars.isToken(name)) {
        throw new SipSyntax("malformed parameter");
      }
      Object raw = pair.getValueAsObject();
      // JAIN takes the quotes off and keeps the backslashes: put back, the text is as written.
      // "rport=" is sent by old phones and means the flag
      String text = raw == null || raw.toString().isEmpty() ? null : raw.toString();
      flat.add(name);
      flat.add(pair.isValueQuoted() ? '"' + (text == null ? "" : text) + '"' : text);
    }
    if (flat.isEmpty() && value.endsWith(";")) {
      throw new SipSyntax("a semicolon with nothing after it");
    }
    return Params.ofFlat(flat);
  }
}
