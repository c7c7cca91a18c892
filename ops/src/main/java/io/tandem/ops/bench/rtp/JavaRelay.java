package io.tandem.ops.bench.rtp;

import io.tandem.ops.bench.rtp.process.BareForwarder;
import io.tandem.ops.bench.rtp.process.NoRelay;
import io.tandem.ops.bench.rtp.process.RelayHost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A relay of our own in a JVM of its own. */
record JavaRelay(JavaProcess jvm, List<String> ports) implements Relaying {
  private static final int FIRST_PORT = 20_000;
  private static final String PORTS = FIRST_PORT + "-31999";

  /** The media anchor on a kind of wire. */
  static JavaRelay anchor(String wire, int calls, Placement placement) throws IOException {
    return start(RelayHost.class, wire, calls, PORTS, placement);
  }

  /** A loop without any policy. */
  static JavaRelay bare(String kind, int calls, Placement placement) throws IOException {
    return start(BareForwarder.class, kind, calls, Integer.toString(FIRST_PORT), placement);
  }

  /** The phones send to each other. */
  static JavaRelay none(int calls, Placement placement) throws IOException {
    return start(NoRelay.class, "direct", calls, "", placement);
  }

  private static JavaRelay start(
      Class<?> main, String kind, int calls, String ports, Placement placement) throws IOException {
    JavaProcess jvm =
        JavaProcess.start(
            placement.contender(),
            main.getName(),
            List.of(kind, Integer.toString(calls), Integer.toString(FIRST_PHONE_PORT), ports));
    List<String> lines = new ArrayList<>();
    try {
      String line = jvm.hear();
      while (!line.equals("ready")) {
        lines.add(line);
        line = jvm.hear();
      }
      return new JavaRelay(jvm, lines);
    } catch (IOException early) {
      jvm.close();
      throw early;
    }
  }

  @Override
  public Process process() {
    return jvm.process();
  }

  @Override
  public Optional<Long> allocatedOctets() throws IOException {
    jvm.say("mark");
    return Optional.of(Long.parseLong(jvm.hear().split(" ", -1)[1]));
  }

  @Override
  public void close() {
    jvm.close();
  }
}
