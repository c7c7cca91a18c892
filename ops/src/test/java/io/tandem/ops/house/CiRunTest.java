package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What CI passes and fails, with a launcher and a SIPp that only pretend. */
class CiRunTest {
  @TempDir Path house;

  @BeforeEach
  void a_house_whose_tests_pass() throws IOException {
    Files.createDirectories(house.resolve(".ci"));
    Files.copy(
        HouseTree.root().resolve(".ci/run"),
        house.resolve(".ci/run"),
        StandardCopyOption.COPY_ATTRIBUTES);
    program("bin/sipp", "echo ' SIPp v3.6.1.'");
    program("bin/tshark", "exit 0");
    program("bin/baresip", "exit 0");
    program("bin/espeak-ng", "exit 0");
    program("bin/ldconfig", "echo libopus.so.0 libspandsp.so.2 libmpg123.so.0");
    launcher("<testcase name=\"a\"/>", 0, 0);
  }

  @Test
  void passed_tests_and_a_demo_that_ends_well_pass_with_surefires_closing_line() throws Exception {
    assertThat(run()).isEqualTo(0);
    assertThat(said())
        .contains("SIPp v3.6.1", "== ./tandem test", "== ./tandem demo --once", "args: demo --once")
        .contains(
            "[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n"
                + "Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n")
        .endsWith("PASSED\n");
  }

  @Test
  void a_test_skipped_for_want_of_a_peer_fails_and_another_skip_does_not() throws Exception {
    launcher("<testcase name=\"a\"><skipped message=\"only on Tuesdays\"/></testcase>", 0, 0);
    assertThat(run()).isEqualTo(0);
    for (String reason : List.of("needs peer: sipp", "Assumption failed: needs peer: sipp")) {
      launcher("<testcase name=\"a\"><skipped message=\"" + reason + "\"/></testcase>", 0, 0);
      assertThat(run()).isEqualTo(1);
      assertThat(said()).contains("FAILED: skipped for want of a peer", reason);
    }
  }

  @Test
  void failed_tests_fail_and_no_demo_is_tried() throws Exception {
    launcher("<testcase name=\"a\"><failure/></testcase>", 1, 0);
    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("FAILED: ./tandem test ended with 1").doesNotContain("args: demo");
  }

  @Test
  void a_failed_demo_fails() throws Exception {
    launcher("<testcase name=\"a\"/>", 0, 3);
    assertThat(run()).isEqualTo(1);
    assertThat(said()).contains("FAILED: ./tandem demo --once ended with 3");
  }

  @Test
  void ci_runs_the_commands_of_the_readme() throws IOException {
    String readme = Files.readString(HouseTree.root().resolve("README.md"));
    String script = Files.readString(HouseTree.root().resolve(".ci/run"));
    for (String command : List.of("./tandem test", "./tandem demo")) {
      assertThat(readme).contains("    " + command + " ");
      assertThat(script).contains(command);
    }
  }

  private void launcher(String cases, int tests, int demo) throws IOException {
    program(
        "tandem",
        """
        echo "args: $*"
        if [ "$1" = demo ]; then exit %d; fi
        mkdir -p protocol/target/surefire-reports
        cat > protocol/target/surefire-reports/TEST-a.xml <<'END'
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuite name="a" time="0.1" tests="2" errors="0" skipped="0" failures="0">
        %s
        </testsuite>
        END
        echo '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in a'
        echo '[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0'
        exit %d
        """
            .formatted(demo, cases, tests));
  }

  private void program(String path, String script) throws IOException {
    Path file = house.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private int run() throws IOException, InterruptedException {
    Path said = house.resolve("said.txt");
    var builder =
        new ProcessBuilder(house.resolve(".ci/run").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile());
    builder
        .environment()
        .merge("PATH", house.resolve("bin").toString(), (path, bin) -> bin + ":" + path);
    var process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private String said() throws IOException {
    return Files.readString(house.resolve("said.txt"));
  }
}
