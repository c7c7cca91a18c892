package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Imports go one way, over all classes of Tandem on the class path. */
class ImportRulesTest {
  /**
   * Test classes stand in a directory while the reactor tests, and in a jar of their own once it
   * has packaged.
   */
  private static final ImportOption TESTS =
      location -> location.contains("/test-classes/") || location.contains("-tests.jar");

  private static JavaClasses main = new ClassFileImporter().importClasses();

  @BeforeAll
  static void import_the_classes() {
    main =
        new ClassFileImporter()
            .withImportOption(location -> !TESTS.includes(location))
            .importPackages("io.tandem");
  }

  static Stream<ArchRule> rules() {
    return ImportRules.ofMainClasses().stream();
  }

  @ParameterizedTest
  @MethodSource("rules")
  void main_classes_keep(ArchRule rule) {
    assertThat(ImportRules.violations(rule, main)).as(rule.getDescription()).isEmpty();
  }

  @Test
  void tests_tagged_for_a_product_rule_go_through_the_public_surface() {
    var tests = new ClassFileImporter().withImportOption(TESTS).importPackages("io.tandem");
    assertThat(ImportRules.violations(ImportRules.RULE_TESTS_GO_THROUGH_THE_SURFACE, tests))
        .isEmpty();
    assertThat(tests.contain(ImportRulesTest.class)).as("the import saw the tests").isTrue();
  }

  @Test
  void the_import_saw_every_module_that_has_classes() {
    assertThat(main.contain(io.tandem.ops.Main.class)).isTrue();
    for (String module : List.of("protocol", "persistence", "node")) {
      boolean onClassPath = getClass().getResource("/io/tandem/" + module) != null;
      boolean seen =
          main.stream().anyMatch(type -> type.getPackageName().startsWith("io.tandem." + module));
      assertThat(seen).as(module).isEqualTo(onClassPath);
    }
  }
}
