package io.tandem.protocol.sip.message;

/**
 * A CSeq (RFC 3261 section 8.1.1.5).
 *
 * @param number 0 to 2^31 - 1
 * @param method as written: methods are case-sensitive
 */
public record CSeq(long number, String method) {
  static final long MAX_NUMBER = (1L << 31) - 1;

  static CSeq read(String text) throws SipSyntax {
    int at = 0;
    long number = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      number = number * 10 + (text.charAt(at) - '0');
      if (number > MAX_NUMBER) {
        throw new SipSyntax("number beyond 2^31 - 1");
      }
      at++;
    }
    int methodFrom = at;
    while (methodFrom < text.length() && Chars.isSpace(text.charAt(methodFrom))) {
      methodFrom++;
    }
    String method = SipRequest.knownMethod(text, methodFrom);
    if (at == 0 || methodFrom == at || !Chars.isToken(method)) {
      throw new SipSyntax("not a number and a method");
    }
    return new CSeq(number, method);
  }

  @Override
  public String toString() {
    return number + " " + method;
  }
}
