package io.tandem.protocol.sip.transport;

import com.sun.management.ThreadMXBean;
import io.tandem.protocol.sip.message.SipRequest;
import io.tandem.protocol.sip.message.SipResponse;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Prints what a UDP request and its answer cost the SIP thread: read, parse, answer, write, send.
 * The sender keeps a window of requests open. Repeat with: {@code java -cp <test class path>
 * io.tandem.protocol.sip.transport.SipTransportThroughput [window]}.
 */
public final class SipTransportThroughput {
  private static final int WARM_UP = 100_000;
  private static final int REQUESTS = 300_000;

  private SipTransportThroughput() {}

  public static void main(String[] args) throws Exception {
    int window = args.length > 0 ? Integer.parseInt(args[0]) : 32;
    for (boolean preferNative : new boolean[] {true, false}) {
      TransportSettings settings =
          TransportSettings.listeningOn(Bind.udp("127.0.0.1", 0)).withNative(preferNative);
      try (SipTransport transport = new SipTransport(settings)) {
        transport.start(
            inbound ->
                transport.reply(
                    inbound.flow(), SipResponse.to((SipRequest) inbound.message(), 200, "t")));
        InetSocketAddress to = transport.listening().getFirst().address();
        drive(to, WARM_UP, window);
        long[] before = loopCost(transport);
        long started = System.nanoTime();
        int answered = drive(to, REQUESTS, window);
        long elapsed = System.nanoTime() - started;
        long[] after = loopCost(transport);
        System.out.printf(
            Locale.ROOT,
            "%-5s window %3d: %d of %d answered, %d/s, %d ns CPU and %d B on the SIP thread each%n",
            transport.isNative() ? "epoll" : "NIO",
            window,
            answered,
            REQUESTS,
            REQUESTS * 1_000_000_000L / elapsed,
            (after[0] - before[0]) / REQUESTS,
            (after[1] - before[1]) / REQUESTS);
      }
    }
  }

  private static long[] loopCost(SipTransport transport) {
    CompletableFuture<long[]> cost = new CompletableFuture<>();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    transport
        .loop()
        .execute(
            () ->
                cost.complete(
                    new long[] {
                      threads.getCurrentThreadCpuTime(), threads.getCurrentThreadAllocatedBytes()
                    }));
    return cost.join();
  }

  private static int drive(InetSocketAddress to, int requests, int window) throws Exception {
    byte[] text =
        Samples.request("INVITE", "c", "v=0\r\n".repeat(50))
            .replace(";branch", ";rport;branch")
            .getBytes(StandardCharsets.US_ASCII);
    ByteBuffer request = ByteBuffer.allocateDirect(text.length).put(text);
    ByteBuffer answer = ByteBuffer.allocateDirect(4_096);
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      channel.connect(to);
      int answered = 0;
      for (int sent = 0; sent < requests; sent += window) {
        for (int i = 0; i < window; i++) {
          channel.write(request.rewind());
        }
        for (int i = 0; i < window; i++) {
          channel.read(answer.clear());
          answered++;
        }
      }
      return answered;
    }
  }
}
