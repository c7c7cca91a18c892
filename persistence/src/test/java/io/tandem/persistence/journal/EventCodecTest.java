package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tandem.persistence.journal.JournalException.Fault;
import io.tandem.persistence.journal.keys.AesGcmSealer;
import io.tandem.persistence.journal.keys.MemoryKeyStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

class EventCodecTest {

  enum Colour {
    RED,
    GREEN
  }

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  sealed interface Shape {
    @JsonTypeName("circle")
    record Circle(long radiusMicros) implements Shape {}

    @JsonTypeName("point")
    record Point() implements Shape {}

    @JsonTypeName("labelled")
    record Labelled(Personal<String> label) implements Shape {}
  }

  @Wire("test.everything/1")
  record Everything(
      String text,
      long amountMicros,
      int count,
      boolean yes,
      Colour colour,
      Instant at,
      Duration lasted,
      LocalDate day,
      ZoneId zone,
      Optional<String> maybe,
      Optional<Instant> since,
      @Nullable String note,
      byte[] blob,
      Shape shape,
      PVector<Shape> shapes,
      PMap<String, Shape> named,
      PSet<Colour> colours,
      Map<Colour, Long> totals,
      List<String> lines,
      Personal<String> number,
      Optional<Personal<Shape>> drawing,
      PVector<Personal<Long>> sizes,
      PMap<String, Personal<String>> names)
      implements DomainEvent {
    boolean isLarge() {
      return amountMicros > 10;
    }

    public long getDoubled() {
      return amountMicros * 2;
    }
  }

  @Wire("test.renamed/2")
  record Renamed(String name, Personal<String> number) implements DomainEvent {}

  @Wire("test.old/1")
  record Old(String title, Personal<String> number) implements DomainEvent {}

  private static final String SUBJECT = "person:0123";
  private final MemoryKeyStore keys = new MemoryKeyStore();
  private final TypeNames names = TypeNames.builder().add(Everything.class).build();
  private final EventCodec sealed = sealed(names);
  private final EventCodec clear = EventCodec.clear(names, List.of());

  private EventCodec sealed(TypeNames names, Upcaster... steps) {
    return EventCodec.sealed(
        names, List.of(steps), new AesGcmSealer(keys, () -> Instant.parse("2026-11-22T10:00:00Z")));
  }

  private static Everything everything(Instant at, Duration lasted) {
    return new Everything(
        "text",
        1_500_000,
        3,
        true,
        Colour.GREEN,
        at,
        lasted,
        LocalDate.of(2026, 11, 22),
        ZoneId.of("America/New_York"),
        Optional.of("here"),
        Optional.empty(),
        null,
        new byte[] {1, 2},
        new Shape.Circle(7),
        TreePVector.<Shape>singleton(new Shape.Point()).plus(new Shape.Circle(1)),
        HashTreePMap.singleton("a", new Shape.Point()),
        HashTreePSet.singleton(Colour.RED),
        Map.of(Colour.RED, 4L),
        List.of("x", "y"),
        Personal.of(SUBJECT, DataClass.CALL_NUMBER, "+12125550199"),
        Optional.of(
            Personal.of(
                SUBJECT,
                DataClass.CONTENT,
                new Shape.Labelled(Personal.of(SUBJECT, DataClass.CONTACT, "me")))),
        TreePVector.singleton(Personal.of(SUBJECT, DataClass.CONTENT, 7L)),
        HashTreePMap.singleton("n", Personal.of(SUBJECT, DataClass.CONTACT, "Ann")));
  }

  @Test
  void every_kind_of_component_comes_back_as_it_was_in_both_forms() {
    for (EventCodec codec : List.of(sealed, clear)) {
      for (Instant at :
          List.of(
              Instant.parse("2026-11-22T10:00:00.123456Z"),
              Instant.parse("2026-11-22T10:00:00.123456789Z"),
              Instant.MAX)) {
        for (Duration lasted :
            List.of(Duration.ofNanos(89_999_999_999L), Duration.ofDays(200_000))) {
          Everything event = everything(at, lasted);

          Record back = codec.decode(new WireName("test.everything", 1), codec.encode(event));

          assertThat(back)
              .usingRecursiveComparison()
              .ignoringFieldsMatchingRegexes(".*key")
              .isEqualTo(event);
        }
      }
    }
  }

  @Test
  void stored_bytes_hold_neither_class_names_nor_personal_values_nor_derived_properties() {
    String bytes =
        new String(
            sealed.encode(everything(Instant.EPOCH, Duration.ZERO)), StandardCharsets.ISO_8859_1);

    assertThat(bytes)
        .contains("amountMicros", "circle")
        .doesNotContain("io.tandem", "Circle", "+1212", "0199", "doubled", "large");
  }

  @Test
  void an_erased_value_reads_as_erased_and_stays_so_when_written_again() {
    WireName name = new WireName("test.everything", 1);
    byte[] stored = sealed.encode(everything(Instant.EPOCH, Duration.ZERO));
    Everything before = (Everything) sealed.decode(name, stored);

    assertThat(keys.destroy(SUBJECT, DataClass.CALL_NUMBER)).isEqualTo(1);

    Everything after = (Everything) sealed.decode(name, stored);
    assertThat(after.number()).isEqualTo(new Personal.Erased<>(SUBJECT, DataClass.CALL_NUMBER));
    assertThat(((Everything) sealed.decode(name, sealed.encode(after))).number().value()).isEmpty();
    // a snapshot taken from a state that was read before the erasure must not bring it back
    assertThat(((Everything) sealed.decode(name, sealed.encode(before))).number().value())
        .isEmpty();
    assertThat(after.text()).isEqualTo("text");
  }

