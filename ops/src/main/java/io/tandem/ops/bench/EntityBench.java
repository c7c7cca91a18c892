package io.tandem.ops.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tandem.node.boot.AkkaConfig;
import io.tandem.node.boot.EntitiesOnly;
import io.tandem.node.entity.EntityKey;
import io.tandem.node.entity.Origin;
import io.tandem.node.entity.Reply;
import io.tandem.node.entity.host.HostSettings;
import io.tandem.node.entity.host.MeteredWatch;
import io.tandem.node.wallet.WalletCommand;
import io.tandem.node.wallet.WalletReply;
import io.tandem.node.wallet.WalletRules;
import io.tandem.node.wallet.WalletSettings;
import io.tandem.ops.bench.ClosedLoop.Measured;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.journal.TimedId;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.money.Money;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code tandem bench entity}: one hot wallet, held and released by clients that each wait for
 * their answer: through the host with group commit, through the host without, and as row-lock
 * transactions, one after the other on the same PostgreSQL (fsync on). What was answered is counted
 * in the journal afterwards.
 */
@Command(
    name = "entity",
    description =
        "One hot wallet: group commit, without it, and SQL row locks, on PostgreSQL with fsync.",
    mixinStandardHelpOptions = true)
public final class EntityBench implements Callable<Integer> {

  private static final long AVAILABLE_MICROS = 1_000_000_000_000L;
  private static final String CURRENCY = "USD";

