package io.tandem.ops.house;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** How far a rule is kept, as somebody judged it in {@code docs/rules-state.properties}. */
public sealed interface RuleState {
  /** Whole, by the tests tagged for it. */
  record Kept() implements RuleState {}

  /**
   * Whole, by a named benchmark or fault scenario with its figure: for rules about speed, load or
   * faults.
   */
  record Measured(String by) implements RuleState {}

  /** In part, and which part is done and which is not. */
  record Partial(String part) implements RuleState {}

  /** Nobody claims anything. */
  record NotYet() implements RuleState {}

  /** A line that is none of the forms: which rule, and what was written. */
  final class Malformed extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    Malformed(String rule, String written) {
      super(
          rule
              + " = "
              + written
              + ": allowed are 'kept', 'partial: <what is done; what is not>', 'measured: <command, figure>'");
    }
  }

  /** Reads the judgements, by rule id; a rule without a line has none. */
  static Map<String, RuleState> read(Path file) throws IOException {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    }
    var states = new TreeMap<String, RuleState>();
    for (String rule : properties.stringPropertyNames()) {
      states.put(rule, parse(rule, properties.getProperty(rule).strip()));
    }
    return states;
  }

  private static RuleState parse(String rule, String written) {
    String[] parts = written.split(":", 2);
    String remark = parts.length == 2 ? parts[1].strip() : "";
    if (written.equals("kept")) {
      return new Kept();
    }
    if (parts[0].equals("partial") && !remark.isEmpty()) {
      return new Partial(remark);
    }
    if (parts[0].equals("measured") && remark.contains("`")) {
      return new Measured(remark);
    }
    throw new Malformed(rule, written);
  }
}
