package io.tandem.ops.bench.sip;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The messages of {@link Load}: the same as those that SIPp sends here, put together octet by octet
 * in one place that is used again for each.
 */
final class LoadTexts {
  private static final byte[] SDP =
      ascii(
          """
          v=0\r
          o=user1 53655765 2353687637 IN IP4 127.0.0.1\r
          s=-\r
          c=IN IP4 127.0.0.1\r
          t=0 0\r
          m=audio 6000 RTP/AVP 0\r
          a=rtpmap:0 PCMU/8000\r
          """);
  private static final byte[] VIA = ascii(" SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:");
  private static final byte[] URI = ascii(" sip:bench@127.0.0.1:");
  private static final byte[] FROM = ascii("\r\nFrom: <sip:caller@127.0.0.1:");
  private static final byte[] TO = ascii("\r\nTo: <sip:bench@127.0.0.1:");
  private static final byte[] CALL_ID = ascii("\r\nCall-ID: ");
  private static final byte[] CSEQ = ascii("@bench\r\nCSeq: ");
  private static final byte[] HOPS = ascii("\r\nMax-Forwards: 70\r\n");
  private static final byte[] LINE_END = ascii("\r\n");
  private static final byte[] EMPTY = ascii("Content-Length: 0\r\n\r\n");
  private static final byte[] BODY =
      ascii("Content-Type: application/sdp\r\nContent-Length: " + SDP.length + "\r\n\r\n");
  private static final byte[] CALLER = ascii("Contact: <sip:caller@127.0.0.1:");
  private static final byte[] ANSWERER = ascii("Contact: <sip:answerer@127.0.0.1:");
  private static final byte[] ANGLE = ascii(">");
  private static final byte[] ANGLE_END = ascii(">\r\n");
  private static final byte[] TAG = ascii(";tag=");
  private static final byte[] CALLER_TAG = ascii(">;tag=c");
  private static final byte[] ANSWERER_TAG = ascii(";tag=answerer");
  private static final byte[] ACK_OF_FAILURE = ascii("CSeq: 1 ACK\r\nMax-Forwards: 70\r\n");
  private static final byte[] VERSION = ascii(" SIP/2.0\r\n");
  private static final byte[] STATUS = ascii("SIP/2.0 ");

  static final byte[] RINGING = ascii("180 Ringing\r\n");
  static final byte[] OK = ascii("200 OK\r\n");
  static final byte[] INVITE = ascii("INVITE");
  static final byte[] ACK = ascii("ACK");
  static final byte[] BYE = ascii("BYE");

  private final byte[] serverPort;
  private final byte[] message = new byte[4_096];
  private int length;

  LoadTexts(int serverPort) {
    this.serverPort = ascii(Integer.toString(serverPort));
  }

  /** What was made last. */
  byte[] message() {
    return message;
  }

  int length() {
    return length;
  }

  void invite(int call, int own) {
    head(INVITE, 'i', call, own, null, 1);
    add(CALLER).add(own).add(ANGLE_END).add(BODY).add(SDP);
  }

  void ack(int call, int own, byte @Nullable [] toTag) {
    head(ACK, 'a', call, own, toTag, 1);
    add(EMPTY);
  }

  void bye(int call, int own, byte @Nullable [] toTag) {
    head(BYE, 'b', call, own, toTag, 2);
    add(EMPTY);
  }

  private void head(
      byte[] method, char branch, int call, int own, byte @Nullable [] toTag, int cseq) {
    length = 0;
    add(method).add(URI).add(serverPort).add(VIA).add(own).add(LoadMessage.BRANCH);
    message[length++] = (byte) branch;
    add(call).add(FROM).add(own).add(CALLER_TAG).add(call).add(TO).add(serverPort).add(ANGLE);
    if (toTag != null) {
      add(TAG).add(toTag);
    }
    add(CALL_ID).add(call).add(CSEQ).add(cseq);
    message[length++] = ' ';
    add(method).add(HOPS);
  }

  /** RFC 3261 17.1.1.3: with the Via, From, Call-ID of the request and the To of the response. */
  void ackOfFailure(LoadMessage response) {
    length = 0;
    add(ACK).add(URI).add(serverPort).add(VERSION);
    copy(response, LoadMessage.Line.VIA);
    copy(response, LoadMessage.Line.FROM);
    copy(response, LoadMessage.Line.TO);
    copy(response, LoadMessage.Line.CALL_ID);
    add(ACK_OF_FAILURE).add(EMPTY);
  }

  void answer(LoadMessage request, byte[] status, int own, boolean described) {
    length = 0;
    add(STATUS).add(status);
    copy(request, LoadMessage.Line.VIA);
    copy(request, LoadMessage.Line.FROM);
    copy(request, LoadMessage.Line.TO);
    if (request.toTag() == null) {
      length -= LINE_END.length;
      add(ANSWERER_TAG).add(LINE_END);
    }
    copy(request, LoadMessage.Line.CALL_ID);
    copy(request, LoadMessage.Line.CSEQ);
    add(ANSWERER).add(own).add(ANGLE_END);
    if (described) {
      add(BODY).add(SDP);
    } else {
      add(EMPTY);
    }
  }

  /** A header line with its end. */
  private void copy(LoadMessage from, LoadMessage.Line line) {
    add(from.bytes(), from.begin(line), from.end(line));
  }

  private LoadTexts add(byte[] octets) {
    return add(octets, 0, octets.length);
  }

  private LoadTexts add(byte[] octets, int from, int to) {
    System.arraycopy(octets, from, message, length, to - from);
    length += to - from;
    return this;
  }

  private LoadTexts add(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    int rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      message[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
