package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.system.KillPlan.Case;
import io.tandem.ops.system.KillPlan.Way;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL at both sides of every event of a call and in the middle of one, on both databases: once
 * with all these calls parked in one node, and at two boundaries with a node of their own.
 */
class KilledAtEveryEventTest {
  /** An ended call looks after its wallet and agent a minute after its end (CallSettings). */
  private static final int PATIENCE_SECONDS = 100;

  @TempDir Path directory;

  /**
   * What a call came to.
   *
   * @param captures how often the wallet was charged for it
   */
  private record Outcome(
      long availableMicros, long heldMicros, long captures, boolean qualified, int reservations) {
    static Outcome of(Books books, Case one, @Nullable String callId) {
      return new Outcome(
          books.wallet(one.stall()).balances().availableMicros(),
          books.wallet(one.stall()).balances().heldMicros(),
          callId == null ? 0 : books.captures(one.stall(), callId),
          callId != null && KilledNode.ended(books, callId).qualified(),
          books.agent(one.stall()).reservations().size());
    }
  }

  @Test
  @Tag("rule:QT-4")
  @Tag("rule:QT-5")
  @Tag("rule:WAL-3")
  @Tag("rule:OPS-2")
  void a_call_is_charged_once_or_not_at_all_and_everything_it_held_is_released() {
    List<CompletableFuture<Void>> killed = new ArrayList<>();
    // somewhere below the ports that the machine gives away by itself
    int port = 11_000 + 2 * ThreadLocalRandom.current().nextInt(9_000);
    for (Databases database : List.of(Databases.H2_FILE, Databases.POSTGRESQL)) {
      Map<String, Object> many = keys(database);
      Map<String, Object> ring = keys(database);
      Map<String, Object> capture = keys(database);
      int first = port;
      killed.add(run(() -> allAtOnce(database + ", all", many, first)));
      killed.add(
          run(() -> alone(database + ", ring", KillPlan.betweenHoldAndRing(), ring, first + 600)));
      killed.add(
          run(
              () ->
                  alone(
                      database + ", capture",
                      KillPlan.betweenQualifiedAndCapture(),
                      capture,
                      first + 700)));
      port += 800;
    }
    CompletableFuture.allOf(killed.toArray(CompletableFuture[]::new)).join();
  }

