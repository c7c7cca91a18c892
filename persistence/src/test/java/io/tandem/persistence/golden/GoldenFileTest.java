package io.tandem.persistence.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tandem.persistence.readmodel.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** That the golden files would catch what they are there for. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class GoldenFileTest {

  private static final List<Record> SAMPLES =
      List.of(
          new Tally.Event.Opened("acct_1"),
          new Tally.Event.Counted(5),
          new Tally("t", Optional.empty(), 5));

  @TempDir Path folder;
  private GoldenFile golden;
  private String before;

  @BeforeEach
  void write_them() {
    before = System.getProperty("golden.write", "false");
    golden = GoldenFile.stored(Tally.names()).in(folder);
    System.setProperty("golden.write", "true");
    golden.check(SAMPLES);
    System.setProperty("golden.write", "false");
  }

  @AfterEach
  void restore() {
    System.setProperty("golden.write", before);
  }

  @Test
  void unchanged_types_pass_and_have_a_readable_view() throws IOException {
    golden.check(SAMPLES);
    assertThat(Files.readString(folder.resolve("tally.counted.1.json"))).contains("\"by\" : 5");
  }

  @Test
  void a_missing_file_a_missing_sample_and_a_changed_form_fail_by_name() throws IOException {
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> golden.check(SAMPLES.subList(0, 2)))
        .withMessageContaining("tally.state/1 has no sample");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () -> golden.check(List.of(SAMPLES.get(0), new Tally.Event.Counted(6), SAMPLES.get(2))))
        .withMessageContaining("tally.counted/1 is written differently now");
    Files.delete(folder.resolve("tally.counted.1.cbor.hex"));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> golden.check(SAMPLES))
        .withMessageContaining("tally.counted.1.cbor.hex is missing");
  }

  @Test
  void writing_never_changes_a_file_that_is_there() {
    System.setProperty("golden.write", "true");
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(
            () ->
                golden.check(List.of(SAMPLES.get(0), new Tally.Event.Counted(6), SAMPLES.get(2))));
  }

  @Test
  void a_released_version_without_a_way_to_read_it_fails() throws IOException {
    Files.copy(
        folder.resolve("tally.counted.1.cbor.hex"), folder.resolve("tally.dropped.1.cbor.hex"));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> golden.check(SAMPLES))
        .withMessageContaining("cannot be read any more");
  }
}
