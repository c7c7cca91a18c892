package io.tandem.protocol.sip.message;

import java.nio.charset.StandardCharsets;

/**
 * Header names in their canonical spelling (RFC 3261 section 7.3.3 and 20) and the way to it from
 * any case and from the compact forms.
 */
public final class HeaderName {
  public static final String ACCEPT = "Accept";
  public static final String ALLOW = "Allow";
  public static final String AUTHORIZATION = "Authorization";
  public static final String CALL_ID = "Call-ID";
  public static final String CONTACT = "Contact";
  public static final String CONTENT_LENGTH = "Content-Length";
  public static final String CONTENT_TYPE = "Content-Type";
  public static final String CSEQ = "CSeq";
  public static final String DATE = "Date";
  public static final String EXPIRES = "Expires";
  public static final String FROM = "From";
  public static final String HISTORY_INFO = "History-Info";
  public static final String MAX_FORWARDS = "Max-Forwards";
  public static final String MIN_EXPIRES = "Min-Expires";
  public static final String PATH = "Path";
  public static final String PROXY_AUTHENTICATE = "Proxy-Authenticate";
  public static final String PROXY_AUTHORIZATION = "Proxy-Authorization";
  public static final String PROXY_REQUIRE = "Proxy-Require";
  public static final String P_ASSERTED_IDENTITY = "P-Asserted-Identity";
  public static final String REASON = "Reason";
  public static final String RECORD_ROUTE = "Record-Route";
  public static final String REFER_TO = "Refer-To";
  public static final String REPLACES = "Replaces";
  public static final String REQUIRE = "Require";
  public static final String RETRY_AFTER = "Retry-After";
  public static final String ROUTE = "Route";
  public static final String SERVER = "Server";
  public static final String SERVICE_ROUTE = "Service-Route";
  public static final String SUPPORTED = "Supported";
  public static final String TIMESTAMP = "Timestamp";
  public static final String TO = "To";
  public static final String UNSUPPORTED = "Unsupported";
  public static final String USER_AGENT = "User-Agent";
  public static final String VIA = "Via";
  public static final String WARNING = "Warning";
  public static final String WWW_AUTHENTICATE = "WWW-Authenticate";

  private static final String[] KNOWN = {
    ACCEPT,
    ALLOW,
    AUTHORIZATION,
    CALL_ID,
    CONTACT,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    CSEQ,
    DATE,
    EXPIRES,
    FROM,
    HISTORY_INFO,
    MAX_FORWARDS,
    MIN_EXPIRES,
    PATH,
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    PROXY_REQUIRE,
    P_ASSERTED_IDENTITY,
    REASON,
    RECORD_ROUTE,
    REFER_TO,
    REPLACES,
    REQUIRE,
    RETRY_AFTER,
    ROUTE,
    SERVER,
    SERVICE_ROUTE,
    SUPPORTED,
    TIMESTAMP,
    TO,
    UNSUPPORTED,
    USER_AGENT,
    VIA,
    WARNING,
    WWW_AUTHENTICATE,
    "Accept-Contact",
    "Accept-Encoding",
    "Accept-Language",
    "Alert-Info",
    "Allow-Events",
    "Authentication-Info",
    "Call-Info",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Diversion",
    "Error-Info",
    "Event",
    "Flow-Timer",
    "Identity",
    "In-Reply-To",
    "Max-Breadth",
    "Min-SE",
    "MIME-Version",
    "Organization",
    "P-Preferred-Identity",
    "Priority",
    "Privacy",
    "RAck",
    "Referred-By",
    "Reject-Contact",
    "Remote-Party-ID",
    "Reply-To",
    "Request-Disposition",
    "RSeq",
    "Session-Expires",
    "SIP-ETag",
    "SIP-If-Match",
    "Subject",
    "Subscription-State",
    "X-Tandem-Price",
  };

  /** Compact form (one lower-case letter) to canonical name, from the IANA registry. */
  private static final String[] COMPACT = new String[26];

  /** Open-addressed by a case-blind hash: a name read from the wire costs no allocation. */
  private static final String[] TABLE = new String[512];

  static {
    compact('a', "Accept-Contact");
    compact('b', "Referred-By");
    compact('c', CONTENT_TYPE);
    compact('d', "Request-Disposition");
    compact('e', "Content-Encoding");
    compact('f', FROM);
    compact('i', CALL_ID);
    compact('j', "Reject-Contact");
    compact('k', SUPPORTED);
    compact('l', CONTENT_LENGTH);
    compact('m', CONTACT);
    compact('o', "Event");
    compact('r', REFER_TO);
    compact('s', "Subject");
    compact('t', TO);
    compact('u', "Allow-Events");
    compact('v', VIA);
    compact('x', "Session-Expires");
    compact('y', "Identity");
    for (String name : KNOWN) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int slot = hash(bytes, 0, bytes.length);
      while (TABLE[slot] != null) {
        slot = (slot + 1) & (TABLE.length - 1);
      }
      TABLE[slot] = name;
    }
  }

  private HeaderName() {}

  /** The canonical spelling of a name in any case or compact form; an unknown name stays as is. */
  public static String canonical(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    return canonical(bytes, 0, bytes.length);
  }

  static String canonical(byte[] bytes, int from, int to) {
    if (to - from == 1) {
      int letter = (bytes[from] | 0x20) - 'a';
      if (letter >= 0 && letter < 26 && COMPACT[letter] != null) {
        return COMPACT[letter];
      }
    }
    int slot = hash(bytes, from, to);
    while (true) {
      String known = TABLE[slot];
      if (known == null) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
      }
      if (sameName(known, bytes, from, to)) {
        return known;
      }
      slot = (slot + 1) & (TABLE.length - 1);
    }
  }

  private static void compact(char letter, String name) {
    COMPACT[letter - 'a'] = name;
  }

  private static int hash(byte[] bytes, int from, int to) {
    int hash = to - from;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + (bytes[i] | 0x20);
    }
    return (hash ^ (hash >>> 9)) & (TABLE.length - 1);
  }

  private static boolean sameName(String known, byte[] bytes, int from, int to) {
    if (known.length() != to - from) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char k = known.charAt(i - from);
      if (k != bytes[i] && (!isLetter(k) || (k | 0x20) != (bytes[i] | 0x20))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }
}
