package io.tandem.protocol.sip.message;

/** The character classes of RFC 3261 section 25.1, as bit tables over ASCII. */
final class Chars {
  private static final boolean[] TOKEN = table("-.!%*_+`'~");
  private static final boolean[] PLAIN_VALUE = table("-.!%*_+`'~[]:/@$&?");
  private static final boolean[] USER = table("-_.!~*'()&=+$,;?/%:#");
  private static final boolean[] URI_PARAM = table("-_.!~*'()[]/:&+$%");
  private static final boolean[] HOST = table("-._");
  private static final boolean[] IPV6 = table(":.%");

  private Chars() {}

  static boolean isToken(char c) {
    return c < 128 && TOKEN[c];
  }

  /** What a parameter value may hold without quotes in shapes that need no second thought. */
  static boolean isPlainValue(char c) {
    return c < 128 && PLAIN_VALUE[c];
  }

  /** User part with password; '#' is not in the grammar but every switch dials it. */
  static boolean isUser(char c) {
    return c < 128 && USER[c];
  }

  static boolean isUriParam(char c) {
    return c < 128 && URI_PARAM[c];
  }

  /** '_' is not in the grammar of host names but lives in many private networks. */
  static boolean isHost(char c) {
    return c < 128 && HOST[c];
  }

  static boolean isIpv6(char c) {
    return c < 128 && IPV6[c];
  }

  static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isToken(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** Whether each '%' is followed by two hexadecimal digits. */
  static boolean escapesAreWhole(String text) {
    for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 1)) {
      if (at + 2 >= text.length()
          || Character.digit(text.charAt(at + 1), 16) < 0
          || Character.digit(text.charAt(at + 2), 16) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean[] table(String marks) {
    boolean[] table = new boolean[128];
    for (char c = '0'; c <= '9'; c++) {
      table[c] = true;
    }
    for (char c = 'a'; c <= 'z'; c++) {
      table[c] = true;
      table[c - 32] = true;
    }
    for (char c : marks.toCharArray()) {
      table[c] = true;
    }
    return table;
  }
}
