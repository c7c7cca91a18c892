package io.tandem.persistence.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.journal.TypeNames;
import io.tandem.persistence.journal.WireName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a changed form would be found, also where its sample would not show it. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class FormsFileTest {

  private static final WireName NAME = new WireName("thing.made", 1);

  enum Colour {
    RED,
    BLUE
  }

  enum MoreColours {
    RED,
    BLUE,
    GREEN
  }

  record Made(String name, Optional<Long> size, List<Colour> colours) {}

  record Renamed(String title, Optional<Long> size, List<Colour> colours) {}

  record Nulled(@Nullable String name, Optional<Long> size, List<Colour> colours) {}

  record Added(String name, Optional<Long> size, List<Colour> colours, Optional<String> more) {}

  record Retyped(String name, Optional<Integer> size, List<Colour> colours) {}

  record Coloured(String name, Optional<Long> size, List<MoreColours> colours) {}

  record Reordered(Optional<Long> size, String name, List<Colour> colours) {}

  @TempDir Path folder;
  private FormsFile forms;
  private String before;

  @BeforeEach
  void write_them() {
    before = System.getProperty("golden.write", "false");
    forms = new FormsFile(folder.resolve("forms.txt"));
    System.setProperty("golden.write", "true");
    forms.check(names(Made.class, 1), Set.of());
    System.setProperty("golden.write", "false");
  }

  @AfterEach
  void restore() {
    System.setProperty("golden.write", before);
  }

  private static TypeNames names(Class<? extends Record> type, int version) {
    return TypeNames.builder().add(type, new WireName("thing.made", version)).build();
  }

  @Test
  void the_same_form_passes() {
    forms.check(names(Made.class, 1), Set.of());
    assertThat(FormsFile.formOf(Made.class))
        .isEqualTo("{name:String,size:Optional<Long>,colours:List<(RED|BLUE)>}");
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        Renamed.class,
        Nulled.class,
        Added.class,
        Retyped.class,
        Coloured.class,
        Reordered.class
      })
  void another_form_under_the_same_version_fails_also_when_writing(Class<? extends Record> other) {
    for (String writing : List.of("false", "true", "false")) {
      System.setProperty("golden.write", writing);
      assertThatExceptionOfType(AssertionError.class)
          .isThrownBy(() -> forms.check(names(other, 1), Set.of()))
          .withMessageContaining("thing.made/1 has another form without another version");
    }
  }

  @Test
  void another_version_needs_its_own_line_and_a_way_to_read_the_one_before() {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> forms.check(names(Added.class, 2), Set.of(NAME)))
        .withMessageContaining("thing.made/2 is new");
    System.setProperty("golden.write", "true");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> forms.check(names(Added.class, 2), Set.of()))
        .withMessageContaining("thing.made/1 was written once, and nothing reads it any more");
    System.setProperty("golden.write", "false");
    forms.check(names(Added.class, 2), Set.of(NAME));
  }
}
