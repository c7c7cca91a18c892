package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.call.CallState;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import io.tandem.protocol.sip.ua.UaCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A rolling update of the schema on one PostgreSQL (OPS-8): expand while a node of before runs and
 * carries a call, both write, another of before starts on it; then contract, which shuts it out.
 *
 * <p>The node of after is this build with one migration more on its class path, which gives the
 * journal and the calls' table a column each and an index.
 */
class TwoSchemasTest {
  private static final long TIMER_MILLIS = 30_000;

  private static final String EXPAND =
      """
      alter table event_journal add column region varchar(20) not null default 'unknown';
      alter table call_index add column rated varchar(20);
      create index call_index_rated on call_index (rated);
      insert into schema_reach (version, oldest) values (901, 12);
      """;

  private static final String CONTRACT =
      """
      drop index call_index_rated;
      alter table call_index drop column rated;
      insert into schema_reach (version, oldest) values (902, 901);
      """;

  @TempDir Path directory;

  private final DatabaseSettings journal = Databases.POSTGRESQL.fresh();
  private final DatabaseSettings keys = Databases.POSTGRESQL.fresh();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Handsets phones = new Handsets();

  @AfterEach
  void stop() {
    phones.close();
    nodes.reversed().forEach(NodeProcess::close);
  }

  /** One that joins nobody, or the one that is given. */
  private NodeProcess start(int number, @Nullable NodeProcess other, List<String> jvmOptions)
      throws IOException {
    int port = other == null ? freePort() : 0;
    String seed = other == null ? "127.0.0." + number + ":" + port : other.cluster();
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("node.name", "n" + number);
    settings.put("node.roles", List.of("edge", "control"));
    settings.put("cluster.host", "127.0.0." + number);
    settings.put("cluster.port", port);
    settings.put("cluster.seeds", List.of('"' + seed + '"'));
    settings.put("database.url", journal.url());
    settings.put("database.user", journal.user());
    settings.put("database.password", journal.password());
    settings.put("keys.url", keys.url());
    settings.put("keys.user", keys.user());
    settings.put("keys.password", keys.password());
    settings.put("keys.master", "5a".repeat(32));
    settings.put("sip.host", "127.0.0." + number);
    settings.put("sip.port", 0);
    settings.put("rtp.ports", "34200-34299");
    NodeProcess node =
        NodeProcess.start(
            Files.createDirectories(directory.resolve("n" + number)), settings, jvmOptions);
    nodes.add(node);
    return node;
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  /** What a node of a newer build has on its class path. */
  private List<String> with(String... migrations) throws IOException {
    Path classes = Files.createDirectories(directory.resolve("next" + migrations.length));
    Path folder = Files.createDirectories(classes.resolve("db/postgresql"));
    for (int i = 0; i < migrations.length; i++) {
      Path unused =
          Files.writeString(folder.resolve("V" + (901 + i) + "__next.sql"), migrations[i]);
    }
    return List.of("-Xbootclasspath/a:" + classes);
  }

  private UaCall call(NodeProcess node, int number) throws Exception {
    Stall stall = Stall.of(number, TIMER_MILLIS);
    node.open(stall);
    phones.phone(stall.name(), node.sip());
    UaCall call = phones.call(stall.number(), node.sip());
    assertThat(call.answered().get(30, TimeUnit.SECONDS)).as("%s", node.logTail()).isTrue();
    return call;
  }

  @Test
  @Tag("rule:OPS-8")
  void a_schema_expands_under_calls_two_versions_write_and_the_old_one_goes_when_it_contracts()
      throws Exception {
    NodeProcess before = start(1, null, List.of());
    UaCall across = call(before, 1);

    NodeProcess after = start(2, before, with(EXPAND));
    UaCall ofAfter = call(after, 2);
    UaCall ofBefore = call(before, 3);
    try (Books books = Books.of(before.settings())) {
      for (UaCall each : List.of(across, ofAfter, ofBefore)) {
        each.hangUp();
        var unused = each.ended().get(20, TimeUnit.SECONDS);
      }
      Books.await("all are over", 30, () -> over(books) == 3 && released(books) == 3);
      assertThat(writers(books)).as("who has stored events").contains("n1", "n2");
    }

    // a node of before may also start on what the newer one made
    NodeProcess again = start(3, after, List.of());
    UaCall once = call(again, 4);
    once.hangUp();
    var unused = once.ended().get(20, TimeUnit.SECONDS);
    try (Books books = Books.of(again.settings())) {
      Books.await("that one is over too", 30, () -> over(books) == 4);
      assertThat(books.audit().verify().problems()).isEmpty();
      assertThat(books.audit().trialBalance(null).isZero()).isTrue();
    }

    // all are of the newer build: what nobody of before may miss goes
    List.of(again, after, before).forEach(NodeProcess::close);
    NodeProcess contracted = start(1, null, with(EXPAND, CONTRACT));
    assertThat(contracted.alive()).isTrue();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> start(4, contracted, List.of()))
        .withStackTraceContaining("newer build");
  }

  /** Holds that came back: none of the calls lasted as long as its timer. */
  private static long released(Books books) {
    return Stream.of(1, 2, 3)
        .map(i -> Stall.of(i, TIMER_MILLIS).wallet())
        .flatMap(wallet -> books.steps("wallet", wallet).stream())
        .filter(s -> s.envelope().header().event().name().equals("wallet.released"))
        .count();
  }

  private static long over(Books books) {
    return books.callsByNumber().values().stream()
        .filter(id -> books.call(id).orElseThrow() instanceof CallState.Ended)
        .count();
  }

  private static Set<String> writers(Books books) {
    Set<String> names = new TreeSet<>();
    books
        .callsByNumber()
        .values()
        .forEach(
            id ->
                books
                    .steps("call", id)
                    .forEach(
                        s -> names.add(s.envelope().header().clockId().replaceAll("@.*", ""))));
    for (int i = 1; i <= 3; i++) {
      books
          .steps("wallet", Stall.of(i, TIMER_MILLIS).wallet())
          .forEach(s -> names.add(s.envelope().header().clockId().replaceAll("@.*", "")));
    }
    return names;
  }
}
