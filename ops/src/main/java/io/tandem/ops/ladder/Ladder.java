package io.tandem.ops.ladder;

import io.tandem.ops.ladder.Entry.Message;
import io.tandem.ops.ladder.Entry.Note;
import io.tandem.ops.ladder.Entry.Party;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Draws entries as text, one line each, in the order of their time; times are seconds since the
 * first.
 */
public final class Ladder {
  private static final int TIME_CHARS = 11;
  private static final int GAP_CHARS = 26;

  private Ladder() {}

  /** The lines. Entries of the same instant stay in the order they were given. */
  public static List<String> lines(List<? extends Entry> entries) {
    if (entries.isEmpty()) {
      return List.of();
    }
    List<? extends Entry> ordered =
        entries.stream().sorted(Comparator.comparing(Entry::at)).toList();
    Instant first = ordered.getFirst().at();
    java.util.ArrayList<String> lines = new java.util.ArrayList<>();
    lines.add(headings());
    for (Entry entry : ordered) {
      String drawn =
          switch (entry) {
            case Message message -> arrow(message);
            case Note note -> rails(" ** " + note.words());
          };
      lines.add((time(Duration.between(first, entry.at())) + drawn).stripTrailing());
    }
    return lines;
  }

  private static String headings() {
    StringBuilder line = new StringBuilder(" ".repeat(TIME_CHARS));
    for (Party party : Party.values()) {
      String heading = party.heading();
      line.append(heading).append(" ".repeat(Math.max(1, GAP_CHARS + 1 - heading.length())));
    }
    return line.toString().stripTrailing();
  }

  private static String time(Duration since) {
    return String.format(
        Locale.ROOT,
        "%" + (TIME_CHARS - 2) + "s  ",
        "+" + since.toSeconds() + "." + String.format(Locale.ROOT, "%03d", since.toMillisPart()));
  }

  /**
   * The three rails, with words between the last two: what happens inside happens at the platform.
   */
  private static String rails(String words) {
    return "|" + " ".repeat(GAP_CHARS) + "|" + words;
  }

  private static String arrow(Message message) {
    int from = message.from().ordinal();
    int to = message.to().ordinal();
    StringBuilder line = new StringBuilder("|");
    for (int gap = 0; gap < Party.values().length - 1; gap++) {
      boolean crossed = Math.min(from, to) <= gap && gap < Math.max(from, to);
      line.append(crossed ? shaft(message.words(), from < to) : " ".repeat(GAP_CHARS)).append('|');
    }
    return line.toString();
  }

  /**
   * {@code --- INVITE (SDP) -------->} or the other way round, as wide as the gap; longer words are
   * cut.
   */
  private static String shaft(String words, boolean right) {
    int room = GAP_CHARS - 6;
    String label = words.length() <= room ? words : words.substring(0, room - 1) + "~";
    int dashes = GAP_CHARS - label.length() - 3;
    int before = dashes / 2;
    String left = "-".repeat(before) + " " + label + " " + "-".repeat(dashes - before);
    return right ? left + ">" : "<" + left;
  }
}
