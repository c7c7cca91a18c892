package io.tandem.ops.bench.audit;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.agent.AgentSettings;
import io.tandem.node.boot.Nouns;
import io.tandem.node.boot.Settings;
import io.tandem.node.entity.EntityType;
import io.tandem.node.entity.wire.EntityCodecs;
import io.tandem.node.entity.wire.StoredSnapshots;
import io.tandem.ops.Progress;
import io.tandem.ops.Scratch;
import io.tandem.ops.bench.call.ProcessTree;
import io.tandem.ops.whatif.OtherTerms;
import io.tandem.ops.whatif.TimeSpan;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.audit.Audit;
import io.tandem.persistence.audit.FullVerification;
import io.tandem.persistence.audit.JournalReader;
import io.tandem.persistence.audit.TrialBalance;
import io.tandem.persistence.audit.Verification;
import io.tandem.persistence.database.Database;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.DomainEvent;
import io.tandem.persistence.journal.DomainState;
import io.tandem.persistence.journal.EntityKind;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.money.Money;
import io.tandem.persistence.proof.CheckpointMaker;
import io.tandem.persistence.proof.FileAnchor;
import io.tandem.persistence.proof.SigningKey;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench audit}: makes up a month of calls in a PostgreSQL of its own and goes through
 * it as an auditor does. Nothing is left behind.
 */
@Command(
    name = "audit",
    description = {
      "A made-up month of calls in PostgreSQL, then what an auditor does with it: verify every"
          + " chain",
      "and fold every event, the same with the signed checkpoints against the rows and a file"
          + " outside, sum the trial balance, and run the month again under other terms."
    },
    mixinStandardHelpOptions = true)
