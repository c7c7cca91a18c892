package io.tandem.ops.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.ops.house.JavaSources.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * House rules that a machine can check, held against the whole tree. That each check can fail:
 * {@link TidyBadSamplesTest}.
 */
class TidyTest {
  private static final Path ROOT = HouseTree.root();
  private static List<Source> sources = List.of();
  private static List<Path> texts = List.of();

  @BeforeAll
  static void read_the_tree() {
    sources = JavaSources.read(ROOT, path -> true);
    texts = HouseTree.textFiles();
  }

  @Test
  void a_file_is_a_page_and_a_method_fits_a_screen_and_known_offenders_only_shrink()
      throws IOException {
    Map<String, Integer> offenders = new TreeMap<>();
    for (Path file : texts) {
      int lines = HouseTree.lines(ROOT.resolve(file)).orElseThrow().size();
      if (isCode(file) && lines > TextChecks.FILE_LINES_MAX) {
        offenders.put(file.toString(), lines);
      }
    }
    sources.forEach(source -> offenders.putAll(SyntaxChecks.longMethods(source)));
    Path ratchet = ROOT.resolve("ops/src/test/resources/tidy-ratchet.txt");
    assertThat(TextChecks.ratchet(offenders, TextChecks.readRatchet(Files.readAllLines(ratchet))))
        .isEmpty();
  }

  @Test
  void no_test_sleeps() {
    assertThat(inSources(TidyTest::isTest, SyntaxChecks::sleeps)).isEmpty();
  }

  @Test
  void no_test_is_switched_off() {
    assertThat(inSources(TidyTest::isTest, SyntaxChecks::disabledTests)).isEmpty();
  }

  @Test
  void no_main_code_but_the_tools_speaks_to_the_console() {
    assertThat(inSources(TidyTest::isNode, SyntaxChecks::consoleOutput)).isEmpty();
  }

  @Test
  void no_floating_point_is_anywhere_near_money() {
    assertThat(inSources(SyntaxChecks::isMoneyCode, SyntaxChecks::floatingPoint)).isEmpty();
  }

  @Test
  void type_names_are_the_trades_words() {
    assertThat(inSources(source -> true, SyntaxChecks::emptyNames)).isEmpty();
  }

  @Test
  void every_main_package_tells_its_story() {
    assertThat(SyntaxChecks.packageStories(sources)).isEmpty();
  }

  @Test
  void no_open_end_is_without_a_reason_to_wait() {
    assertThat(inTexts(file -> isCode(file) || isScript(file), TextChecks::openEnds)).isEmpty();
  }

  @Test
  void nothing_names_a_path_of_somebodys_machine() {
    assertThat(inTexts(file -> true, TextChecks::machinePaths)).isEmpty();
  }

  @Test
  void documents_name_no_registrys_host() {
    assertThat(inTexts(file -> file.toString().endsWith(".md"), TextChecks::registryHosts))
        .isEmpty();
  }

  private static List<String> inSources(
      Predicate<Source> wanted, Function<Source, List<String>> check) {
    return sources.stream().filter(wanted).flatMap(source -> check.apply(source).stream()).toList();
  }

  private static List<String> inTexts(
      Predicate<Path> wanted, BiFunction<String, List<String>, List<String>> check) {
    var found = new ArrayList<String>();
    for (Path file : texts) {
      if (wanted.test(file)) {
        found.addAll(
            check.apply(file.toString(), HouseTree.lines(ROOT.resolve(file)).orElseThrow()));
      }
    }
    return found;
  }

  private static boolean isTest(Source source) {
    return source.path().contains("src/test/");
  }

  private static boolean isNode(Source source) {
    return source.path().contains("src/main/") && !source.path().startsWith("ops/");
  }

  private static boolean isCode(Path file) {
    return Stream.of(".java", ".js", ".ts", ".css", ".sql").anyMatch(file.toString()::endsWith)
        || isScript(file);
  }

  private static boolean isScript(Path file) {
    return file.toString().endsWith(".sh") || file.endsWith("tandem") || file.startsWith(".ci");
  }
}
