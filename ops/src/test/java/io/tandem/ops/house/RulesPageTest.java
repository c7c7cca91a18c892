package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.ops.Main;
import io.tandem.ops.house.TaggedTests.RuleTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page of the rules is fresh and claims nothing that has no test; and the machinery that says
 * so can fail.
 */
class RulesPageTest {
  @TempDir Path dir;

  @BeforeEach
  void a_small_house_with_four_rules() throws IOException {
    write(
        "docs/rules-source.md",
        """
        ## Money (WAL)
        | id | rule |
        | --- | --- |
        | WAL-1 | Whole cents | or less. |
        | WAL-2 | No overdraft. |
        ## Operation (OPS)
        | OPS-5 | Fast. |
        | OPS-6 | Seen. |
        """);
    write("docs/rules-state.properties", "");
  }

  @Test
  void the_page_of_this_house_is_fresh() throws IOException {
    var fresh = RulesPage.of(HouseTree.root()).render().lines().toList();
    var written = Files.readAllLines(HouseTree.root().resolve("docs/rules.md"));
    assertThat(written.stream().filter(line -> !fresh.contains(line)))
        .as("docs/rules.md is stale: run ./tandem rules")
        .isEmpty();
    assertThat(written).hasSameSizeAs(fresh);
    assertThat(written.equals(fresh)).as("docs/rules.md is stale: run ./tandem rules").isTrue();
  }

  @Test
  void this_house_claims_nothing_that_has_no_test() throws IOException {
    assertThat(RulesPage.of(HouseTree.root()).untruths()).isEmpty();
  }

  @Test
  void this_house_knows_all_rules_of_the_product() throws IOException {
    var catalogue = RuleCatalogue.read(HouseTree.root().resolve("docs/rules-source.md"));
    assertThat(catalogue.areas()).hasSize(12);
    assertThat(catalogue.areas().stream().mapToInt(area -> area.rules().size()).sum())
        .isEqualTo(114);
  }

  @Test
  void tags_are_found_on_methods_on_classes_in_lists_and_several_at_once() throws IOException {
    write(
        "protocol/src/test/java/SampleTest.java",
        """
        @Tag("rule:OPS-6")
        class SampleTest {
          @Test @Tag("rule:WAL-1") @Tag("rule:WAL-2") @Tag("slow") void two_cents_are_two_cents() {}
          @ParameterizedTest @Tags({@Tag("rule:WAL-2"), @Tag(value = "rule:OPS-5")}) void b() {}
          @Tag("rule:WAL-1") void no_test() {}
          @Nested class Inner { @Test @org.junit.jupiter.api.Tag("rule:WAL-1") void c() {} }
        }
        """);
    write(
        "protocol/src/main/java/Sample.java",
        "class Sample { @Test @Tag(\"rule:WAL-1\") void not_a_test() {} }");
    assertThat(RulesPage.of(dir).tests())
        .containsExactly(
            new RuleTest("OPS-6", "SampleTest", "two cents are two cents"),
            new RuleTest("WAL-1", "SampleTest", "two cents are two cents"),
            new RuleTest("WAL-2", "SampleTest", "two cents are two cents"),
            new RuleTest("OPS-5", "SampleTest", "b"),
            new RuleTest("OPS-6", "SampleTest", "b"),
            new RuleTest("WAL-2", "SampleTest", "b"),
            new RuleTest("OPS-6", "SampleTest.Inner", "c"),
            new RuleTest("WAL-1", "SampleTest.Inner", "c"));
  }

  @Test
  void every_state_is_shown_as_it_was_judged() throws IOException {
    write("ops/src/test/java/T.java", tagged("WAL-1", "WAL-2", "OPS-6"));
    write(
        "docs/rules-state.properties",
        "WAL-1 = kept\nWAL-2 = partial: one currency; not two\nOPS-5 = measured: `./tandem bench x`, 84 %\n");
    var page = RulesPage.of(dir);
    assertThat(page.untruths()).isEmpty();
    assertThat(page.render())
        .contains("| Money (WAL) | 2 | 1 | 1 | 0 |", "| Operation (OPS) | 2 | 1 | 1 | 0 |")
        .contains("### WAL-1: kept\n\n> Whole cents | or less.\n\n- `T` keeps 0\n")
        .contains("### WAL-2: partial", "Partial: one currency; not two")
        .contains("### OPS-5: kept, measured", "Measured: `./tandem bench x`, 84 %")
        .contains("### OPS-6: partial", "nobody has judged");
  }

  @Test
  void a_claim_without_a_test_is_an_untruth_and_so_is_a_rule_that_does_not_exist()
      throws IOException {
    write("docs/rules-state.properties", "WAL-1 = kept\nWAL-2 = partial: half\nWAL-99 = kept\n");
    write("ops/src/test/java/T.java", tagged("WAL-77"));
    assertThat(RulesPage.of(dir).untruths())
        .containsExactlyInAnyOrder(
            "WAL-1 is said to be kept, but no test is tagged rule:WAL-1",
            "WAL-2 is said to be partial, but no test is tagged rule:WAL-2",
            "rules-state.properties names WAL-99, which is no rule",
            "T 'keeps 0' is tagged for WAL-77, which is no rule");
  }

  @Test
  void a_judgement_in_any_other_form_is_refused() throws IOException {
    for (String written : List.of("done", "partial", "partial:", "kept mostly", "measured: fast")) {
      write("docs/rules-state.properties", "WAL-1 = " + written);
      assertThatThrownBy(() -> RulesPage.of(dir))
          .isInstanceOf(RuleState.Malformed.class)
          .hasMessageContaining("WAL-1");
    }
  }

  @Test
  void the_command_writes_the_page_and_fails_on_an_untruth() throws IOException {
    assertThat(rules()).isZero();
    assertThat(Files.readString(dir.resolve("docs/rules.md"))).contains("### WAL-1: not yet");
    write("docs/rules-state.properties", "WAL-1 = kept");
    assertThat(rules()).isEqualTo(1);
  }

  private int rules() {
    var silent = new PrintWriter(new StringWriter());
    return Main.run(silent, silent, "rules", "--root", dir.toString());
  }

  private static String tagged(String... rules) {
    var text = new StringBuilder("class T {\n");
    for (int i = 0; i < rules.length; i++) {
      text.append("@Test @Tag(\"rule:%s\") void keeps_%d() {}\n".formatted(rules[i], i));
    }
    return text.append("}").toString();
  }

  private void write(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