public final class AuditBench implements Callable<Integer> {
  private static final String DONE = "made";
  private static final SigningKey KEY = new SigningKey("bench", new byte[SigningKey.BYTES]);
  private static final int WRITERS = 2;
  private static final int CALLS_MAX = 2_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--calls",
      defaultValue = "1000000",
      description = "calls in the month, about 7.3 events each (${DEFAULT-VALUE}; at most 2000000)")
  private int calls;

  @Option(
      names = "--agents",
      defaultValue = "2000",
      description = "agents who take them (${DEFAULT-VALUE})")
  private int agents;

  @Option(
      names = "--require",
      defaultValue = "0",
      description = "exit code 1 below so many events a second, fold and verify")
  private long required;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "keeps the journal there, or measures on the one that is there already")
  private @Nullable Path keep;

  @Option(names = "--json", description = "one line of JSON for each thing that was done")
  private boolean json;

  private long databasePid;

  @Override
  public Integer call() throws IOException {
    if (calls < 1 || calls > CALLS_MAX || agents < WRITERS) {
      throw new picocli.CommandLine.ParameterException(
          spec.commandLine(), "--calls: 1 to " + CALLS_MAX + "; --agents: at least " + WRITERS);
    }
    EntityCodecs codecs =
        EntityCodecs.of(
            Nouns.of(Settings.of(ConfigFactory.empty())),
            Nouns.upcasters(),
            new AesGcmSealer(new MemoryKeyStore(), InstantSource.system()));
    Path files = keep == null ? Files.createTempDirectory("tandem-bench-audit") : keep;
    boolean there = Files.exists(files.resolve(DONE));
    try (EmbeddedPostgres server = server(files.resolve("postgres"));
        Database database = opened(server)) {
      databasePid =
          Long.parseLong(
              Files.readAllLines(files.resolve("postgres/postmaster.pid")).getFirst().strip());
      if (!there) {
        Files.writeString(files.resolve(DONE), calls + " " + fill(database, codecs));
      }
      String[] made = Files.readString(files.resolve(DONE)).split(" ", 2);
      calls = Integer.parseInt(made[0]);
      FileAnchor anchor = new FileAnchor(files.resolve("checkpoints.anchor"));
      sign(database, anchor);
      return ask(database, codecs, anchor, Long.parseLong(made[1]));
    } finally {
      if (keep == null) {
        Scratch.clear(files);
      }
    }
  }

  /** What is measured only reads: nothing has to survive a crash. */
  private static EmbeddedPostgres server(Path files) throws IOException {
    return EmbeddedPostgres.builder()
        .setServerConfig("fsync", "off")
        .setServerConfig("shared_buffers", quarterOfMemoryMb() + "MB")
        .setServerConfig("max_wal_size", "4GB")
        .setServerConfig("autovacuum", "off")
        .setDataDirectory(files)
        .setCleanDataDirectory(false)
        .start();
  }

  /** What PostgreSQL's manual gives a server of its own. */
  private static long quarterOfMemoryMb() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? Math.clamp(system.getTotalMemorySize() >> 22, 128, 8_192)
        : 512;
  }

  private static Database opened(EmbeddedPostgres server) {
    String url = "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    return Database.open(
        new DatabaseSettings(url, "postgres", "postgres")
            .withConnections(2 * (Runtime.getRuntime().availableProcessors() + 1)),
        Database.Contents.JOURNAL);
  }

  private long fill(Database database, EntityCodecs codecs) {
    AtomicLong made = new AtomicLong();
    Progress progress = new Progress(err(), "making up a month");
    long began = System.nanoTime();
    List<CompletableFuture<Long>> parts = new ArrayList<>();
    for (int part = 0; part < WRITERS; part++) {
      int own = part;
      parts.add(
          CompletableFuture.supplyAsync(
              () -> part(own, database, codecs, made), task -> Thread.ofPlatform().start(task)));
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    while (!all.isDone()) {
      progress.show(made.get(), calls, made.get() + " calls");
      java.util.concurrent.locks.LockSupport.parkNanos(500_000_000);
    }
    all.join();
    progress.done();
    database.update("vacuum (analyze) event_journal");
    long events = parts.stream().mapToLong(CompletableFuture::join).sum();
    err()
        .printf(
            "%,d events of %,d calls made in %d s%n",
            events, calls, Duration.ofNanos(System.nanoTime() - began).toSeconds());
    return events;
  }

  private long part(int part, Database database, EntityCodecs codecs, AtomicLong made) {
    try (BulkWriter writer = new BulkWriter(database)) {
      MadeUpMonth month = new MadeUpMonth(codecs.sealed(), writer::write, part, agents / WRITERS);
      Duration length = Duration.between(MadeUpMonth.BEGIN, MadeUpMonth.END);
      for (int call = part; call < calls; call += WRITERS) {
        month.call(MadeUpMonth.BEGIN.plusMillis(length.toMillis() * call / calls));
        long unused = made.incrementAndGet();
      }
      return writer.written();
    }
  }

  /** Signs what is not signed yet, in lists as long as they get, and tells a file. */
  private void sign(Database database, FileAnchor anchor) {
    CheckpointMaker maker = new CheckpointMaker(database, KEY, InstantSource.system());
    Progress progress = new Progress(err(), "signing");
    long signed = 0;
    while (maker.make().isPresent()) {
      progress.show(++signed, signed + 1, signed + " checkpoints");
    }
    while (maker.anchor(anchor) > 0) {
      // until it has all
    }
    progress.done();
  }

  private boolean everything(
      Database database,
      EntityCodecs codecs,
      List<EntityKind<?, ?>> kinds,
      FileAnchor anchor,
      long events) {
    FullVerification.Outcome[] outcome = new FullVerification.Outcome[1];
    long unused =
        measured(
            "verify, with checkpoints",
            () -> {
              outcome[0] =
                  new FullVerification(
                          database, codecs.sealed(), kinds, new StoredSnapshots(codecs))
                      .run(KEY.verifying(), List.of(anchor), (what, done) -> {});
              return outcome[0].verification().events();
            });
    boolean right =
        outcome[0].verification().isSound() && outcome[0].checkpoints().covered() == events;
    if (!right) {
      err().println("WRONG: " + outcome[0]);
    }
    return right;
  }

  private int ask(Database database, EntityCodecs codecs, FileAnchor anchor, long events) {
    List<EntityKind<?, ?>> kinds = new ArrayList<>();
    codecs.types().forEach(type -> kinds.add(kindOf(type)));
    Audit audit = new Audit(database, codecs.sealed(), kinds);
    if (!json) {
      out()
          .printf(
              "%-34s %12s %8s %12s %10s %10s %8s%n",
              "", "events", "s", "events/s", "us CPU", "us CPU db", "heap MB");
    }
    Verification[] found = new Verification[1];
    long perSecond =
        measured(
            "fold and verify",
            () -> {
              found[0] = audit.verify();
              return found[0].events();
            });
    boolean covered = everything(database, codecs, kinds, anchor, events);
    TrialBalance[] balance = new TrialBalance[1];
    long unused =
        measured(
            "trial balance",
            () -> {
              balance[0] = audit.trialBalance(null);
              return events;
            });
    boolean same = whatIf("what-if, the same terms", database, codecs, OtherTerms.SAME) == 0;
    long differing =
        whatIf(
            "what-if, 60 s and 30.00 USD",
            database,
            codecs,
            new OtherTerms(
                Map.of(OtherTerms.EVERY, 60_000L),
                Map.of(OtherTerms.EVERY, Money.ofUnits(30, "USD")),
                null));
    boolean right =
        found[0].isSound()
            && covered
            && found[0].events() == events
            && balance[0].isZero()
            && same
            && differing > 0;
    if (!right) {
      err().println("WRONG: " + found[0] + ", zero " + balance[0].isZero() + ", same " + same);
    }
    return right && perSecond >= required ? 0 : 1;
  }

  private long whatIf(String what, Database database, EntityCodecs codecs, OtherTerms terms) {
    WhatIf.Outcome[] outcome = new WhatIf.Outcome[1];
    long unused =
        measured(
            what,
            () -> {
              outcome[0] =
                  WhatIf.of(new JournalReader(database), codecs.sealed(), AgentSettings.DEFAULT)
                      .under(terms)
                      .within(new TimeSpan(MadeUpMonth.BEGIN, MadeUpMonth.END))
                      .run();
              return outcome[0].events();
            });
    if (!outcome[0].isBooked() || outcome[0].calls() != calls) {
      err().println("WRONG: " + outcome[0].calls() + " calls, booked " + outcome[0].isBooked());
      return -1;
    }
    return outcome[0].differing();
  }

  private long measured(String what, LongSupplier work) {
    Gauge gauge = Gauge.now(databasePid);
    long events = work.getAsLong();
    Gauge spent = Gauge.now(databasePid).minus(gauge);
    long perSecond = events * 1_000 / Math.max(1, spent.millis());
    if (json) {
      out()
          .printf(
              "{\"bench\":\"audit\",\"what\":\"%s\",\"calls\":%d,\"events\":%d,\"millis\":%d,\"perSecond\":%d,\"cpuMillis\":%d,\"databaseCpuMillis\":%d,\"heapMb\":%d}%n",
              what,
              calls,
              events,
              spent.millis(),
              perSecond,
              spent.cpuMillis(),
              spent.databaseMillis(),
              heapMb());
    } else {
      out()
          .printf(
              "%-34s %,12d %8.1f %,12d %10.2f %10.2f %8d%n",
              what,
              events,
              spent.millis() / 1_000.0,
              perSecond,
              spent.cpuMillis() * 1_000.0 / events,
              spent.databaseMillis() * 1_000.0 / events,
              heapMb());
    }
    out().flush();
    return perSecond;
  }

  /** What was alive after the last collection, in MiB: it must not grow with the journal. */
  private static long heapMb() {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage after = pool.getCollectionUsage();
      used += after == null ? 0 : after.getUsed();
    }
    return used >> 20;
  }

  private record Gauge(long millis, long cpuMillis, long databaseMillis) {
    static Gauge now(long databasePid) {
      return new Gauge(
          System.nanoTime() / 1_000_000,
          ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis(),
          new ProcessTree(databasePid).cpuMillis());
    }

    Gauge minus(Gauge before) {
      return new Gauge(
          millis - before.millis,
          cpuMillis - before.cpuMillis,
          databaseMillis - before.databaseMillis);
    }
  }

  private static <S extends DomainState<S, E>, E extends DomainEvent> EntityKind<S, E> kindOf(
      EntityType<?, ?, E, S> type) {
    return new EntityKind<>(type.name(), type.eventType(), type.initial());
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
