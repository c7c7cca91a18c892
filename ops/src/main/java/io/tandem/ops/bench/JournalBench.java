package io.tandem.ops.bench;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.node.boot.AkkaConfig;
import io.tandem.node.boot.EntitiesOnly;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.host.HostSettings;
import io.tandem.node.entity.host.MeteredWatch;
import io.tandem.ops.Progress;
import io.tandem.ops.bench.ClosedLoop.Measured;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench journal}: events a second through the entity host to PostgreSQL, by our write
 * path and by the plugin that akka-persistence-jdbc ships, beside a bare array writer; then the
 * latency of commits at a given rate.
 */
@Command(
    name = "journal",
    description = {
      "Events a second through the entity host to PostgreSQL (fsync on), all on this machine:",
      "  arrays    as a node writes: many entities a transaction, an array a column",
      "  shipped   the same host on the plugin akka-persistence-jdbc as it comes",
      "  open loop arrays again, at a given rate: what a commit takes when nobody waits for others",
      "  bare      plain JDBC that does nothing but insert such arrays: the most there is to get",
      "  bare open plain JDBC at the open loop's rate: what server and disk make of it by themselves",
      "Arrays and shipped are warmed first and then measured in turn. Each command is one event of"
          + " about 300 bytes. Clients wait for their answer, which comes after",
      "the commit; they are spread over the entities. What was answered is counted in the journal."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Targets, for --check: arrays at least twice shipped and 60,000 events/s; open loop p99 at"
          + " most 15 ms.",
      "Exit codes: 0 done, 1 a target was missed (with --check) or events are missing, 2 wrong"
          + " options."
    })
public final class JournalBench implements Callable<Integer> {

  private static final long TARGET_PER_SECOND = 60_000;
  private static final int TARGET_TIMES_SHIPPED = 2;
  private static final long TARGET_P99_MICROS = 15_000;
  private static final int BARE_CONNECTIONS = 2;

  private static final String SHIPPED =
      """
      akka.persistence.journal { plugin = "jdbc-journal", auto-start-journals = ["jdbc-journal"] }
      akka.persistence.snapshot-store {
        plugin = "jdbc-snapshot-store", auto-start-snapshot-stores = ["jdbc-snapshot-store"]
      }
      """;

  private static final Counting.CountCommand COUNT = new Counting.CountCommand.Count(1);
  private static final Origin ORIGIN = new Origin("bench-0123456789abcdef", "bench", "bench");

