package io.tandem.node.boot;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import io.tandem.persistence.money.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads typed values below one root key and collects every problem, so that a person mends them all
 * at once.
 */
final class SettingsReader {
  private final Config config;
  private final String root;
  private final Set<String> known = new HashSet<>();
  private final List<SettingsException.Problem> problems = new ArrayList<>();

  SettingsReader(Config config, String root) {
    this.config = config;
    this.root = root;
  }

  String text(String key) {
    return read(key, "a text", () -> config.getString(path(key)), "");
  }

  /** A text that never appears in a problem. */
  String secret(String key) {
    known.add(path(key));
    try {
      return config.getString(path(key));
    } catch (ConfigException e) {
      problems.add(
          new SettingsException.Problem(path(key), "something else (not shown)", "a text"));
      return "";
    }
  }

  int integer(String key, int least, int most) {
    String allowed = "a whole number from " + least + " to " + most;
    int value = read(key, allowed, () -> config.getInt(path(key)), least);
    if (value < least || value > most) {
      problem(key, allowed);
      return least;
    }
    return value;
  }

  boolean flag(String key) {
    return read(key, "true or false", () -> config.getBoolean(path(key)), false);
  }

  Duration duration(String key, Duration least, Duration most) {
    String allowed = "a duration from " + inWords(least) + " to " + inWords(most);
    Duration value = read(key, allowed, () -> config.getDuration(path(key)), least);
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      problem(key, allowed);
      return least;
    }
    return value;
  }

  List<Duration> durations(String key) {
    List<Duration> values =
        read(
            key,
            "a list of durations",
            () -> config.getDurationList(path(key)),
            List.<Duration>of());
    if (values.isEmpty() || values.stream().anyMatch(d -> d.isNegative() || d.isZero())) {
      problem(key, "at least one duration, each more than zero");
    }
    return values;
  }

  List<String> texts(String key) {
    return read(key, "a list of texts", () -> config.getStringList(path(key)), List.<String>of());
  }

  /** An amount in units, such as {@code 20.00}; at most six decimals. */
  Money money(String key, String currency) {
    String allowed = "an amount in " + currency + " with at most six decimals, such as 20.00";
    String found = read(key, allowed, () -> config.getString(path(key)), "0");
    try {
      return new Money(new BigDecimal(found).movePointRight(6).longValueExact(), currency);
    } catch (ArithmeticException | NumberFormatException e) {
      problem(key, allowed);
      return Money.zero(currency);
    }
  }

  /**
   * A text turned into something else; whatever the function refuses with an
   * IllegalArgumentException is a problem.
   */
  <T> T parsed(String key, String allowed, Function<String, T> parse, T otherwise) {
    String found = read(key, allowed, () -> config.getString(path(key)), "");
    try {
      return parse.apply(found);
    } catch (IllegalArgumentException e) {
      problem(key, allowed);
      return otherwise;
    }
  }

  /** Notes that the value of a key is not allowed. */
  void problem(String key, String allowed) {
    String found =
        config.hasPath(path(key)) ? "'" + config.getValue(path(key)).unwrapped() + "'" : "nothing";
    problems.add(new SettingsException.Problem(path(key), found, allowed));
  }

  /** The same for a value that must not be shown. */
  void secretProblem(String key, String allowed) {
    problems.add(new SettingsException.Problem(path(key), "something else (not shown)", allowed));
  }

  /**
   * Every key below the root that nobody asked for is a problem: most often a spelling mistake.
   * Then throws if there are problems.
   */
  void finish() {
    Config below = config.getConfig(root);
    for (Map.Entry<String, ConfigValue> entry : below.entrySet()) {
      String path = root + "." + entry.getKey().replace("\"", "");
      if (!known.contains(path)) {
        problems.add(new SettingsException.Problem(path, "a key nobody knows", nearest(path)));
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }

  private String nearest(String path) {
    String parent = path.substring(0, path.lastIndexOf('.') + 1);
    List<String> siblings = known.stream().filter(k -> k.startsWith(parent)).sorted().toList();
    return siblings.isEmpty() ? "keys of the reference configuration" : String.join(", ", siblings);
  }

  private <T> T read(String key, String allowed, Supplier<T> value, T otherwise) {
    known.add(path(key));
    try {
      return value.get();
    } catch (ConfigException.Missing e) {
      problems.add(new SettingsException.Problem(path(key), "nothing", allowed));
      return otherwise;
    } catch (ConfigException e) {
      problem(key, allowed);
      return otherwise;
    }
  }

  private String path(String key) {
    return root + "." + key;
  }

  private static String inWords(Duration duration) {
    return duration.toSeconds() > 0 && duration.toMillisPart() == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
