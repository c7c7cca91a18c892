package io.tandem.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** A bar for people, a few lines for logs. */
class ProgressTest {
  private final StringWriter written = new StringWriter();

  @Test
  void elsewhere_than_at_a_terminal_a_few_lines_are_written_and_nothing_is_overwritten() {
    Progress bar = new Progress(new PrintWriter(written, true), "waiting", false);
    for (int i = 0; i <= 100; i++) {
      bar.show(i, 100, i + " %");
    }
    bar.done();
    assertThat(written.toString().lines()).hasSize(4).last().asString().contains("100 %");
    assertThat(written.toString()).doesNotContain("\r");
  }

  @Test
  void at_a_terminal_the_bar_is_drawn_over_itself() {
    Progress bar = new Progress(new PrintWriter(written, true), "waiting", true);
    bar.show(1, 2, "half");
    bar.done();
    assertThat(written.toString()).startsWith("\rwaiting [###############...............] half");
  }

  @Test
  void what_several_threads_have_done_is_added_up() {
    Progress bar = new Progress(new PrintWriter(written, true), "reading", false);
    var counter = bar.counting(100, "events");
    counter.accept(40);
    counter.accept(60);
    assertThat(written.toString().lines()).last().asString().contains("100 events");
  }
}
