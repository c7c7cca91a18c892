package io.tandem.ops.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * House rules that can be read off plain text: length with its ratchet, open ends, and what
 * documents may not name.
 */
final class TextChecks {
  static final int FILE_LINES_MAX = 500;

  /** The words are put together here, so that this file does not hold what it looks for. */
  private static final Pattern OPEN_END =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b(?!\\(until [^)]{5,}\\))");

  private static final Pattern MACHINE_PATH =
      Pattern.compile("(?<![\\w.])/(home|root|Users|wo" + "rk|fa" + "rm)/\\S*|\\.lib" + "rary/");

  private static final Pattern REGISTRY_HOST =
      Pattern.compile(
          "\\b(repo1?\\.maven\\.(apache\\.)?org|central\\.sonatype\\.com|registry\\.npmjs\\.org|pypi\\.org"
              + "|docker\\.io|quay\\.io|ghcr\\.io|gcr\\.io|proxy\\.golang\\.org|deb\\.debian\\.org)\\b");

  private TextChecks() {}

  /**
   * Holds measured sizes against the ratchet: nothing new over the limit, nothing known grows, and
   * a known offender that shrank is written down at its new size, so that it cannot grow back.
   *
   * @param offenders what is over a limit now, with its size
   * @param ratchet the known offenders with the size they had
   */
  static List<String> ratchet(Map<String, Integer> offenders, Map<String, Integer> ratchet) {
    var found = new ArrayList<String>();
    var names = new TreeSet<>(offenders.keySet());
    names.addAll(ratchet.keySet());
    for (String name : names) {
      Integer now = offenders.get(name);
      Integer known = ratchet.get(name);
      if (known == null) {
        found.add(name + ": " + now + " lines; which noun is hiding in it?");
      } else if (now == null) {
        found.add(name + ": no longer over the limit; take it out of tidy-ratchet.txt");
      } else if (now > known) {
        found.add(name + ": grew from " + known + " to " + now + " lines; it may only shrink");
      } else if (now < known) {
        found.add(name + ": shrank to " + now + " lines; write that into tidy-ratchet.txt");
      }
    }
    return found;
  }

  /** Reads {@code name = lines}, one a line; empty lines and {@code #} comments are skipped. */
  static Map<String, Integer> readRatchet(List<String> lines) {
    var ratchet = new TreeMap<String, Integer>();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        String[] parts = line.split("\\s*=\\s*");
        ratchet.put(parts[0].strip(), Integer.valueOf(parts[1].strip()));
      }
    }
    return ratchet;
  }

  /**
   * Open ends that do not say what they wait for: allowed is only the form with {@code (until …)}.
   */
  static List<String> openEnds(String path, List<String> lines) {
    return matches(path, lines, OPEN_END, "an open end without a reason to wait");
  }

  /** Paths that exist on one machine only. */
  static List<String> machinePaths(String path, List<String> lines) {
    return matches(path, lines, MACHINE_PATH, "a path of somebody's machine");
  }

  /** Hosts of package registries: which one is used is the reader's business. */
  static List<String> registryHosts(String path, List<String> lines) {
    return matches(path, lines, REGISTRY_HOST, "a registry's host");
  }

  private static List<String> matches(
      String path, List<String> lines, Pattern pattern, String what) {
    var found = new ArrayList<String>();
    for (int i = 0; i < lines.size(); i++) {
      var matcher = pattern.matcher(lines.get(i));
      if (matcher.find()) {
        found.add(path + ":" + (i + 1) + ": " + what + ": " + matcher.group());
      }
    }
    return found;
  }
}
