package io.tandem.ops.bench.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.protocol.media.loop.Wire;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class RtpBenchTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void a_few_calls_are_relayed_by_a_process_of_its_own_and_stand_in_the_table() {
    assumeThat(Wire.NATIVE.available()).isTrue();
    assertThat(run("--calls", "3", "--contenders", "native", "--warm", "1", "--seconds", "1"))
        .as("%s%s", out, err)
        .isZero();
    assertThat(out.toString()).contains("tandem native").contains("of       300");
  }

  @Test
  void a_wrong_option_is_named_with_what_is_allowed() {
    assertThat(run("--calls", "0")).isEqualTo(2);
    assertThat(run("--contenders", "freeswitch")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--calls: found 0, allowed: 1 to 2900")
        .contains("--contenders: found freeswitch, allowed: native");
  }

  private int run(String... arguments) {
    return new CommandLine(new RtpBench())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
