package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.JavaSources.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check that cannot fail is no check: each is shown a bad sample, and a good one beside it. */
class TidyBadSamplesTest {
  @TempDir Path dir;

  @Test
  void a_method_of_61_lines_is_long_and_one_of_60_is_not() throws IOException {
    assertThat(SyntaxChecks.longMethods(method(60))).isEmpty();
    assertThat(SyntaxChecks.longMethods(method(61)))
        .containsExactly(Map.entry("src/main/Sample.java#m", 61));
  }

  @Test
  void every_way_to_sleep_is_found() throws IOException {
    var source =
        test(
            """
            class Sample {
              void a() throws Exception { Thread.sleep(1); }
              void b() throws Exception { java.util.concurrent.TimeUnit.SECONDS.sleep(1); }
              void c() throws Exception { MILLISECONDS.sleep(1); }
              void d() { clock.sleepless(); }
            }
            """);
    assertThat(SyntaxChecks.sleeps(source)).hasSize(3);
  }

  @Test
  void speaking_to_the_console_is_found() throws IOException {
    var source =
        main(
            "class Sample { void a(Exception e) { System.out.println(); java.lang.System.err.print(1); e.printStackTrace(); } }");
    assertThat(SyntaxChecks.consoleOutput(source)).hasSize(3);
    assertThat(SyntaxChecks.consoleOutput(main("class Sample { void a() { System.nanoTime(); } }")))
        .isEmpty();
  }

  @Test
  void a_test_switched_off_is_found_whatever_the_condition() throws IOException {
    var source =
        test("class Sample { @Disabled void a() {} @DisabledOnOs void b() {} @Test void c() {} }");
    assertThat(SyntaxChecks.disabledTests(source)).hasSize(2);
  }

  @Test
  void floating_point_is_found_as_type_box_literal_and_conversion() throws IOException {
    var source =
        main(
            """
            package io.tandem.persistence.money;
            class Sample {
              double a; float b; Double c; long d = (long) (1.5 * 2);
              long e(Number n) { return (long) n.doubleValue(); }
              long good = 1_500_000L;
            }
            """);
    assertThat(SyntaxChecks.floatingPoint(source)).hasSize(5);
  }

  @Test
  void money_code_is_the_money_packages_and_whoever_imports_them() throws IOException {
    assertThat(SyntaxChecks.isMoneyCode(main("package io.tandem.node.wallet; class Sample {}")))
        .isTrue();
    assertThat(
            SyntaxChecks.isMoneyCode(
                main(
                    "package io.tandem.node.call; import io.tandem.persistence.money.Money; class S {}")))
        .isTrue();
    assertThat(SyntaxChecks.isMoneyCode(main("package io.tandem.protocol.media; class Sample {}")))
        .isFalse();
  }

  @Test
  void names_that_say_nothing_are_found_word_by_word() throws IOException {
    var source =
        main(
            """
            class CallManager {} class SipUtil {} class CallData {} class ThingImpl {} class LegInfo {} class Helper {}
            class Database {} class Information {} class Utility {}
            """);
    assertThat(SyntaxChecks.emptyNames(source)).hasSize(6);
  }

  @Test
  void a_package_without_a_story_is_found() throws IOException {
    var silent = main("package io.tandem.a; class Sample {}");
    assertThat(SyntaxChecks.packageStories(List.of(silent)))
        .containsExactly("src/main: no package-info.java");
    var empty = source("src/main/package-info.java", "package io.tandem.a;");
    assertThat(SyntaxChecks.packageStories(List.of(silent, empty)))
        .hasSize(1)
        .first()
        .asString()
        .contains("no story");
    var told = source("src/main/package-info.java", "/** Job. */ @NullMarked package io.tandem.a;");
    assertThat(SyntaxChecks.packageStories(List.of(silent, told))).isEmpty();
  }

  @Test
  void the_ratchet_turns_one_way() {
    assertThat(TextChecks.ratchet(Map.of(), Map.of())).isEmpty();
    assertThat(TextChecks.ratchet(Map.of("A.java", 501), Map.of())).hasSize(1);
    assertThat(TextChecks.ratchet(Map.of("A.java", 600), Map.of("A.java", 600))).isEmpty();
    assertThat(TextChecks.ratchet(Map.of("A.java", 601), Map.of("A.java", 600)))
        .first()
        .asString()
        .contains("grew");
    assertThat(TextChecks.ratchet(Map.of("A.java", 599), Map.of("A.java", 600)))
        .first()
        .asString()
        .contains("shrank");
    assertThat(TextChecks.ratchet(Map.of(), Map.of("A.java", 600)))
        .first()
        .asString()
        .contains("take it out");
    assertThat(TextChecks.readRatchet(List.of("# why", "", "a/B.java = 512")))
        .containsExactly(Map.entry("a/B.java", 512));
  }

  @Test
  void an_open_end_needs_its_reason() {
    assertThat(TextChecks.openEnds("a", List.of("// TO" + "DO later"))).hasSize(1);
    assertThat(TextChecks.openEnds("a", List.of("// FIX" + "ME"))).hasSize(1);
    assertThat(
            TextChecks.openEnds(
                "a", List.of("// TO" + "DO(until issue 5 brings the archive): read both")))
        .isEmpty();
  }

  @Test
  void machine_paths_and_registries_are_found() {
    assertThat(
            TextChecks.machinePaths(
                "a", List.of("see /ho" + "me/me/x", "cd /wo" + "rk/main", "GET /v1/home/x")))
        .hasSize(2);
    assertThat(TextChecks.registryHosts("a", List.of("from docker" + ".io/x", "Maven Central")))
        .hasSize(1);
  }

  private Source method(int lines) throws IOException {
    return main("class Sample {\n  void m() {\n" + "    n();\n".repeat(lines - 2) + "  }\n}\n");
  }

  private Source main(String text) throws IOException {
    return source("src/main/Sample.java", text);
  }

  private Source test(String text) throws IOException {
    return source("src/test/Sample.java", text);
  }

  private Source source(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return JavaSources.parse(dir, List.of(file)).getFirst();
  }
}
