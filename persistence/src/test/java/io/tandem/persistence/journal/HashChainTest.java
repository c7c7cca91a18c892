package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.journal.JournalException.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashChainTest {

  private static final Instant AT = Instant.parse("2026-11-22T10:00:00.123456Z");

  private static Envelope event(String id, long sequence, Hash previous, String payload) {
    return Envelope.of(
        new EventHeader(
            "wallet",
            id,
            sequence,
            new WireName("wallet.held", 1),
            "cmd_" + sequence,
            CommandDigest.NONE,
            "call_1",
            "edge",
            AT.plusSeconds(sequence),
            "node-1",
            previous,
            sequence % 2 == 0 ? AT.plusSeconds(60) : null),
        payload.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static List<Envelope> chain(String id, int length) {
    List<Envelope> events = new ArrayList<>();
    Hash last = Hash.NONE;
    for (int i = 1; i <= length; i++) {
      Envelope next = event(id, i, last, "payload " + i);
      events.add(next);
      last = next.hash();
    }
    return events;
  }

  @Test
  void an_envelope_is_read_back_from_its_bytes_as_it_was() {
    for (Envelope written : chain("w1", 3)) {
      Envelope read = Envelope.read(written.bytes().clone());

      assertThat(read.header()).isEqualTo(written.header());
      assertThat(read.payload()).isEqualTo(written.payload());
      assertThat(read.hash()).isEqualTo(written.hash());
      assertThat(read).hasToString("wallet|w1#" + written.sequence() + " wallet.held/1");
    }
  }

  @Test
  void every_truncation_and_every_addition_is_refused_as_unreadable() {
    byte[] whole = chain("w1", 2).get(1).bytes();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(() -> Envelope.read(cut))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNREADABLE));
    }
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> Envelope.read(Arrays.copyOf(whole, whole.length + 1)));
  }

  @Test
  void chains_of_several_entities_hold_one_after_the_other() {
    List<Envelope> all = new ArrayList<>(chain("w1", 5));
    all.addAll(chain("w2", 3));

    assertThat(HashChain.verify(all.iterator())).isEmpty();
  }

  @Test
  void every_single_flipped_bit_is_found() {
    List<Envelope> good = chain("w1", 3);
    byte[] stored = good.get(1).bytes();
    for (int bit = 0; bit < stored.length * 8; bit++) {
      byte[] flipped = stored.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      List<Envelope> events = new ArrayList<>(good);
      try {
        events.set(1, Envelope.read(flipped));
      } catch (JournalException unreadable) {
        assertThat(unreadable.fault()).isEqualTo(Fault.UNREADABLE); // found already
        continue;
      }
      assertThat(HashChain.verify(events.iterator())).as("bit %d", bit).isPresent();
    }
  }

  @Test
  void a_removed_inserted_or_swapped_event_is_named_by_entity_and_position() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      List<Envelope> events = chain("w1", 12);
      int at = 1 + random.nextInt(10);
      switch (random.nextInt(3)) {
        case 0 -> events.remove(at);
        case 1 -> events.add(at, event("w1", at + 1, events.get(at - 1).hash(), "forged"));
        default -> Collections.swap(events, at, at + 1);
      }

      assertThat(HashChain.verify(events.iterator()))
          .as("seed %d round %d", seed, round)
          .hasValueSatisfying(
              found -> {
                assertThat(found.entityId()).isEqualTo("w1");
                assertThat(found.sequence()).isBetween((long) at, at + 2L);
              });
    }
  }

  @Test
  void a_rewritten_event_with_the_right_position_breaks_at_its_successor() {
    List<Envelope> events = chain("w1", 4);
    events.set(1, event("w1", 2, events.get(0).hash(), "another payload"));

    assertThat(HashChain.verify(events.iterator()))
        .hasValueSatisfying(found -> assertThat(found.sequence()).isEqualTo(3));
  }
}
