package io.tandem.ops.bench.sip;

/** The messages of {@link Load}: the same as those that SIPp sends here, put together by hand. */
final class LoadTexts {
  private static final String SDP =
      """
      v=0\r
      o=user1 53655765 2353687637 IN IP4 127.0.0.1\r
      s=-\r
      c=IN IP4 127.0.0.1\r
      t=0 0\r
      m=audio 6000 RTP/AVP 0\r
      a=rtpmap:0 PCMU/8000\r
      """;

  private LoadTexts() {}

  static String invite(int call, int server, int own) {
    return head("INVITE", call, server, own, "i", ">", 1)
        + "Contact: <sip:caller@127.0.0.1:"
        + own
        + ">\r\nContent-Type: application/sdp\r\nContent-Length: "
        + SDP.length()
        + "\r\n\r\n"
        + SDP;
  }

  static String ack(int call, int server, int own, String toTag) {
    return head("ACK", call, server, own, "a", ">;tag=" + toTag, 1) + "Content-Length: 0\r\n\r\n";
  }

  static String bye(int call, int server, int own, String toTag) {
    return head("BYE", call, server, own, "b", ">;tag=" + toTag, 2) + "Content-Length: 0\r\n\r\n";
  }

  private static String head(
      String method, int call, int server, int own, String branch, String to, int cseq) {
    return method
        + " sip:bench@127.0.0.1:"
        + server
        + " SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:"
        + own
        + ";branch=z9hG4bK"
        + branch
        + call
        + "\r\nFrom: <sip:caller@127.0.0.1:"
        + own
        + ">;tag=c"
        + call
        + "\r\nTo: <sip:bench@127.0.0.1:"
        + server
        + to
        + "\r\nCall-ID: "
        + call
        + "@bench\r\nCSeq: "
        + cseq
        + " "
        + method
        + "\r\nMax-Forwards: 70\r\n";
  }

  /** RFC 3261 17.1.1.3: with the Via, From, Call-ID of the request and the To of the response. */
  static String ackOfFailure(String response, int server) {
    return "ACK sip:bench@127.0.0.1:"
        + server
        + " SIP/2.0"
        + line(response, "\r\nVia: ")
        + line(response, "\r\nFrom: ")
        + line(response, "\r\nTo: ")
        + line(response, "\r\nCall-ID: ")
        + "\r\nCSeq: 1 ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
  }

  static String answer(String request, String status, int own, boolean described) {
    String to = line(request, "\r\nTo: ");
    String tagged = to.contains(";tag=") ? to : to + ";tag=answerer";
    return "SIP/2.0 "
        + status
        + line(request, "\r\nVia: ")
        + line(request, "\r\nFrom: ")
        + tagged
        + line(request, "\r\nCall-ID: ")
        + line(request, "\r\nCSeq: ")
        + "\r\nContact: <sip:answerer@127.0.0.1:"
        + own
        + ">\r\n"
        + (described
            ? "Content-Type: application/sdp\r\nContent-Length: " + SDP.length() + "\r\n\r\n" + SDP
            : "Content-Length: 0\r\n\r\n");
  }

  /** The number of the call that a message of ours or an answer to it belongs to; -1 for others. */
  static int number(String text) {
    int from = text.indexOf("\r\nCall-ID: ") + 11;
    int to = text.indexOf('@', from);
    if (from < 11 || to < 0 || to - from > 9) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  static String toTag(String text) {
    String to = line(text, "\r\nTo: ");
    int tag = to.indexOf(";tag=");
    return tag < 0 ? "" : to.substring(tag + 5);
  }

  /** A header with the line end before it, without the one after. */
  private static String line(String text, String name) {
    int from = text.indexOf(name);
    return from < 0 ? "" : text.substring(from, text.indexOf('\r', from + 2));
  }
}
