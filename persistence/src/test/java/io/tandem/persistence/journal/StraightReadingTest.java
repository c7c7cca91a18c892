package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallerState;
import io.tandem.persistence.call.EdgeRef;
import io.tandem.persistence.call.LegDialog;
import io.tandem.persistence.call.Offer;
import io.tandem.persistence.call.RingPlan;
import io.tandem.persistence.call.RoutingTrace;
import io.tandem.persistence.call.Terms;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import io.tandem.persistence.money.Money;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read without Jackson is what Jackson reads, and what it does not take Jackson judges. */
class StraightReadingTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.000001Z");

  private final EventCodec codec =
      EventCodec.sealed(
          TypeNames.builder().addAll(CallEvent.class).build(),
          List.of(),
          new AesGcmSealer(new MemoryKeyStore(), () -> NOON));
  private final EventCodec jackson = codec.withoutShortcut();

  private static Personal<String> number(String value) {
    return Personal.of("number:ab12", DataClass.CALL_NUMBER, value);
  }

  private static LegDialog leg() {
    return new LegDialog(
        "call-id@host",
        "tag",
        "",
        number("sip:18005550100@192.0.2.1"),
        number("sip:ünïcode@example.org"),
        number("sip:12125550123@192.0.2.17"),
        List.of("<sip:proxy.example.org;lr>", "<sip:two.example.org;lr>"),
        4_294_967_295L,
        70_000,
        true,
        "UDP",
        number("192.0.2.17:5060"),
        number("v=0\r\n".repeat(1_500)));
  }

  private static List<CallEvent> events() {
    Offer offer =
        new Offer(
            "o1",
            "agent",
            "acct",
            "phone",
            new Terms("health", 3, Money.ofUnits(25, "USD"), 90_000));
    return List.of(
        new CallEvent.Offered(
            "campaign",
            "acct_publisher",
            number("12125550123"),
            "5f2b",
            new CallerState("NY", CallerState.Source.NUMBER_AREA),
            "18005550100",
            false,
            new EdgeRef("edge", Long.MAX_VALUE),
            leg(),
            new RingPlan(List.of(new RingPlan.Step(List.of(offer, offer))), 18_000),
            new RoutingTrace("x".repeat(9_000) + "ß"),
            NOON),
        new CallEvent.Connected("o1", leg(), leg(), List.of(), NOON, NOON.plusSeconds(90)),
        new CallEvent.Qualified(90_000, new Money(-1, "USD"), NOON),
        new CallEvent.Ended(
            CallEvent.EndedBy.AGENT, "NORMAL", 0, false, null, null, Instant.EPOCH.minusMillis(1)));
  }

  @Test
  void every_event_reads_the_same_with_and_without_jackson() {
    for (CallEvent event : events()) {
      WireName name = codec.nameOf((Record) event);
      byte[] bytes = codec.encode((Record) event);
      assertThat(codec.readsStraight(name, bytes)).as("%s has a short way", name).isTrue();
      assertThat(codec.decode(name, bytes)).isEqualTo(event).isEqualTo(jackson.decode(name, bytes));
      assertThat(codec.closed().decode(name, bytes))
          .isEqualTo(jackson.closed().withoutShortcut().decode(name, bytes));
    }
  }

  @Test
  void cut_or_damaged_bytes_are_judged_as_jackson_judges_them() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    EventCodec closed = codec.closed();
    EventCodec closedJackson = closed.withoutShortcut();
    for (CallEvent event : events()) {
      WireName name = codec.nameOf((Record) event);
      byte[] bytes = codec.encode((Record) event);
      for (int i = 0; i < 400; i++) {
        byte[] damaged = bytes.clone();
        if (i % 4 == 0) {
          damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        } else {
          damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        assertThat(outcome(closed, name, damaged))
            .as("seed %d, %s, round %d", seed, name, i)
            .isEqualTo(outcome(closedJackson, name, damaged));
      }
    }
  }

  private static EventHeader header(String commandId, String actor, @Nullable Instant due) {
    return new EventHeader(
        "call",
        "call_01",
        70_000,
        new WireName("call.ended", 1),
        commandId,
        CommandDigest.from(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
        "cause",
        actor,
        NOON,
        "clock",
        Hash.of(new byte[] {1}),
        due);
  }

  @Test
  void an_envelope_reads_the_same_and_a_damaged_one_is_none() {
    EventHeader header = header("cmd", "ünï", null);
    Envelope envelope = Envelope.of(header, new byte[] {7, 8});
    Envelope read = Envelope.read(envelope.bytes());
    assertThat(read.header()).isEqualTo(header);
    assertThat(read.payload()).containsExactly(7, 8);
    for (int length = 0; length < envelope.bytes().length; length++) {
      byte[] cut = Arrays.copyOf(envelope.bytes(), length);
      org.assertj.core.api.Assertions.assertThatExceptionOfType(JournalException.class)
          .isThrownBy(() -> Envelope.read(cut));
    }
    byte[] longer = Arrays.copyOf(envelope.bytes(), envelope.bytes().length + 1);
    org.assertj.core.api.Assertions.assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> Envelope.read(longer));
  }

  @Test
  void a_damaged_envelope_is_none_or_has_a_header_like_any_other() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    EventHeader header =
        header("a command of more than eight letters", "jane", NOON.plusSeconds(1));
    byte[] bytes = Envelope.of(header, new byte[] {7, 8}).bytes();
    assertThat(Envelope.read(bytes).header()).isEqualTo(header);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Envelope read;
      try {
        read = Envelope.read(damaged);
      } catch (JournalException e) {
        continue;
      }
      assertThat(read.header().previousHash())
          .as("seed %d, round %d", seed, i)
          .isEqualTo(read.previousHash());
    }
  }

  private static Object outcome(EventCodec by, WireName name, byte[] bytes) {
    try {
      return by.decode(name, bytes);
    } catch (JournalException e) {
      return e.fault();
    }
  }
}
