package io.tandem.protocol.sip.message;

import org.jspecify.annotations.Nullable;

/**
 * A name-addr or addr-spec with header parameters, as in From, To, Contact, Route and Refer-To (RFC
 * 3261 section 20.10). A parameter after a URI without brackets belongs to the header.
 *
 * @param display the display name without quotes, or null
 */
public record NameAddress(@Nullable String display, SipUri uri, Params params) {

  public NameAddress {
    if (display != null) {
      Quoted.requireOneLine(display);
    }
  }

  public static NameAddress of(SipUri uri) {
    return new NameAddress(null, uri, Params.NONE);
  }

  public static NameAddress of(@Nullable String display, SipUri uri) {
    return new NameAddress(display, uri, Params.NONE);
  }

  static NameAddress read(String text) throws SipSyntax {
    NameAddress plain = plain(text);
    return plain != null ? plain : JainGrammar.address(text);
  }

  /** The shapes nearly all traffic has; null for the full grammar to decide. */
  private static @Nullable NameAddress plain(String text) throws SipSyntax {
    int open = text.indexOf('<');
    if (open < 0) {
      return addrSpec(text);
    }
    int close = text.indexOf('>', open);
    if (close < 0) {
      throw new SipSyntax("no closing angle bracket");
    }
    String display = null;
    if (open > 0) {
      int end = open;
      while (end > 0 && Chars.isSpace(text.charAt(end - 1))) {
        end--;
      }
      if (text.charAt(0) == '"') {
        if (text.indexOf('"', 1) != end - 1 || text.indexOf('\\') >= 0) {
          return null;
        }
        display = text.substring(1, end - 1);
      } else {
        display = tokens(text, end);
        if (display == null) {
          return null;
        }
      }
    }
    Params params = Params.plain(text, close + 1);
    return params == null
        ? null
        : new NameAddress(display, SipUri.read(text.substring(open + 1, close)), params);
  }

  private static @Nullable String tokens(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!Chars.isToken(c) && c != ' ') {
        return null;
      }
    }
    return text.substring(0, end);
  }

  private static @Nullable NameAddress addrSpec(String text) throws SipSyntax {
    int semicolon = text.indexOf(';');
    int uriTo = semicolon < 0 ? text.length() : semicolon;
    for (int i = 0; i < uriTo; i++) {
      char c = text.charAt(i);
      if (c == '"' || c == ' ' || c == '\t') {
        return null;
      }
      if (c == '?' || c == ',') {
        throw new SipSyntax("URI that needs angle brackets");
      }
    }
    Params params = Params.plain(text, uriTo);
    return params == null
        ? null
        : new NameAddress(null, SipUri.read(text.substring(0, uriTo)), params);
  }

  public @Nullable String tag() {
    return params.get("tag");
  }

  public NameAddress withTag(String tag) {
    return withParam("tag", tag);
  }

  public NameAddress withParam(String name, @Nullable String value) {
    return new NameAddress(display, uri, params.with(name, value));
  }

  /** Contact's expires in seconds; -1 when absent or unreadable (section 10.2.1.1: as absent). */
  public long expiresSeconds() {
    return SipMessage.deltaSeconds(params.get("expires"));
  }

  /** Contact's preference in thousandths, 0–1000; 1000 when absent or unreadable. */
  public int qThousandths() {
    String q = params.get("q");
    if (q == null || q.isEmpty() || q.length() > 5 || q.charAt(0) != '0') {
      return 1000;
    }
    int thousandths = 0;
    for (int i = 2; i < 5; i++) {
      int digit = i < q.length() ? q.charAt(i) - '0' : 0;
      if (digit < 0 || digit > 9) {
        return 1000;
      }
      thousandths = thousandths * 10 + digit;
    }
    return thousandths;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(80);
    if (display != null) {
      out.append(Quoted.quote(display)).append(' ');
    }
    out.append('<');
    uri.appendTo(out);
    out.append('>');
    params.appendTo(out);
    return out.toString();
  }
}
