package io.tandem.node.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.tandem.node.boot.Node;
import io.tandem.node.boot.NodeParts;
import io.tandem.node.boot.Settings;
import io.tandem.node.edge.EdgeClock;
import io.tandem.node.edge.legs.EdgeTime;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.money.Money;
import io.tandem.protocol.sip.transport.EdgeLoop;
import io.tandem.protocol.sip.ua.UaCall;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From INVITE to charge on a node of its own, over real sockets, with the edge's clock in the
 * test's hand.
 */
class FirstBilledCallTest {
  private static final long TIMER_MILLIS = 90_000;
  private static final Money PRICE = Money.ofUnits(25, "USD");

  @TempDir Path directory;

  private VirtualEdge edge;
  private Node node;
  private Market market;
  private Telephones phones;

  @BeforeEach
  void start() {
    edge = new VirtualEdge();
    node = Node.start(settings(directory), NodeParts.REAL.withEdgeClock(edge::on));
    market = new Market(node, TIMER_MILLIS, PRICE);
    market.agent("anna", 100);
    phones = new Telephones(node.edge().orElseThrow().sipAddress());
  }

  @AfterEach
  void stop() {
    phones.close();
    node.close();
  }

  static Settings settings(Path directory) {
    return Settings.of(
        ConfigFactory.parseString(
            """
            tandem.node.roles = [edge, control]
            tandem.node.directory = "%s"
            tandem.sip.port = 0
            tandem.rtp.ports = "30000-30099"
            """
                .formatted(directory)));
  }

  @Test
  @Tag("rule:QT-4")
  void the_wallet_moves_while_both_legs_are_up_and_the_bye_changes_nothing() throws Exception {
    phones.phone("anna");
    UaCall call = phones.call();
    assertThat(call.answered().get(10, TimeUnit.SECONDS)).isTrue();
    String callId = phones.rung().getFirst().invite().header("X-Tandem-Call");
    Market.await(
        "the bridge is stored",
        () -> market.call(callId).orElseThrow() instanceof CallState.Connected);
    assertThat(market.wallet("anna").balances().heldMicros()).isEqualTo(PRICE.micros());

    edge.advance(TIMER_MILLIS);
    Market.await("the charge is booked", () -> market.wallet("anna").balances().heldMicros() == 0);
    assertThat(market.wallet("anna").balances().availableMicros()).isEqualTo(75_000_000);
    assertThat(call.ended()).isNotDone();

    call.hangUp();
    call.ended().get(10, TimeUnit.SECONDS);
    Market.await(
        "the end is stored", () -> market.call(callId).orElseThrow() instanceof CallState.Ended);
    assertThat(market.wallet("anna").balances().availableMicros()).isEqualTo(75_000_000);
  }

  /** A clock of connected time that stands until it is told to go on. */
  static final class VirtualEdge {
    private record Due(long atNanos, Runnable task) {}

    private EdgeLoop loop;
    private InstantSource wall;
    private long nanos;
    private java.time.Instant start;
    private final List<Due> due = new java.util.ArrayList<>();

    EdgeClock on(EdgeLoop onLoop, InstantSource wallClock) {
      loop = onLoop;
      wall = wallClock;
      start = wallClock.instant();
      return new EdgeClock() {
        @Override
        public EdgeTime now() {
          return new EdgeTime(nanos, start.plusNanos(nanos));
        }

        @Override
        public EdgeLoop.Timer schedule(long delayMillis, Runnable task) {
          Due entry = new Due(nanos + TimeUnit.MILLISECONDS.toNanos(delayMillis), task);
          due.add(entry);
          return () -> due.remove(entry);
        }
      };
    }

    /** Lets time pass on the loop, with everything that falls due on the way. */
    void advance(long millis) throws Exception {
      java.util.concurrent.CompletableFuture<Void> done =
          new java.util.concurrent.CompletableFuture<>();
      loop.execute(
          () -> {
            long until = nanos + TimeUnit.MILLISECONDS.toNanos(millis);
            while (true) {
              Due next =
                  due.stream()
                      .filter(d -> d.atNanos() <= until)
                      .min(java.util.Comparator.comparingLong(Due::atNanos))
                      .orElse(null);
              if (next == null) {
                break;
              }
              due.remove(next);
              nanos = Math.max(nanos, next.atNanos());
              next.task().run();
            }
            nanos = until;
            done.complete(null);
          });
      done.get(10, TimeUnit.SECONDS);
    }
  }
}
