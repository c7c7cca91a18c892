package io.tandem.persistence.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.tandem.persistence.account.AccountEvent;
import io.tandem.persistence.agent.AgentEvent;
import io.tandem.persistence.call.CallEvent;
import io.tandem.persistence.call.CallState;
import io.tandem.persistence.campaign.CampaignEvent;
import io.tandem.persistence.dispute.DisputeEvent;
import io.tandem.persistence.endpoint.EndpointEvent;
import io.tandem.persistence.number.NumberEvent;
import io.tandem.persistence.security.SecurityEvent;
import io.tandem.persistence.trunk.TrunkEvent;
import io.tandem.persistence.vertical.VerticalEvent;
import io.tandem.persistence.wallet.WalletEvent;
import io.tandem.persistence.wallet.WalletState;
import io.tandem.persistence.webhook.WebhookEvent;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.PVector;

/** Records written without Jackson are to the byte what Jackson writes, or left to it. */
class StraightRecordsTest {

  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  sealed interface Shape {
    @Wire("test.circle/1")
    @JsonTypeName("circle")
    record Circle(long radiusMicros) implements Shape {}

    @Wire("test.point/1")
    @JsonTypeName("point")
    record Point() implements Shape {}
  }

  record Pair<A, B>(@Nullable A one, PSortedMap<String, B> others) {}

  @Wire("test.kinds/1")
  record Kinds(
      String text,
      @Nullable Long number,
      int count,
      Integer boxed,
      boolean yes,
      Boolean no,
      DayOfWeek day,
      Instant at,
      Duration lasted,
      LocalDate date,
      LocalTime time,
      ZoneId zone,
      byte[] blob,
      Shape shape,
      PVector<Shape> shapes,
      PMap<String, Shape> named,
      Map<String, PMap<String, Long>> nested,
      List<List<String>> lines,
      PSortedSet<String> words,
      Pair<Instant, PVector<Shape>> pair,
      Personal<String> person,
      PVector<Personal<String>> persons,
      String aNameThatIsTooLongForOneByteOfHead) {
    boolean isLarge() {
      return count > 10;
    }
  }

  @Wire("test.tree/1")
  record Tree(String name, List<Tree> below) {}

  @Wire("test.maybe/1")
  record Maybe(Optional<String> text) {}

  @Wire("test.letter/1")
  record Letter(char one) {}

  @Wire("test.renamed/1")
  record Renamed(@JsonProperty("called") String name) {}

  @Wire("test.drawn/1")
  record Drawn(Personal<Shape> shape) {}

  private final long seed = System.nanoTime();

  private static TypeNames names(Class<?>... types) {
    TypeNames.Builder names = TypeNames.builder();
    Arrays.stream(types).forEach(each -> names.add(each.asSubclass(Record.class)));
    return names.build();
  }

  private static TypeNames stored() {
    return TypeNames.builder()
        .addAll(AccountEvent.class)
        .addAll(AgentEvent.class)
        .addAll(CallEvent.class)
        .addAll(CallState.class)
        .addAll(CampaignEvent.class)
        .addAll(DisputeEvent.class)
        .addAll(EndpointEvent.class)
        .addAll(NumberEvent.class)
        .addAll(SecurityEvent.class)
        .addAll(TrunkEvent.class)
        .addAll(VerticalEvent.class)
        .addAll(WalletEvent.class)
        .add(WalletState.class)
        .addAll(WebhookEvent.class)
        .build();
  }

  @Test
  void every_event_is_written_without_jackson() {
    assertThat(BothWays.leftToJackson(stored())).isEmpty();
  }

  @Test
  void every_event_is_written_as_jackson_writes_it() {
    BothWays.compare(stored(), 40, seed);
  }

  @Test
  void every_kind_of_component_is_written_as_jackson_writes_it() {
    TypeNames names = names(Kinds.class, Shape.Circle.class, Shape.Point.class);
    assertThat(BothWays.leftToJackson(names)).isEmpty();
    BothWays.compare(names, 1_500, seed);
  }

  @Test
  void what_has_another_form_than_is_known_here_is_left_to_jackson() {
    TypeNames names = names(Tree.class, Maybe.class, Letter.class, Renamed.class, Drawn.class);
    assertThat(BothWays.leftToJackson(names)).containsExactlyElementsOf(names.all().values());
    EventCodec codec = EventCodec.clear(names, List.of());
    assertThat(codec.storedToJson(codec.encode(new Renamed("n")))).contains("called");
  }

  @Wire("test.text/1")
  record Text(String text) {}

  @Test
  void texts_of_all_lengths_are_cut_where_jackson_cuts_them() {
    EventCodec codec = EventCodec.clear(names(Text.class), List.of());
    EventCodec jackson = codec.withoutShortcut();
    for (String each : List.of("a", "?", "ü", "€", "\uD83D\uDE00", "a\uD83D\uDE00")) {
      for (int at : new int[] {0, 12, 24, 64, 86, 128, 256, 1_332, 3_996, 7_992, 11_988, 65_536}) {
        for (int length = Math.max(0, at - 3); length < at + 4; length++) {
          BothWays.compare(codec, jackson, new Text(each.repeat(length)), seed);
          BothWays.compare(codec, jackson, new Text("x" + each.repeat(length)), seed);
        }
      }
    }
  }

  @Test
  void half_a_character_is_refused_either_way() {
    EventCodec codec = EventCodec.clear(names(Text.class), List.of());
    for (String broken : List.of("\uD83D", "\uDE00", "\uD83Dx", "x\uDE00\uD83D", "\uD83D\uD83D")) {
      for (String before : List.of("", "ü", "?", "x".repeat(3_995))) {
        for (String after : List.of("", "?", "x".repeat(9_000))) {
          Text text = new Text(before + broken + after);
          BothWays.compare(codec, codec.withoutShortcut(), text, seed);
          assertThatExceptionOfType(JournalException.class)
              .isThrownBy(() -> codec.encode(text))
              .satisfies(e -> assertThat(e.fault()).isEqualTo(JournalException.Fault.UNWRITABLE));
        }
      }
    }
  }

  @Test
  void what_is_on_no_list_is_refused_either_way() {
    EventCodec codec = EventCodec.clear(names(Text.class), List.of());
    for (EventCodec each : List.of(codec, codec.withoutShortcut())) {
      assertThatExceptionOfType(JournalException.class)
          .isThrownBy(() -> each.encode(new Maybe(Optional.empty())))
          .satisfies(e -> assertThat(e.fault()).isEqualTo(JournalException.Fault.UNWRITABLE));
    }
  }
}