  @Test
  void a_sealed_value_that_was_changed_or_moved_to_another_person_is_found() {
    WireName name = new WireName("test.everything", 1);
    byte[] stored = sealed.encode(everything(Instant.EPOCH, Duration.ZERO));
    byte[] moved =
        new String(stored, StandardCharsets.ISO_8859_1)
            .replace(SUBJECT, "person:9999")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] changed = stored.clone();
    changed[changed.length - 2] ^= 1;

    for (byte[] bytes : List.of(moved, changed)) {
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(() -> sealed.decode(name, bytes))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNREADABLE));
    }
  }

  @Test
  void neither_form_reads_the_other() {
    WireName name = new WireName("test.everything", 1);
    Everything event = everything(Instant.EPOCH, Duration.ZERO);

    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> sealed.decode(name, clear.encode(event)));
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> clear.decode(name, sealed.encode(event)));
  }

  @Test
  void personal_values_are_masked_wherever_they_are_printed() {
    Everything event = everything(Instant.EPOCH, Duration.ZERO);

    assertThat(event.toString()).contains("‹CALL_NUMBER›").doesNotContain("2125550199");
    assertThat(sealed.toJson(event))
        .contains("‹CALL_NUMBER›", "1970-01-01T00:00:00Z")
        .doesNotContain("2125550199");
  }

  @Test
  void an_older_version_is_lifted_and_its_sealed_values_survive() {
    EventCodec old = sealed(TypeNames.builder().add(Old.class).build());
    byte[] stored =
        old.encode(new Old("one", Personal.of(SUBJECT, DataClass.CALL_NUMBER, "+12125550199")));
    Upcaster step =
        new Upcaster() {
          @Override
          public WireName from() {
            return new WireName("test.old", 1);
          }

          @Override
          public WireName to() {
            return new WireName("test.renamed", 2);
          }

          @Override
          public ObjectNode upcast(ObjectNode stored) {
            stored.set("name", stored.remove("title"));
            return stored;
          }
        };
    EventCodec codec = sealed(TypeNames.builder().add(Renamed.class).build(), step);

    assertThat(codec.decode(new WireName("test.old", 1), stored))
        .isEqualTo(new Renamed("one", Personal.of(SUBJECT, DataClass.CALL_NUMBER, "+12125550199")));
  }

  @Test
  void unknown_names_unknown_properties_and_missing_ones_are_named_faults() {
    byte[] bytes = clear.encode(everything(Instant.EPOCH, Duration.ZERO));
    EventCodec other =
        EventCodec.clear(
            TypeNames.builder().add(Renamed.class, new WireName("test.everything", 1)).build(),
            List.of());

    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> clear.decode(new WireName("test.everything", 2), bytes))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNKNOWN_TYPE))
        .withMessageContaining("test.everything/2");
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> other.decode(new WireName("test.everything", 1), bytes))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNREADABLE));
    assertThatExceptionOfType(JournalException.class)
        .isThrownBy(() -> clear.encode(new Old("x", Personal.of("s", DataClass.CONTACT, "y"))))
        .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.UNWRITABLE));
  }

  record Vague(Object anything) {}

  sealed interface Unnamed {
    record One() implements Unnamed {}
  }

  record Holder(Unnamed one) {}

  @Test
  void a_list_of_names_with_duplicates_or_shapes_without_a_stable_form_is_refused() {
    TypeNames.Builder twice = TypeNames.builder().add(Old.class);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> twice.add(Renamed.class, new WireName("test.old", 1)))
        .withMessageContaining("names both");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> twice.add(Old.class, new WireName("test.old", 2)))
        .withMessageContaining("is named both");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TypeNames.builder().add(Vague.class, new WireName("test.vague", 1)).build());
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TypeNames.builder().add(Holder.class, new WireName("test.holder", 1)).build())
        .withMessageContaining("needs @JsonTypeInfo");
    assertThatIllegalArgumentException().isThrownBy(() -> TypeNames.builder().add(Vague.class));
  }

  @Test
  void a_digest_names_the_first_component_that_differs_and_leaves_personal_values_out() {
    CommandDigest.Of digests = new CommandDigest.Of(names);
    Everything command = everything(Instant.EPOCH, Duration.ZERO);
    CommandDigest digest = digests.digest(command);

    assertThat(digest.differenceTo(digests, everything(Instant.EPOCH, Duration.ZERO))).isEmpty();
    assertThat(digest.differenceTo(digests, everything(Instant.EPOCH, Duration.ofNanos(1))))
        .contains("lasted");
    assertThat(
            digest.differenceTo(digests, everything(Instant.EPOCH.plusSeconds(1), Duration.ZERO)))
        .contains("at");
    assertThat(digest.components()).isEqualTo(23);
  }
}
