package io.tandem.protocol.media.bench;

import com.sun.management.ThreadMXBean;
import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.AnchorSettings;
import io.tandem.protocol.media.relay.MediaAnchor;
import io.tandem.protocol.media.relay.MediaAnchor.Allocation;
import io.tandem.protocol.media.relay.MediaAnchor.Opening;
import io.tandem.protocol.media.relay.PortRange;
import io.tandem.protocol.media.relay.Relay;
import io.tandem.protocol.media.relay.RelayLeg;
import io.tandem.protocol.media.relay.RemoteParty;
import io.tandem.protocol.media.relay.Side;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a relayed packet costs: bidirectional G.711 streams of 20 ms through a real anchor on
 * loopback, with the CPU time and the garbage of the relay's own threads, the loss, and the latency
 * from send to receive. The generator runs in the same process on threads of its own; its cost is
 * not in the figures, its scheduling is in the latency.
 */
public final class RelayBench {
  private RelayBench() {}

  /**
   * What to run.
   *
   * @param calls two streams each, 100 packets a second together
   * @param warmUp not measured
   * @param measured length of the measurement
   */
  public record Load(
      int calls, Duration warmUp, Duration measured, int eventLoops, Wire wire, PortRange ports) {
    /** 3 s of warm-up and 10 s of measurement on one loop of the best wire. */
    public static Load of(int calls, PortRange ports) {
      return new Load(calls, Duration.ofSeconds(3), Duration.ofSeconds(10), 1, Wire.best(), ports);
    }

    /** The same load on another kind of socket. */
    public Load on(Wire other) {
      return new Load(calls, warmUp, measured, eventLoops, other, ports);
    }
  }

  /**
   * What came of it.
   *
   * @param relayed packets that entered the relay while it was measured
   * @param cpuMicrosPerPacket user and system time of the relay's threads
   * @param garbageOctetsPerPacket heap allocated by the relay's threads
   * @param sent packets of the whole run, warm-up included
   * @param lost of these
   * @param latencyMicros p50, p99 and p99.9 of the packets sent while it was measured
   */
  public record Outcome(
      Load load,
      long relayed,
      double cpuMicrosPerPacket,
      double garbageOctetsPerPacket,
      long sent,
      long lost,
      long[] latencyMicros) {

    /** One line for a table. */
    @Override
    public String toString() {
      return "%5d calls  %-5s  %8d packets  %6.2f µs CPU/packet  %5.0f B garbage/packet  "
              .formatted(
                  load.calls(), load.wire(), relayed, cpuMicrosPerPacket, garbageOctetsPerPacket)
          + "lost %d of %d  latency p50 %d p99 %d p99.9 %d µs"
              .formatted(lost, sent, latencyMicros[0], latencyMicros[1], latencyMicros[2]);
    }
  }

  /**
   * Runs the load; takes its warm-up and measurement and about a second more.
   *
   * @throws IOException when the anchor or the generator cannot get its ports
   */
  public static Outcome run(Load load) throws IOException, InterruptedException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    AnchorSettings settings =
        AnchorSettings.of(loopback, load.ports())
            .withWire(load.wire())
            .withEventLoops(load.eventLoops())
            .withWarmPairs(2 * load.calls());
    MediaAnchor anchor =
        switch (MediaAnchor.open(settings, System::nanoTime)) {
          case Opening.Opened opened -> opened.anchor();
          case Opening.Refused refused -> throw new IOException(refused.reason());
        };
    try (anchor;
        RelayLoad streams = new RelayLoad(loopback, load.calls())) {
      List<Relay> relays = new ArrayList<>();
      for (int call = 0; call < load.calls(); call++) {
        relays.add(connect(anchor, streams, call));
      }
      return measure(load, anchor, streams, relays);
    }
  }

  private static Relay connect(MediaAnchor anchor, RelayLoad streams, int call) throws IOException {
    switch (anchor.allocate("bench-" + call)) {
      case Allocation.Granted granted -> {
        Relay relay = granted.relay();
        for (Side side : Side.values()) {
          RelayLeg leg = relay.leg(side);
          leg.expect(RemoteParty.trunk(streams.addressOf(call, side)));
          streams.sendTo(call, side, leg.localPort());
        }
        relay.bridge();
        return relay;
      }
      case Allocation.Exhausted exhausted -> throw new IOException("no ports: " + exhausted);
      case Allocation.Closed closed -> throw new IOException("the anchor is closed");
    }
  }

  private static Outcome measure(
      Load load, MediaAnchor anchor, RelayLoad streams, List<Relay> relays)
      throws InterruptedException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] loops = anchor.loopThreadIds();
    streams.start();
    streams.runFor(load.warmUp());
    long packetsBefore = packets(relays);
    long cpuBefore = sum(threads.getThreadCpuTime(loops));
    long garbageBefore = sum(threads.getThreadAllocatedBytes(loops));
    streams.timeFromNow();
    streams.runFor(load.measured());
    long packets = packets(relays) - packetsBefore;
    long cpuNanos = sum(threads.getThreadCpuTime(loops)) - cpuBefore;
    long garbage = sum(threads.getThreadAllocatedBytes(loops)) - garbageBefore;
    streams.finish();
    return new Outcome(
        load,
        packets,
        cpuNanos / 1000.0 / packets,
        (double) garbage / packets,
        streams.sent(),
        streams.sent() - streams.received(),
        streams.latencyMicros(0.5, 0.99, 0.999));
  }

  private static long packets(List<Relay> relays) {
    long packets = 0;
    for (Relay relay : relays) {
      Relay.Statistics now = relay.statistics();
      packets += now.a().rtpIn().packets() + now.b().rtpIn().packets();
    }
    return packets;
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
