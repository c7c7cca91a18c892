package io.tandem.protocol.sip.message;

import com.sun.management.ThreadMXBean;
import gov.nist.javax.sip.parser.StringMsgParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * Prints what reading and writing a message costs on one core, next to the whole-message parser of
 * the JAIN jar in the same run. Repeat with: {@code java -cp <test class path>
 * io.tandem.protocol.sip.message.SipMessageThroughput}.
 */
public final class SipMessageThroughput {
  private static final int WARM_UP_ROUNDS = 60_000;
  private static final int ROUNDS = 150_000;

  private static final String INVITE =
      """
      INVITE sip:+18005550100@203.0.113.9:5060;user=phone SIP/2.0
      Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK-524287-1-a0b1c2d3;rport
      Max-Forwards: 70
      From: "Caller" <sip:+12125550123@192.0.2.1:5062>;tag=1928301774
      To: <sip:+18005550100@203.0.113.9>
      Call-ID: a84b4c76e66710-1234567@192.0.2.1
      CSeq: 314159 INVITE
      Contact: <sip:+12125550123@192.0.2.1:5062;transport=udp>
      User-Agent: Phone/1.0
      Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, PRACK
      Supported: timer, 100rel
      Content-Type: application/sdp
      Content-Length: 0

      """
          .replace("\n", "\r\n");

  private static final String SDP =
      """
      v=0
      o=alice 2890844526 2890844526 IN IP4 192.0.2.1
      s=-
      c=IN IP4 192.0.2.1
      t=0 0
      m=audio 49170 RTP/AVP 0 8 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:8 PCMA/8000
      a=rtpmap:101 telephone-event/8000
      a=sendrecv
      """
          .replace("\n", "\r\n");

  private SipMessageThroughput() {}

  public static void main(String[] args) {
    byte[] invite =
        (INVITE.replace("Content-Length: 0", "Content-Length: " + SDP.length()) + SDP)
            .getBytes(StandardCharsets.US_ASCII);
    SipParser parser = new SipParser();
    SipRequest request = (SipRequest) ((ParseOutcome.Good) parser.parse(invite)).message();
    SipResponse ok = SipResponse.to(request, 200, "t1").with("Contact", "<sip:a@192.0.2.2:5060>");
    byte[] okBytes = ok.toBytes();
    ByteBuf out = Unpooled.directBuffer(4_096);
    for (int pass = 0; pass < 2; pass++) {
      measure("read INVITE with SDP", () -> parser.parse(invite).hashCode());
      measure("read 200", () -> parser.parse(okBytes).hashCode());
      measure("make and write 200", () -> write(SipResponse.to(request, 200, "t1"), out));
      measure("write INVITE that was read", () -> write(request, out));
      measure("make and write INVITE", () -> write(build(request), out));
      measure("JAIN StringMsgParser, INVITE", () -> jain(invite));
    }
  }

  private static SipRequest build(SipRequest from) {
    return SipRequest.builder(SipRequest.INVITE, from.uri())
        .via(Via.ours("UDP", "192.0.2.9", 5060, "z9hG4bKabcdef0123456789"))
        .maxForwards(69)
        .from(NameAddress.of("Caller", from.from().uri()).withTag("t77"))
        .to(NameAddress.of(from.to().uri()))
        .callId("b2b-0123456789abcdef")
        .cseq(1)
        .contact(NameAddress.of(SipUri.sip("edge", "192.0.2.9", 5060)))
        .header("User-Agent", "Tandem")
        .header("X-Tandem-Price", "25.000000 USD")
        .body("application/sdp", from.body())
        .build();
  }

  private static int write(SipMessage message, ByteBuf out) {
    out.clear();
    message.writeTo(out);
    return out.readableBytes();
  }

  private static int jain(byte[] bytes) {
    try {
      return new StringMsgParser()
          .parseSIPMessage(bytes, true, false, (e, m, c, h, t) -> {})
          .getCSeq()
          .hashCode();
    } catch (java.text.ParseException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void measure(String what, IntSupplier work) {
    int sink = 0;
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      sink += work.getAsInt();
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytesBefore = threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < ROUNDS; i++) {
      sink += work.getAsInt();
    }
    long nanos = (threads.getCurrentThreadCpuTime() - before) / ROUNDS;
    long bytes = (threads.getCurrentThreadAllocatedBytes() - bytesBefore) / ROUNDS;
    System.out.printf(
        Locale.ROOT,
        "%-32s %6d ns CPU %7d/s %6d B allocated%s%n",
        what,
        nanos,
        1_000_000_000L / Math.max(1, nanos),
        bytes,
        sink == 42 ? " " : "");
  }
}
