package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.system.KilledNode.Case;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.database.DatabaseSettings;
import io.tandem.persistence.database.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL before and after every event of a call, and in the middle of one, on both databases. */
class KilledAtEveryEventTest {
  /** An ended call looks after its wallet and agent a minute after its end (CallSettings). */
  private static final int PATIENCE_SECONDS = 100;

  @TempDir Path directory;

  @Test
  @Tag("rule:QT-4")
  @Tag("rule:QT-5")
  @Tag("rule:WAL-3")
  @Tag("rule:OPS-2")
  void a_call_is_charged_once_or_not_at_all_and_everything_it_held_is_released() {
    DatabaseSettings postgresql = Databases.POSTGRESQL.fresh();
    Map<String, Object> keys =
        Map.of(
            "database.url", postgresql.url(),
            "database.user", postgresql.user(),
            "database.password", postgresql.password());
    CompletableFuture<Void> embedded =
        CompletableFuture.runAsync(
            () -> killed("H2", Map.of(), 31_000), Thread.ofPlatform()::start);
    CompletableFuture<Void> server =
        CompletableFuture.runAsync(
            () -> killed("PostgreSQL", keys, 31_600), Thread.ofPlatform()::start);
    CompletableFuture.allOf(embedded, server).join();
  }

  private void killed(String name, Map<String, Object> database, int firstPort) {
    try (KilledNode node =
            new KilledNode(directory.resolve(name), database, firstPort + "-" + (firstPort + 299));
        Handsets phones = new Handsets()) {
      node.callAndKill(phones);
      NodeProcess again = node.restart((firstPort + 300) + "-" + (firstPort + 599));
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
    soft.assertAll();
    System.out.printf(
        "%s: %d calls, killed; ready again after %d ms, all at rest %d ms later%n",
        name, node.cases().size(), again.readyMillis(), rest.toMillis());
  }

  private static void judge(
      SoftAssertions soft, String name, KilledNode node, Books books, Case one, String callId) {
    String as = name + ", " + one;
    long left = (one.charged() ? 75 : 100) * 1_000_000L;
    soft.assertThat(books.wallet(one.stall()).balances().heldMicros()).as(as).isZero();
    soft.assertThat(books.wallet(one.stall()).balances().availableMicros()).as(as).isEqualTo(left);
    if (one.stop().equals("before:call.offered")) {
      soft.assertThat(callId).as(as).isNull();
      return;
    }
    soft.assertThat(books.captures(one.stall(), callId)).as(as).isEqualTo(one.charged() ? 1 : 0);
    soft.assertThat(books.names("call", callId))
        .as(as)
        .containsOnlyOnce("call.ended")
        .doesNotHaveDuplicates();
    CallEvent.Ended ended = KilledNode.ended(books, callId);
    soft.assertThat(ended.qualified()).as(as).isEqualTo(one.charged());
    if (one.endStored()) {
      soft.assertThat(ended.proof()).as(as).isNull();
    } else {
      soft.assertThat(ended.proof()).as(as).isNotNull();
      soft.assertThat(ended.at()).as(as).isBeforeOrEqualTo(node.killedAt());
    }
    if (one.stop().isEmpty()) {
      soft.assertThat(ended.connectedMillis()).as(as).isBetween(39_000L, 41_000L);
      System.out.printf(
          "%s: ended after %d ms by the proof of life %s%n",
          as, ended.connectedMillis(), ended.proof());
    }
  }

  @Test
  void the_plan_has_both_sides_of_every_event_of_a_call() {
    assertThat(new KilledPlan().boundaries()).hasSize(22);
  }

  /** The plan without a node. */
  private record KilledPlan() {
    List<String> boundaries() {
      return KilledNode.plan().stream()
          .map(c -> c.way() + " " + c.stop())
          .filter(s -> s.contains(":"))
          .distinct()
          .toList();
    }
  }
}