  /** One way of doing it. */
  private record Row(String way, Measured measured, long stored, long writes) {}

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--clients", defaultValue = "64", description = "clients (${DEFAULT-VALUE})")
  private int clients;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "measured seconds of each way (${DEFAULT-VALUE})")
  private int seconds;

  @Option(
      names = "--warm-up",
      defaultValue = "20",
      description =
          "seconds before, not counted; with fewer the compiler takes half of the CPU"
              + " (${DEFAULT-VALUE})")
  private int warmUpSeconds;

  @Option(
      names = "--sql-connections",
      defaultValue = "16",
      description = "pool of the SQL peer (${DEFAULT-VALUE})")
  private int sqlConnections;

  @Option(
      names = "--require",
      defaultValue = "0",
      description = "exit code 1 below this many commands a second with group commit")
  private long required;

  @Option(names = "--only", description = "group commit alone, for profiling")
  private boolean only;

  @Option(names = "--json", description = "one line of JSON instead of a table")
  private boolean json;

  @Override
  public Integer call() throws IOException, SQLException {
    List<Row> rows = new ArrayList<>();
    try (DurablePostgres server = DurablePostgres.start()) {
      rows.add(host("group commit", server, HostSettings.DEFAULT));
      if (!only) {
        rows.add(host("a write each", server, HostSettings.DEFAULT.withBatchMax(1)));
        rows.add(sql(server.settings()));
      }
    }
    print(rows);
    return rows.getFirst().measured().perSecond() < required ? 1 : 0;
  }

  private Row host(String way, DurablePostgres server, HostSettings settings) {
    String id = WalletRules.walletId(TimedId.next("acct"), CURRENCY);
    EntityKey wallet = new EntityKey(WalletRules.NAME, id);
    var config =
        new AkkaConfig(
            "bench",
            "127.0.0.1",
            0,
            List.of(),
            Set.of("control"),
            Duration.ofMinutes(5),
            server.settings());
    var sealer = new AesGcmSealer(new MemoryKeyStore(), InstantSource.system());
    try (EntitiesOnly node =
        EntitiesOnly.start(
            config,
            List.of(WalletRules.type(WalletSettings.DEFAULT)),
            sealer,
            settings,
            new MeteredWatch(new SimpleMeterRegistry()))) {
      var deposit =
          new WalletCommand.Deposit(
              TimedId.next("dep"), new Money(AVAILABLE_MICROS, CURRENCY), "bench", "bench");
      done(node.gateway().attest(wallet, deposit, origin("deposit"))).toCompletableFuture().join();
      String[] calls = new String[clients];
      Measured measured =
          ClosedLoop.run(
              clients,
              warmUpSeconds,
              seconds,
              (client, number) -> {
                boolean hold = number % 2 == 0;
                if (hold) {
                  calls[client] = TimedId.next("call");
                }
                String call = calls[client];
                String holdId = call + "/o1/hold";
                WalletCommand command =
                    hold
                        ? new WalletCommand.Hold(holdId, call, "o1", new Money(1_000_000, CURRENCY))
                        : new WalletCommand.Release(holdId, call, "bench");
                return done(node.gateway().ask(wallet, command, origin(holdId)));
              });
      String name = wallet.toString();
      return new Row(way, measured, server.stored(name) - 1, server.writes(name));
    }
  }

  /** The answer, or a failure where the wallet refused. */
  private static CompletionStage<Reply> done(CompletionStage<Reply> answer) {
    return answer.thenApply(
        reply -> {
          if (reply instanceof WalletReply.Held
              || reply instanceof WalletReply.Released
              || reply instanceof WalletReply.Deposited) {
            return reply;
          }
          throw new IllegalStateException("refused: " + reply);
        });
  }

  private static Origin origin(String commandId) {
    return new Origin(commandId, "bench", "bench");
  }

  private Row sql(DatabaseSettings settings) throws SQLException {
    try (RowLockWallet wallet = new RowLockWallet(settings, sqlConnections, AVAILABLE_MICROS)) {
      String[] holds = new String[clients];
      Measured measured =
          ClosedLoop.run(
              clients,
              warmUpSeconds,
              seconds,
              (client, number) -> {
                boolean hold = number % 2 == 0;
                if (hold) {
                  holds[client] = TimedId.next("call") + "/o1/hold";
                }
                return wallet.move(holds[client], hold ? 1_000_000 : -1_000_000);
              });
      return new Row("SQL row lock", measured, wallet.movements(), wallet.movements());
    }
  }

  private void print(List<Row> rows) {
    PrintWriter out = spec.commandLine().getOut();
    long peer = Math.max(1, rows.getLast().measured().perSecond());
    if (json) {
      List<String> parts = new ArrayList<>();
      for (Row row : rows) {
        parts.add(
            "{\"way\":\"%s\",\"commandsPerSecond\":%d,\"p50Micros\":%d,\"p99Micros\":%d,\"cpuMicros\":%d,\"answered\":%d,\"stored\":%d,\"writes\":%d}"
                .formatted(
                    row.way(),
                    row.measured().perSecond(),
                    row.measured().p50Micros(),
                    row.measured().p99Micros(),
                    row.measured().cpuMicros(),
                    row.measured().all(),
                    row.stored(),
                    row.writes()));
      }
      out.println(
          "{\"bench\":\"entity\",\"clients\":%d,\"seconds\":%d,\"ways\":[%s]}"
              .formatted(clients, seconds, String.join(",", parts)));
      return;
    }
    out.printf(
        "One wallet, %d clients, %d s each, PostgreSQL with fsync on this machine%n",
        clients, seconds);
    out.printf(
        "%-14s %12s %9s %9s %9s %9s %10s %10s %8s%n",
        "way",
        "commands/s",
        "of SQL",
        "p50 ms",
        "p99 ms",
        "us CPU",
        "answered",
        "stored",
        "a write");
    for (Row row : rows) {
      Measured measured = row.measured();
      out.printf(
          "%-14s %,12d %8.1fx %9.2f %9.2f %,9d %,10d %,10d %8.1f%n",
          row.way(),
          measured.perSecond(),
          measured.perSecond() / (double) peer,
          measured.p50Micros() / 1_000.0,
          measured.p99Micros() / 1_000.0,
          measured.cpuMicros(),
          measured.all(),
          row.stored(),
          row.stored() / (double) Math.max(1, row.writes()));
    }
  }
}
