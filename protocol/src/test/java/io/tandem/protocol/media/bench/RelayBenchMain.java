package io.tandem.protocol.media.bench;

import io.tandem.protocol.media.loop.Wire;
import io.tandem.protocol.media.relay.PortRange;

/** Prints what a relayed packet costs: {@code RelayBenchMain [calls [wire]]}. */
public final class RelayBenchMain {
  private RelayBenchMain() {}

  public static void main(String[] arguments) throws Exception {
    int calls = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    Wire wire = arguments.length > 1 ? Wire.valueOf(arguments[1]) : Wire.best();
    PortRange ports = new PortRange(20_000, 29_999);
    System.out.println(RelayBench.run(RelayBench.Load.of(calls, ports).on(wire)));
  }
}
