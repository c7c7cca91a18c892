package io.tandem.node.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.node.call.CallEntity;
import io.tandem.persistence.journal.BothWays;
import io.tandem.persistence.journal.TypeNames;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a noun stores or says is written without Jackson, to the byte as Jackson writes it. */
class BothWaysTest {

  private static final int EACH = 30;

  static Stream<Arguments> nouns() {
    return Stream.concat(
        NounsGoldenTest.nouns(), Stream.of(Arguments.of("call", CallEntity.types())));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nouns")
  void everything_is_written_without_jackson(String noun, TypeNames types) {
    assertThat(BothWays.leftToJackson(types)).as(noun).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nouns")
  void everything_is_written_as_jackson_writes_it(String noun, TypeNames types) {
    BothWays.compare(types, EACH, System.nanoTime());
  }
}
