package io.tandem.ops.bench.rtp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.protocol.media.loop.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tandem bench rtp}: what a relayed packet costs, beside its peers in the same run. */
@Command(
    name = "rtp",
    description = {
      "Relays two-way G.711 calls (50 packets a second each way) on loopback, each contender and"
          + " the generator",
      "in a process of its own, and prints CPU, garbage, loss and latency. rtpengine takes part"
          + " when installed."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 measured (and not above --require), 1 above it or not measured, 2 wrong"
          + " options."
    })
public final class RtpBench implements Callable<Integer> {
  private static final int CALLS_MAX = 2_900;
  private static final int SECONDS_MAX = 60;

  @Option(
      names = "--calls",
      split = ",",
      paramLabel = "CALLS",
      defaultValue = "200,500,1000",
      description = "Concurrent calls to try. Default: ${DEFAULT-VALUE}.")
  private List<Integer> calls = List.of();

  @Option(
      names = "--contenders",
      split = ",",
      paramLabel = "NAME",
      defaultValue = "rtpengine,native,netty,bare",
      description =
          "Of native, srtp, uring, netty, rtpengine, bare, unconnected, shared, direct. Default:"
              + " ${DEFAULT-VALUE}.")
  private List<String> contenders = List.of();

  @Option(
      names = "--warm",
      defaultValue = "18",
      description = "Seconds before the measurement. Default: ${DEFAULT-VALUE}.")
  private int warmSeconds;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "Seconds of the measurement. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--require",
      paramLabel = "RATIO",
      description = "Fails when native takes more than this of rtpengine's CPU a packet.")
  private Double require = Double.POSITIVE_INFINITY;

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "PERCENT",
      description =
          "Also finds the calls at which native uses so many per cent of one core, and measures"
              + " every contender with as many. Wants native among the contenders.")
  private List<Integer> loads = List.of();

  @Option(
      names = "--apart",
      description = "Gives the contender one core and the generator another (taskset).")
  private boolean apart;

  @Option(names = "--json", description = "Prints the figures as one JSON object.")
  private boolean json;

  private final List<Row> rows = new ArrayList<>();
  private boolean failed;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    calls.forEach(count -> check("--calls", count, 1, CALLS_MAX));
    check("--warm", warmSeconds, 1, SECONDS_MAX);
    check("--seconds", seconds, 1, SECONDS_MAX);
    loads.forEach(percent -> check("--load", percent, 1, 95));
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter told = json ? spec.commandLine().getErr() : out;
    if (!Wire.NATIVE.available()) {
      told.println("tandem bench rtp needs Linux on x86-64 or aarch64: its generator does.");
      told.flush();
      return 1;
    }
    List<Contender> present = present(told);
    told.println(Row.HEAD);
    told.flush();
    rows.clear();
    failed = false;
    for (int count : calls) {
      for (Contender contender : present) {
        measure(contender, count, told);
      }
    }
    for (int percent : loads) {
      load(percent, present, told);
    }
    if (json) {
      out.println(json(rows));
      out.flush();
    }
    return !failed && rows.stream().allMatch(row -> withinRequired(row, rows)) ? 0 : 1;
  }

  private void measure(Contender contender, int count, PrintWriter told) {
    try {
      add(new Run(contender, count, warmSeconds, seconds, placement()).measure(), told);
    } catch (IOException broken) {
      failed(count, contender, broken, told);
    }
  }

  /** How native fares at a share of a core, then the others with as many calls. */
  private void load(int percent, List<Contender> present, PrintWriter told) {
    Optional<Row> known =
        rows.stream().filter(row -> row.contender() == Contender.NATIVE).reduce((a, b) -> b);
    if (known.isEmpty()) {
      failed = true;
      told.println("  --load wants a row of native to begin with");
      return;
    }
    try {
      Ramp ramp = new Ramp(Contender.NATIVE, warmSeconds, seconds, placement());
      List<Row> way = ramp.to(percent, known.get(), CALLS_MAX);
      way.forEach(row -> add(row, told));
      Row there = way.getLast();
      present.stream()
          .filter(contender -> contender != Contender.NATIVE)
          .forEach(contender -> measure(contender, there.calls(), told));
      told.println(there.atLoad(percent));
      told.flush();
    } catch (IOException broken) {
      failed(known.get().calls(), Contender.NATIVE, broken, told);
    }
  }

  private void add(Row row, PrintWriter told) {
    rows.add(row);
    told.println(row.text(rtpengine(rows, row.calls())));
    told.flush();
  }

  private void failed(int count, Contender contender, IOException broken, PrintWriter told) {
    failed = true;
    told.println("  " + count + "  " + contender.title() + " failed: " + broken.getMessage());
    told.flush();
  }

  private Placement placement() {
    return apart ? Placement.APART : Placement.ANYWHERE;
  }

  private void check(String option, int found, int least, int most) {
    if (found < least || found > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": found " + found + ", allowed: " + least + " to " + most);
    }
  }

  private List<Contender> present(PrintWriter told) {
    List<Contender> present = new ArrayList<>();
    for (String name : contenders) {
      Contender contender = named(name);
      contender
          .missing()
          .ifPresentOrElse(why -> told.println("Left out: " + why), () -> present.add(contender));
    }
    return present;
  }

  private Contender named(String name) {
    try {
      return Contender.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new ParameterException(
          spec.commandLine(),
          "--contenders: found "
              + name
              + ", allowed: native, srtp, uring, netty, rtpengine, bare, unconnected, shared,"
              + " direct",
          unknown);
    }
  }

  private static Optional<Row> rtpengine(List<Row> rows, int calls) {
    return rows.stream()
        .filter(row -> row.contender() == Contender.RTPENGINE && row.calls() == calls)
        .findFirst();
  }

  private boolean withinRequired(Row row, List<Row> rows) {
    if (row.contender() != Contender.NATIVE) {
      return true;
    }
    return rtpengine(rows, row.calls())
        .map(peer -> row.cpuMicros() / peer.cpuMicros() <= require)
        .orElse(require.isInfinite());
  }

  private static String json(List<Row> rows) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    ArrayNode array = json.putArray("rows");
    for (Row row : rows) {
      ObjectNode node =
          array
              .addObject()
              .put("contender", row.contender().title())
              .put("calls", row.calls())
              .put("cpuMicrosPerPacket", row.cpuMicros())
              .put("cores", row.cores())
              .put("coresPer1000Calls", row.coresPer1000Calls())
              .put("sent", row.sent())
              .put("lost", row.lost())
              .put("p50Micros", row.p50Micros())
              .put("p99Micros", row.p99Micros())
              .put("p999Micros", row.p999Micros())
              .put("generatorStillMillis", row.generatorStillMillis())
              .put("othersCores", row.othersCores())
              .put("stealCores", row.hostCores());
      row.garbageOctets().ifPresent(octets -> node.put("garbageOctetsPerPacket", octets));
    }
    return json.toString();
  }
}
