package io.tandem.protocol.media.relay;

import io.tandem.protocol.media.loop.Wire;
import java.util.stream.Stream;

/**
 * RTP ports of this test run: another range for each process, so that two runs on one machine never
 * hear each other's late packets.
 */
public final class TestPorts {
  private static final int FIRST = 10_000;
  private static final int PORTS_A_RUN = 200;
  private static final int RUNS = 100;

  private TestPorts() {}

  /** A hundred even/odd pairs below the ports the system hands out itself. */
  public static PortRange range() {
    int run = (int) (ProcessHandle.current().pid() % RUNS);
    int first = FIRST + run * PORTS_A_RUN;
    return new PortRange(first, first + PORTS_A_RUN - 1);
  }

  /** The wires this machine has: containers often forbid an io_uring. */
  static Stream<Wire> wires() {
    return Stream.of(Wire.values()).filter(Wire::available);
  }
}
