package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.audit.Audit.Step;
import io.tandem.persistence.call.CallEvent;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes on loopback addresses and one PostgreSQL, every message between actors serialized.
 */
class ThreeNodesTest {
  private static final long TIMER_MILLIS = 30_000;
  private static final int STALLS = 10;
  private static final int ROUNDS = 4;

  @TempDir Path directory;

  private final DatabaseSettings journal = Databases.POSTGRESQL.fresh();
  private final DatabaseSettings keys = Databases.POSTGRESQL.fresh();
  private final List<NodeProcess> nodes = new ArrayList<>();
  private final Handsets phones = new Handsets();

  @BeforeEach
  void start() throws IOException {
    int port = freePort();
    nodes.add(start(1, port));
    List<CompletableFuture<NodeProcess>> others =
        List.of(
            CompletableFuture.supplyAsync(() -> start(2, port), Thread.ofPlatform()::start),
            CompletableFuture.supplyAsync(() -> start(3, port), Thread.ofPlatform()::start));
    others.forEach(each -> nodes.add(each.join()));
  }

  @AfterEach
  void stop() {
    phones.close();
    nodes.reversed().forEach(NodeProcess::close);
  }

  private NodeProcess start(int number, int seedPort) {
    try {
      String host = "127.0.0." + number;
      Path own = Files.createDirectories(directory.resolve("n" + number));
      Files.writeString(own.resolve("akka.conf"), "akka.actor.serialize-messages = on\n");
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("node.name", "n" + number);
      settings.put("node.roles", List.of("edge", "control"));
      settings.put("cluster.host", host);
      settings.put("cluster.port", number == 1 ? seedPort : 0);
      settings.put("cluster.seeds", List.of('"' + "127.0.0.1:" + seedPort + '"'));
      settings.put("database.url", journal.url());
      settings.put("database.user", journal.user());
      settings.put("database.password", journal.password());
      settings.put("keys.url", keys.url());
      settings.put("keys.user", keys.user());
      settings.put("keys.password", keys.password());
      settings.put("keys.master", "5a".repeat(32));
      settings.put("sip.host", host);
      settings.put("sip.port", 0);
      settings.put("rtp.ports", "34000-34199");
      return NodeProcess.start(own, settings, List.of());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return probe.getLocalPort();
    }
  }

  @Test
  @Tag("rule:QT-4")
  void the_invite_comes_to_one_node_the_call_lives_on_another_and_the_wallet_on_the_third()
      throws Exception {
    NodeProcess a = nodes.getFirst();
    List<Stall> stalls = new ArrayList<>();
    try (Books books = Books.of(a.settings())) {
      Spread spread = null;
      for (int round = 0; spread == null && round < ROUNDS; round++) {
        List<Stall> fresh = opened(a, round * STALLS);
        stalls.addAll(fresh);
        spread = spreadCall(books, a, fresh).orElse(null);
      }
      assertThat(spread)
          .as("one of %d calls is spread over three nodes", STALLS * ROUNDS)
          .isNotNull();
      System.out.println(spread);
      String callId = spread.callId();
      Stall stall = spread.stall();
      Books.await("the wallet is charged", 45, () -> books.captures(stall, callId) == 1);
      assertThat(books.call(callId).orElseThrow()).isInstanceOf(CallState.Connected.class);
      spread.call().hangUp();
      Books.await(
          "the call is over",
          20,
          () ->
              books.call(callId).orElseThrow() instanceof CallState.Ended
                  && books.agent(stall).reservations().isEmpty());
      assertThat(books.wallet(stall).balances().availableMicros()).isEqualTo(75_000_000);
      assertThat(books.wallet(stall).balances().heldMicros()).isZero();
      assertThat(books.captures(stall, callId)).isEqualTo(1);
      assertThat(nodesOf(books.steps("call", callId))).containsOnly(spread.callNode());
      Books.await(
          "the others are free",
          30,
          () -> stalls.stream().allMatch(each -> books.wallet(each).holds().isEmpty()));
      assertThat(books.audit().verify().problems()).isEmpty();
      assertThat(books.audit().trialBalance(null).isZero()).isTrue();
      WhatIf.Outcome again = books.again();
      assertThat(again.differing()).as("what nodes wrote comes out the same").isZero();
      assertThat(again.isBooked() && again.leftOut().isEmpty()).isTrue();
    }
  }

  /** A call, where it lives, and where its wallet does. */
  private record Spread(
      Stall stall, String callId, String edge, String callNode, String walletNode, UaCall call) {}

  /** Ten stalls that nobody has called yet, so that no agent is still busy. */
  private List<Stall> opened(NodeProcess a, int after) {
    List<Stall> stalls = new ArrayList<>();
    for (int i = after + 1; i <= after + STALLS; i++) {
      Stall stall = Stall.of(i, TIMER_MILLIS);
      a.open(stall);
      phones.phone(stall.name(), a.sip());
      stalls.add(stall);
    }
    return stalls;
  }

  /** Calls every stall once and keeps the first call that is spread over three nodes. */
  private Optional<Spread> spreadCall(Books books, NodeProcess a, List<Stall> stalls)
      throws Exception {
    Map<Stall, UaCall> calls = new LinkedHashMap<>();
    stalls.forEach(stall -> calls.put(stall, phones.call(stall.number(), a.sip())));
    Optional<Spread> found = Optional.empty();
    for (Map.Entry<Stall, UaCall> each : calls.entrySet()) {
      assertThat(each.getValue().answered().get(30, TimeUnit.SECONDS))
          .as(
              "%s answered; ended %s, journal %s",
              each.getKey(), each.getValue().ended(), story(books, each.getKey()))
          .isTrue();
      Spread spread = spread(books, each.getKey(), each.getValue());
      boolean three =
          List.of(spread.edge(), spread.callNode(), spread.walletNode()).stream().distinct().count()
              == 3;
      if (found.isEmpty() && three) {
        found = Optional.of(spread);
      } else {
        each.getValue().hangUp();
        var unused = each.getValue().ended().get(20, TimeUnit.SECONDS);
      }
    }
    return found;
  }

  /** What the journal has of a stall's calls; for a message. */
  private static List<String> story(Books books, Stall stall) {
    String callId = books.callsByNumber().get(stall.number());
    return callId == null
        ? List.of()
        : books.steps("call", callId).stream()
            .map(s -> s.envelope().header().at() + " " + nodeOf(s) + " " + s.event())
            .toList();
  }

  private static Spread spread(Books books, Stall stall, UaCall call) {
    List<Step> wallet = books.steps("wallet", stall.wallet());
    Step held =
        wallet.stream()
            .filter(s -> s.envelope().header().event().name().equals("wallet.held"))
            .reduce((x, y) -> y)
            .orElseThrow();
    String callId = ((io.tandem.persistence.wallet.WalletEvent.Held) held.event()).callId();
    Step offered = books.steps("call", callId).getFirst();
    return new Spread(
        stall,
        callId,
        ((CallEvent.Offered) offered.event()).edge().name(),
        nodeOf(offered),
        nodeOf(held),
        call);
  }

  private static List<String> nodesOf(List<Step> steps) {
    return steps.stream().map(ThreeNodesTest::nodeOf).distinct().toList();
  }

  private static String nodeOf(Step step) {
    String clock = step.envelope().header().clockId();
    int at = clock.indexOf('@');
    return at < 0 ? clock : clock.substring(0, at);
  }
}
