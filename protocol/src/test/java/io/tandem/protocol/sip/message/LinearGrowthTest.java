package io.tandem.protocol.sip.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four times the input makes about four times the garbage, whatever a stranger makes lists and
 * comments of: the work of a parser that allocates as it goes is counted by what it allocates. The
 * limits of a message are lifted, for here they would hide it.
 */
class LinearGrowthTest {
  private static final int SMALL = 500;
  private static final int TIMES = 4;

  /** Room for tables that double, and none for a square: that would be 16. */
  private static final double FACTOR_MAX = 6;

  private static final SipParser PARSER =
      new SipParser(new SipLimits(16 << 20, 1_000_000, 16 << 20));

  private static byte[] message(String headers) {
    return ("OPTIONS sip:a@b SIP/2.0\r\n"
            + "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
            + headers
            + "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS\r\n"
            + "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static Arguments of(String name, IntFunction<String> headers) {
    return Arguments.of(name, headers);
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        of(
            "a list of Vias",
            n -> "Via: SIP/2.0/UDP h;branch=z9hG4bK2" + ", SIP/2.0/UDP h".repeat(n) + "\r\n"),
        of("many Vias", n -> "Via: SIP/2.0/TCP h;branch=z9hG4bK3\r\n".repeat(n)),
        of("a list of routes", n -> "Route: <sip:r>" + ", <sip:r;lr>".repeat(n) + "\r\n"),
        of("a list of contacts", n -> "Contact: <sip:c>" + ",\"a,b\" <sip:c>".repeat(n) + "\r\n"),
        of("a list of tags", n -> "Supported: a" + ",b".repeat(n) + "\r\n"),
        of("empty members", n -> "Route: " + ",".repeat(n) + "\r\n"),
        of("many headers", n -> "X-Unknown: value\r\n".repeat(n)),
        of("folded lines", n -> "Subject: a" + "\r\n b".repeat(n) + "\r\n"),
        of("parameters", n -> "Contact: <sip:c>" + ";p=v".repeat(n) + "\r\n"),
        of("parameters of a URI", n -> "Contact: <sip:c" + ";p=v".repeat(n) + ">\r\n"),
        of("escapes", n -> "Contact: \"" + "\\\"".repeat(n) + "\" <sip:c>\r\n"),
        of("nested comments", n -> "User-Agent: " + "(".repeat(n) + ")".repeat(n) + "\r\n"),
        of("comments side by side", n -> "User-Agent: a" + " (b)".repeat(n) + "\r\n"),
        of(
            "nested comments in a Via",
            n -> "Via: SIP/2.0/UDP h;branch=z9hG4bK4 " + "(".repeat(n) + ")".repeat(n) + "\r\n"),
        of(
            "open comments in a Via",
            n -> "Via: SIP/2.0/UDP h;branch=z9hG4bK4 " + "(".repeat(n) + "\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void the_work_grows_as_the_input_does(String name, IntFunction<String> headers) {
    byte[] small = message(headers.apply(SMALL));
    byte[] large = message(headers.apply(TIMES * SMALL));
    for (int i = 0; i < 3; i++) {
      var unused = allocated(small) + allocated(large); // classes are loaded, tables made
    }
    long once = allocated(small);
    long more = allocated(large);
    assertThat((double) more / once)
        .as(
            "%s: %d octets of garbage for %d, %d for %d",
            name, once, small.length, more, large.length)
        .isLessThan(FACTOR_MAX);
  }

  /** What it allocates to read a message and everything in it that is a list. */
  private static long allocated(byte[] message) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    ParseOutcome outcome = PARSER.parse(message);
    if (outcome instanceof ParseOutcome.Good good && good.message() instanceof SipRequest request) {
      var unused = request.contacts().size() + request.routes().size() + request.toBytes().length;
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
