package io.tandem.ops.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the system promises, rule by rule, in the order of {@code docs/rules-source.md}.
 *
 * @param areas the chapters, each with at least one rule
 */
public record RuleCatalogue(List<Area> areas) {
  private static final Pattern ROW = Pattern.compile("\\| ([A-Z]+-\\d+) \\| (.+) \\|\\s*");

  /**
   * A chapter of the catalogue.
   *
   * @param title as written, for example {@code Money and wallet (WAL)}
   * @param rules in their order
   */
  public record Area(String title, List<Rule> rules) {}

  /**
   * One promise.
   *
   * @param id for example {@code WAL-2}
   * @param text as written, Markdown
   */
  public record Rule(String id, String text) {}

  /**
   * Reads the catalogue from its Markdown tables: a second-level heading opens an area, a row with
   * an id is a rule.
   */
  public static RuleCatalogue read(Path file) throws IOException {
    Map<String, List<Rule>> areas = new LinkedHashMap<>();
    String area = "";
    for (String line : Files.readAllLines(file)) {
      var row = ROW.matcher(line);
      if (line.startsWith("## ")) {
        area = line.substring(3).strip();
      } else if (row.matches()) {
        areas
            .computeIfAbsent(area, a -> new ArrayList<>())
            .add(new Rule(row.group(1), row.group(2).strip()));
      }
    }
    return new RuleCatalogue(
        areas.entrySet().stream()
            .map(e -> new Area(e.getKey(), List.copyOf(e.getValue())))
            .toList());
  }

  /** The rule of this id, if there is one. */
  public Optional<Rule> rule(String id) {
    return areas.stream()
        .flatMap(a -> a.rules().stream())
        .filter(r -> r.id().equals(id))
        .findFirst();
  }
}
