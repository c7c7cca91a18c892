package io.tandem.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** The command line itself: what it answers to right and wrong words. */
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void the_version_is_the_projects_own() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).startsWith("Tandem " + Version.tandem()).contains("JDK ");
    assertThat(Version.tandem()).matches("\\d+\\.\\d+\\.\\d+.*");
  }

  @Test
  void an_unknown_command_is_named_and_ends_with_2() {
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(err.toString()).contains("frobnicate", "Usage: tandem");
  }

  @Test
  void no_command_at_all_shows_the_usage_and_ends_with_2() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Which command?", "Usage: tandem");
  }

  @Test
  void nothing_is_coloured_when_nobody_watches() {
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("Usage: tandem").doesNotContain("\u001b");
  }

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }
}
