package io.tandem.ops.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.Main;
import io.tandem.ops.house.NeedsPeer;
import io.tandem.ops.whatif.WhatIf;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.readmodel.CallIndexRow;
import io.tandem.protocol.media.playout.ToneDetector.Tone;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIPp and baresip call SIPp through a node of its own, with the shortest timer there is. */
class SippCallTest {
  private static final long TIMER_MILLIS = 30_000;
  private static final int FIRST_PORT = 33_000;
  private static final int LAST_PORT = 33_099;
  private static final double CALLER_HZ = 440;
  private static final double AGENT_HZ = 697;
  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path directory;

  private NodeProcess node;
  private Books books;
  private Sipp sipp;

  @BeforeEach
  void start() {
    Map<String, Object> keys =
        Map.of(
            "node.roles",
            List.of("edge", "control"),
            "sip.port",
            0,
            "rtp.ports",
            FIRST_PORT + "-" + LAST_PORT);
    node = NodeProcess.start(directory.resolve("node"), keys, List.of());
    books = Books.of(node.settings());
    sipp = new Sipp(directory, node.sip(), 41_000);
  }

  @AfterEach
  void stop() {
    sipp.close();
    books.close();
    node.close();
  }

  @Test
  @NeedsPeer("sipp")
  @Tag("rule:QT-3")
  @Tag("rule:QT-4")
  @Tag("rule:WAL-2")
  @Tag("rule:WAL-3")
  @Tag("rule:AUD-4")
  @Tag("rule:AUD-6")
  void the_wallet_moves_while_both_legs_are_up_and_a_call_ended_a_second_earlier_is_free()
      throws Exception {
    Stall stays = Stall.of(1, TIMER_MILLIS);
    Stall leaves = Stall.of(2, TIMER_MILLIS);
    node.open(stays);
    node.open(leaves);
    Process staying = sipp.agent(stays, AGENT_HZ);
    Process left = sipp.agent(leaves, AGENT_HZ);
    Process long_ = sipp.caller(stays, CALLER_HZ, Duration.ofMillis(TIMER_MILLIS + 5_000));
    Process short_ = sipp.caller(leaves, CALLER_HZ, Duration.ofMillis(TIMER_MILLIS - 1_000));

    Books.await(
        "both calls are bridged",
        PATIENCE_SECONDS,
        () -> isConnected(stays) && isConnected(leaves));
    assertThat(balances(stays)).isEqualTo("75 held 25");
    assertThat(balances(leaves)).isEqualTo("75 held 25");

    Books.await("the wallet moves", 32, () -> balances(stays).equals("75 held 0"));
    assertThat(isConnected(stays)).as("both legs are up").isTrue();
    assertThat(long_.isAlive() && staying.isAlive()).as("both phones are in the call").isTrue();

    sipp.expectSuccess("the short call", short_, PATIENCE_SECONDS);
    sipp.expectSuccess("its agent", left, PATIENCE_SECONDS);
    sipp.expectSuccess("the long call", long_, PATIENCE_SECONDS);
    sipp.expectSuccess("its agent", staying, PATIENCE_SECONDS);
    Books.await(
        "both have their record", PATIENCE_SECONDS, () -> isRecorded(stays) && isRecorded(leaves));

    assertThat(balances(stays)).as("the BYE changes nothing").isEqualTo("75 held 0");
    assertThat(balances(leaves)).isEqualTo("100 held 0");
    assertThat(books.captures(stays, callOf(stays))).isEqualTo(1);
    assertThat(record(stays).billable()).isTrue();
    assertThat(record(stays).connected())
        .isBetween(Duration.ofMillis(34_900), Duration.ofMillis(36_500));
    assertThat(record(leaves).billable()).isFalse();
    assertThat(record(leaves).connected())
        .isBetween(Duration.ofMillis(28_900), Duration.ofMillis(29_999));
    assertThat(qualified(stays).connectedMillis()).isGreaterThanOrEqualTo(TIMER_MILLIS);
    requireSoundBooks();
    assertThat(ladder(callOf(stays)))
        .contains("INVITE", "bridged; billable in 30 s", "timer reached after")
        .contains("wallet: 25.00 USD held", "wallet: 25.00 USD charged, 75.00 USD available")
        .containsPattern(
            "voice of the caller: [0-9]+ packets, [0-9]+ lost, jitter [0-9.]+ ms, MOS");
    assertThat(drawing(callOf(stays)))
        .contains("qualifying timer, 30 s: reached, billable", "25.00 USD charged, 75.00 USD left");
    assertThat(ladder(callOf(leaves)))
        .contains("wallet: 25.00 USD released, 100.00 USD available")
        .doesNotContain("timer reached", "charged");
  }

