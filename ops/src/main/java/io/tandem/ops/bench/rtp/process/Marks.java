package io.tandem.ops.bench.rtp.process;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Answers each line on standard input with what the media threads have used so far, {@code cpuNanos
 * allocatedOctets}. Asked for the first time, a JVM loads and compiles for some fifty milliseconds
 * to say it, in the way of the packets that are being measured; so it is asked here before.
 */
final class Marks {
  private static final int REHEARSALS = 50;

  private final ThreadMXBean beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long[] threads;

  private Marks(long[] threads) {
    this.threads = threads;
  }

  /**
   * Says {@code ready} behind the ports, and answers until the input ends.
   *
   * @param ports a line a call
   * @param threads ids of the media threads
   */
  static void serve(StringBuilder ports, long[] threads) throws IOException {
    Marks marks = new Marks(threads);
    for (int i = 0; i < REHEARSALS; i++) {
      if (marks.mark().isEmpty()) {
        throw new IOException("this JVM does not tell what its threads use");
      }
    }
    System.out.println(ports.append("ready"));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    while (in.readLine() != null) {
      System.out.println(marks.mark());
    }
  }

  private String mark() {
    return Arrays.stream(beans.getThreadCpuTime(threads)).sum()
        + " "
        + Arrays.stream(beans.getThreadAllocatedBytes(threads)).sum();
  }
}
