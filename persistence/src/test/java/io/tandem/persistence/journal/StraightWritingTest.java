package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written without Jackson is to the byte what Jackson writes: hashes are over it. */
class StraightWritingTest {

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  @Test
  void every_envelope_is_written_as_jackson_writes_it() {
    for (int round = 0; round < 5_000; round++) {
      EventHeader header = header();
      byte[] payload = bytes(random.nextInt(10) == 0 ? 70_000 : 300);
      assertThat(Envelope.of(header, payload).bytes())
          .as("seed %d, round %d", seed, round)
          .isEqualTo(Envelope.byJackson(header, payload).bytes());
    }
  }

  @Test
  void numbers_at_the_borders_of_their_lengths_are_written_as_jackson_writes_them() {
    for (int bits = 0; bits < 63; bits++) {
      for (long around = -1; around <= 1; around++) {
        long sequence = Math.max(1, (1L << bits) + around);
        EventHeader header = header(sequence, "cmd", Instant.EPOCH, null);
        assertThat(Envelope.of(header, new byte[0]).bytes())
            .as("sequence %d", sequence)
            .isEqualTo(Envelope.byJackson(header, new byte[0]).bytes());
      }
    }
  }

  @Test
  void half_a_character_in_an_envelope_is_refused_as_jackson_refuses_it() {
    for (String broken : List.of("\uD83D", "cmd\uDE00", "\uD83D?")) {
      EventHeader header = header(1, broken, Instant.EPOCH, null);
      for (BiFunction<EventHeader, byte[], Envelope> way :
          List.<BiFunction<EventHeader, byte[], Envelope>>of(Envelope::of, Envelope::byJackson)) {
        assertThatExceptionOfType(JournalException.class)
            .isThrownBy(() -> way.apply(header, new byte[0]))
            .satisfies(e -> assertThat(e.fault()).isEqualTo(JournalException.Fault.UNWRITABLE));
      }
    }
  }

  private EventHeader header() {
    Instant at =
        Instant.ofEpochSecond(random.nextLong(4_000_000_000L), random.nextInt(1_000) * 1_000L);
    return header(
        1 + (random.nextLong() >>> (2 + random.nextInt(60))),
        text(),
        at,
        random.nextBoolean() ? null : at.plusSeconds(random.nextInt(100_000)));
  }

  private EventHeader header(
      long sequence, String commandId, Instant at, @Nullable Instant nextDue) {
    return new EventHeader(
        "call",
        text(),
        sequence,
        new WireName("call.ended", 1 + random.nextInt(300)),
        commandId,
        CommandDigest.from(bytes(8 * random.nextInt(20))),
        text(),
        text(),
        at,
        text(),
        random.nextInt(5) == 0 ? Hash.NONE : Hash.of(bytes(3)),
        nextDue);
  }

  /** Of any length at which something changes, mostly ASCII. */
  private String text() {
    int length =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(30);
          case 1 -> 20 + random.nextInt(10);
          case 2 -> 250 + random.nextInt(12);
          default -> random.nextInt(600);
        };
    StringBuilder text = new StringBuilder();
    boolean ascii = random.nextInt(4) > 0;
    for (int i = 0; i < length; i++) {
      text.append((char) (ascii ? ' ' + random.nextInt(95) : 1 + random.nextInt(0x2000)));
    }
    return text.toString();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