  /** One way of doing it; {@code stored} is what the table has of its events. */
  private record Row(String way, Measured measured, long stored) {}

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--entities",
      defaultValue = "300",
      description = "Entities that are written to. Default: ${DEFAULT-VALUE}.")
  private int entities;

  @Option(
      names = "--clients",
      defaultValue = "1200",
      description = "Clients of the closed loops, in all. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--seconds",
      defaultValue = "8",
      description = "Measured seconds of each round. Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "15",
      description =
          "Seconds of each way before, not counted; with fewer the compiler takes half of the CPU."
              + " Default: ${DEFAULT-VALUE}.")
  private int warmUpSeconds;

  @Option(
      names = "--rounds",
      defaultValue = "2",
      description =
          "How often arrays and shipped are measured, in turn. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--rate",
      defaultValue = "25000",
      description = "Events a second of the open loop. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(names = "--only", description = "One way alone: arrays, shipped, open or bare.")
  private String only = "";

  @Option(
      names = "--linger",
      defaultValue = "20000",
      description =
          "Microseconds that a transaction waits for company at most. Default, as in a node:"
              + " ${DEFAULT-VALUE}.")
  private int lingerMicros;

  @Option(
      names = "--lanes",
      defaultValue = "2",
      description = "Connections that write. Default: ${DEFAULT-VALUE}.")
  private int lanes;

  @Option(names = "--check", description = "Exit code 1 where a target is missed.")
  private boolean check;

  @Option(names = "--json", description = "One line of JSON instead of a table.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    List<Row> rows = new ArrayList<>();
    Progress progress = new Progress(spec.commandLine().getErr(), "bench journal");
    try (DurablePostgres server = DurablePostgres.start();
        Ways ways = new Ways(server)) {
      List<String> closed = Stream.of("arrays", "shipped").filter(this::wanted).toList();
      int steps = closed.size() * (1 + rounds) + 2;
      for (String way : closed) {
        progress.show(rows.size(), steps, way + ", warm-up");
        var unused = ways.of(way).measure(warmUpSeconds, 1);
      }
      for (int round = 0; round < rounds; round++) {
        List<String> order = round % 2 == 0 ? closed : closed.reversed();
        for (String way : order) {
          progress.show(closed.size() + rows.size(), steps, way);
          server.checkpoint();
          rows.add(ways.of(way).measure(1, seconds));
        }
      }
      if (wanted("open")) {
        progress.show(steps - 2, steps, "open loop");
        rows.add(ways.of("arrays").open());
        server.checkpoint();
        rows.add(bareOpen(server));
      }
      if (wanted("bare")) {
        progress.show(steps - 1, steps, "bare");
        server.checkpoint();
        rows.add(bare(server));
      }
      progress.show(steps, steps, "done");
      progress.done();
    }
    print(rows);
    boolean whole = rows.stream().allMatch(row -> row.stored() == row.measured().all());
    return whole && (!check || targetsMet(rows)) ? 0 : 1;
  }

  private boolean wanted(String way) {
    return only.isEmpty() || only.equals(way);
  }

  /** The nodes that are measured in turn, each started when it is first needed. */
  private final class Ways implements AutoCloseable {
    private final DurablePostgres server;
    private final Map<String, Way> started = new LinkedHashMap<>();

    Ways(DurablePostgres server) {
      this.server = server;
    }

    Way of(String name) {
      return started.computeIfAbsent(name, way -> new Way(way, server));
    }

    @Override
    public void close() {
      started.values().forEach(Way::close);
    }
  }

  /** A node with one way to the database, and its entities loaded. */
  private final class Way implements AutoCloseable {
    private final String name;
    private final DurablePostgres server;
    private final EntitiesOnly node;
    private final List<EntityKey> keys;

    Way(String name, DurablePostgres server) {
      this.name = name;
      this.server = server;
      String told =
          name.equals("shipped")
              ? SHIPPED
              : "tandem-journal { lanes = %d, linger = %d us }".formatted(lanes, lingerMicros);
      Config node =
          new AkkaConfig(
                  "bench",
                  "127.0.0.1",
                  0,
                  List.of(),
                  Set.of("control"),
                  Duration.ofMinutes(5),
                  server.settings())
              .config();
      this.node =
          EntitiesOnly.start(
              "bench",
              ConfigFactory.parseString(told).withFallback(node),
              List.of(Counting.type(name)),
              new AesGcmSealer(new MemoryKeyStore(), InstantSource.system()),
              HostSettings.DEFAULT,
              new MeteredWatch(new SimpleMeterRegistry()));
      this.keys = IntStream.range(0, entities).mapToObj(i -> Counting.key(name, i)).toList();
      var unused = ClosedLoop.run(entities, 0, 2, this::request);
    }

    Row measure(int warmSeconds, int measuredSeconds) {
      long before = server.stored(name + '|');
      Measured measured = ClosedLoop.run(clients, warmSeconds, measuredSeconds, this::request);
      return new Row(name, measured, server.stored(name + '|') - before);
    }

    Row open() {
      if (!only.isEmpty()) { // else the node is warm
        var unused = OpenLoop.run(rate, 0, warmUpSeconds, this::request);
      }
      server.checkpoint();
      long before = server.stored(name + '|');
      Measured measured = OpenLoop.run(rate, 2, seconds, this::request);
      return new Row("open", measured, server.stored(name + '|') - before);
    }

    private CompletionStage<?> request(int client, long number) {
      return node.gateway().ask(keys.get(client % entities), COUNT, ORIGIN);
    }

    @Override
    public void close() {
      node.close();
    }
  }

  private Row bare(DurablePostgres server) {
    Measured measured =
        new BareArrays(server.settings(), server.averageEventBytes())
            .run(BARE_CONNECTIONS, 2, seconds);
    return new Row("bare", measured, server.stored("bare|"));
  }

  private Row bareOpen(DurablePostgres server) {
    Measured measured =
        new BareArrays(server.settings(), server.averageEventBytes())
            .runAt(rate, BARE_CONNECTIONS, 2, seconds);
    return new Row("bare open", measured, server.stored("even|"));
  }

  private static boolean targetsMet(List<Row> rows) {
    double arrays = perSecond(rows, "arrays");
    double shipped = perSecond(rows, "shipped");
    return arrays >= TARGET_PER_SECOND
        && arrays >= TARGET_TIMES_SHIPPED * shipped
        && rows.stream()
            .filter(row -> row.way().equals("open"))
            .allMatch(row -> row.measured().p99Micros() <= TARGET_P99_MICROS);
  }

  /** The mean of the rounds; 0 where there was none. */
  private static double perSecond(List<Row> rows, String way) {
    return rows.stream()
        .filter(row -> row.way().equals(way))
        .mapToLong(row -> row.measured().perSecond())
        .average()
        .orElse(0);
  }

  private void print(List<Row> rows) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      List<String> ways = new ArrayList<>();
      for (Row row : rows) {
        Measured m = row.measured();
        ways.add(
            "{\"way\":\"%s\",\"eventsPerSecond\":%d,\"p50Micros\":%d,\"p99Micros\":%d,\"cpuMicros\":%d,\"answered\":%d,\"stored\":%d}"
                .formatted(
                    row.way(),
                    m.perSecond(),
                    m.p50Micros(),
                    m.p99Micros(),
                    m.cpuMicros(),
                    m.all(),
                    row.stored()));
      }
      out.println(
          "{\"bench\":\"journal\",\"entities\":%d,\"clients\":%d,\"seconds\":%d,\"rate\":%d,\"ways\":[%s]}"
              .formatted(entities, clients, seconds, rate, String.join(",", ways)));
      return;
    }
    double shipped = perSecond(rows, "shipped");
    out.printf(
        "%d entities, %d clients, %d s each, PostgreSQL with fsync on this machine%n",
        entities, clients, seconds);
    out.printf(
        "%-10s %12s %12s %9s %9s %9s %10s %10s%n",
        "way", "events/s", "of shipped", "p50 ms", "p99 ms", "us CPU", "answered", "stored");
    for (Row row : rows) {
      Measured m = row.measured();
      out.printf(
          "%-10s %,12d %12s %9.2f %9.2f %,9d %,10d %,10d%n",
          row.way().equals("open") ? "open loop" : row.way(),
          m.perSecond(),
          shipped == 0 ? "" : "%.1fx".formatted(m.perSecond() / shipped),
          m.p50Micros() / 1_000.0,
          m.p99Micros() / 1_000.0,
          m.cpuMicros(),
          m.all(),
          row.stored());
    }
    if (rows.stream().anyMatch(row -> row.way().equals("bare"))) {
      out.println("bare: p50 and p99 are of transactions of 200 rows");
    }
    if (rows.stream().anyMatch(row -> row.way().equals("bare open"))) {
      out.println("bare open: rows at the same rate by plain JDBC, timed as the open loop's");
    }
  }
}