  @Test
  @NeedsPeer({"sipp", "tshark"})
  void a_tone_sent_each_way_is_found_on_the_other_side() throws Exception {
    Stall stall = Stall.of(3, TIMER_MILLIS);
    node.open(stall);
    try (Tap tap = new Tap(directory, FIRST_PORT, LAST_PORT)) {
      Process agent = sipp.agent(stall, AGENT_HZ);
      Process caller = sipp.caller(stall, CALLER_HZ, Duration.ofSeconds(4));
      sipp.expectSuccess("the call", caller, PATIENCE_SECONDS);
      sipp.expectSuccess("its agent", agent, PATIENCE_SECONDS);

      Map<Integer, Tone> spoken = tap.spoken();
      Map<Integer, Tone> heard = tap.heard();
      assertThat(heard.keySet()).as("one leg each").hasSize(2).isEqualTo(spoken.keySet());
      spoken.forEach(
          (port, tone) -> {
            boolean isCaller = tone.is(CALLER_HZ, 2);
            assertThat(isCaller || tone.is(AGENT_HZ, 2)).as("spoken " + tone).isTrue();
            assertThat(heard.get(port).is(isCaller ? AGENT_HZ : CALLER_HZ, 2))
                .as("heard " + heard)
                .isTrue();
          });
      System.out.printf("spoken %s, heard %s%n", spoken, heard);
    }
  }

  @Test
  @NeedsPeer({"sipp", "baresip"})
  @Tag("rule:AUD-6")
  void a_call_by_baresip_is_drawn_with_its_timer_and_its_money() throws Exception {
    Stall stall = Stall.of(4, TIMER_MILLIS);
    node.open(stall);
    Process agent = sipp.agent(stall, AGENT_HZ);
    try (Baresip caller =
        Baresip.callingFor(6, directory.resolve("baresip"), node.sip(), stall.number())) {
      caller.awaitEnd(PATIENCE_SECONDS);
      Books.await("its record: " + caller.log(), PATIENCE_SECONDS, () -> isRecorded(stall));
      sipp.expectSuccess("its agent", agent, PATIENCE_SECONDS);
      assertThat(ladder(callOf(stall)))
          .contains("INVITE", "bridged; billable in 30 s", "ended by CALLER", "BYE")
          .contains("wallet: 25.00 USD held", "wallet: 25.00 USD released");
      assertThat(drawing(callOf(stall)))
          .contains("qualifying timer, 30 s: not reached", "25.00 USD released, 100.00 USD left");
    }
  }

  private String ladder(String callId) {
    return audited("ladder", callId);
  }

  private String drawing(String callId) throws IOException {
    Path file = directory.resolve(callId + ".svg");
    String unused = audited("ladder", callId, "--svg", file.toString());
    return Files.readString(file);
  }

  /** What {@code tandem audit} says of the node's journal while the node runs. */
  private String audited(String... question) {
    List<String> words = new ArrayList<>(List.of("audit"));
    words.addAll(List.of(question));
    words.addAll(List.of("--directory", directory.resolve("node").toString()));
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said, true);
    assertThat(Main.run(out, out, words.toArray(String[]::new))).as("%s", said).isZero();
    return said.toString();
  }

  private String callOf(Stall stall) {
    return books.callsByNumber().getOrDefault(stall.number(), "");
  }

  private boolean isConnected(Stall stall) {
    return books.call(callOf(stall)).orElse(null) instanceof CallState.Connected;
  }

  private boolean isRecorded(Stall stall) {
    return books.record(callOf(stall)).filter(row -> row.endedAt() != null).isPresent()
        && books.wallet(stall).holds().isEmpty();
  }

  private CallIndexRow record(Stall stall) {
    return books.record(callOf(stall)).orElseThrow();
  }

  private CallEvent.Qualified qualified(Stall stall) {
    return books.steps("call", callOf(stall)).stream()
        .map(step -> step.event())
        .filter(CallEvent.Qualified.class::isInstance)
        .map(CallEvent.Qualified.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Also what a node wrote comes out the same when it is run again. */
  private void requireSoundBooks() {
    assertThat(books.audit().verify().problems()).isEmpty();
    assertThat(books.audit().trialBalance(null).isZero()).isTrue();
    WhatIf.Outcome again = books.again();
    assertThat(again.calls()).isEqualTo(2);
    assertThat(again.differing()).isZero();
    assertThat(again.isBooked() && again.leftOut().isEmpty()).isTrue();
  }

  private String balances(Stall stall) {
    var balances = books.wallet(stall).balances();
    return balances.availableMicros() / 1_000_000 + " held " + balances.heldMicros() / 1_000_000;
  }
}