  private static CompletableFuture<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, Thread.ofPlatform()::start);
  }

  private static Map<String, Object> keys(Databases database) {
    if (database == Databases.H2_FILE) {
      return Map.of(); // in the node's own directory
    }
    DatabaseSettings fresh = database.fresh();
    return Map.of(
        "database.url", fresh.url(),
        "database.user", fresh.user(),
        "database.password", fresh.password());
  }

  private void allAtOnce(String name, Map<String, Object> database, int port) {
    killed(name, KillPlan.everyBoundary(), database, port, 300, KilledNode::callAndKill);
  }

  private void alone(String name, List<Case> plan, Map<String, Object> database, int port) {
    killed(name, plan, database, port, 40, KilledNode::callAndKillAtTheBoundary);
  }

  /** How a node comes to its end. */
  private interface Death {
    void of(KilledNode node, Handsets phones) throws Exception;
  }

  private void killed(
      String name,
      List<Case> plan,
      Map<String, Object> database,
      int port,
      int ports,
      Death death) {
    Path own = directory.resolve(name.replace(", ", "-"));
    try (KilledNode node = new KilledNode(plan, own, database, port + "-" + (port + ports - 1));
        Handsets phones = new Handsets()) {
      death.of(node, phones);
      NodeProcess again = node.restart((port + ports) + "-" + (port + 2 * ports - 1));
      try (Books books = Books.of(again.settings())) {
        judge(name, node, again, books);
      }
    } catch (Exception e) {
      throw new AssertionError(name, e);
    }
  }

  private static void judge(String name, KilledNode node, NodeProcess again, Books books) {
    Instant ready = Instant.now();
    Map<String, String> calls = books.callsByNumber();
    List<Case> open = new ArrayList<>(node.cases());
    try {
      Books.await(
          "all calls come to rest",
          PATIENCE_SECONDS,
          () -> {
            open.removeIf(each -> KilledNode.atRest(books, each, calls));
            return open.isEmpty();
          });
    } catch (AssertionError late) {
      throw new AssertionError(name + " not at rest: " + open + "\n" + again.logTail(), late);
    }
    Duration rest = Duration.between(ready, Instant.now());
    SoftAssertions soft = new SoftAssertions();
    node.cases()
        .forEach(each -> judge(soft, name, node, books, each, calls.get(each.stall().number())));
    soft.assertThat(books.audit().verify().problems()).as(name).isEmpty();
    soft.assertThat(books.audit().trialBalance(null).isZero()).as(name).isTrue();
    WhatIf.Outcome run = books.again(); // calls whose edge was lost among them
    soft.assertThat(run.differing()).as(name).isZero();
    soft.assertThat(run.isBooked() && run.leftOut().isEmpty()).as(name).isTrue();
    soft.assertAll();
    System.out.printf(
        "%s: %d calls, killed; ready again after %d ms, all at rest %d ms later%n",
        name, node.cases().size(), again.readyMillis(), rest.toMillis());
  }

  private static void judge(
      SoftAssertions soft,
      String name,
      KilledNode node,
      Books books,
      Case one,
      @Nullable String callId) {
    String as = name + ", " + one;
    soft.assertThat(Outcome.of(books, one, callId)).as(as).isEqualTo(wanted(books, node, one));
    if (one.stop().equals("before:call.offered")) {
      soft.assertThat(callId).as(as).isNull();
      return;
    }
    soft.assertThat(books.names("call", callId))
        .as(as)
        .containsOnlyOnce("call.ended")
        .doesNotHaveDuplicates();
    CallEvent.Ended ended = KilledNode.ended(books, callId);
    if (one.endStored()) {
      soft.assertThat(ended.proof()).as(as).isNull();
    } else {
      soft.assertThat(ended.proof()).as(as).isNotNull();
      soft.assertThat(ended.at()).as(as).isBeforeOrEqualTo(node.killedAt());
    }
    if (one.way() == Way.STAYS && node.cases().size() > 1) {
      long lived = node.livedMillis(one); // 40 s, and more where the first answers came apart
      soft.assertThat(ended.connectedMillis()).as(as).isBetween(lived - 1000, lived + 1000);
      System.out.printf(
          "%s: ended after %d ms by the proof of life %s, killed after %d ms%n",
          as, ended.connectedMillis(), ended.proof(), lived);
    }
  }

  /** As the call of the same kind that had ended before the node died; then by the price alone. */
  private static Outcome wanted(Books books, KilledNode node, Case one) {
    long left = (one.charged() ? 75 : 100) * 1_000_000L;
    Outcome byPrice = new Outcome(left, 0, one.charged() ? 1 : 0, one.charged(), 0);
    Optional<Case> crashFree =
        node.cases().stream()
            .filter(c -> c.crashFree() && c.charged() == one.charged() && !c.equals(one))
            .findFirst();
    if (crashFree.isEmpty()) {
      return byPrice;
    }
    String callId = books.callsByNumber().get(crashFree.get().stall().number());
    assertThat(books.lastWrite(crashFree.get().stall(), callId)).isBefore(node.killedAt());
    Outcome outcome = Outcome.of(books, crashFree.get(), callId);
    assertThat(outcome).as(name(crashFree.get())).isEqualTo(byPrice);
    return outcome;
  }

  private static String name(Case one) {
    return "without a crash: " + one;
  }

  @Test
  void the_plan_has_both_sides_of_every_event_of_a_call() {
    assertThat(KillPlan.everyBoundary().stream().filter(c -> !c.stop().isEmpty()).distinct())
        .hasSize(22);
  }
}
