package io.tandem.node.boot;

import java.util.List;

/**
 * The configuration is wrong: every problem by key, with what was found and what is allowed. The
 * node does not start.
 */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** One thing that is wrong. */
  public record Problem(String key, String found, String allowed) implements java.io.Serializable {
    @Override
    public String toString() {
      return key + ": found " + found + ", allowed: " + allowed;
    }
  }

  private final List<Problem> problems;

  /** With all problems found, at least one. */
  public SettingsException(List<Problem> problems) {
    super(
        "the configuration is wrong:"
            + problems.stream().map(p -> "\n  " + p).reduce("", String::concat));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong. */
  public List<Problem> problems() {
    return problems;
  }
}
