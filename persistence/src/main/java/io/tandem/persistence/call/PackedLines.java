package io.tandem.persistence.call;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a trace as a short text. A hundred candidates are told much the same, so that a line
 * says only how it differs from those before it: the names from where they differ from the line
 * before, and a sentence by its number with the figures that changed since it was last said.
 *
 * <pre>
 * 3NAME⇥0NAME⇥!25,0,3␟CHOSEN␟o0: tier 0, 0 s   a sentence that is new: its figures, verdict, words; 0 for each figure
 * 9ME⇥9ME⇥B,,4                                  the second sentence; of its figures only the third is another
 * </pre>
 *
 * <p>A line has three fields where one that is written out has four: a build that knows those alone
 * passes over these.
 */
final class PackedLines {

  private static final char UNIT = '\u001f';
  private static final char NEW = '!';
  private static final char FIRST = 'A';
  private static final int SENTENCES_MAX = 'z' - FIRST + 1;
  private static final char NO_CHARS = '0';
  private static final int SHARED_MAX = 'z' - NO_CHARS;
  private static final char NEXT = '+';
  private static final int FIELDS = 3;
  private static final int CHARS_A_LINE = 64;

  private PackedLines() {}

  /** A verdict and what was said, without its figures. */
  private record Sentence(String verdict, String words) {}

  /** A sentence that was said, and the figures it was said with last. */
  private static final class Said {
    private final char name;
    private final Sentence sentence;
    private List<String> figures = List.of();

    /** Where the figures of the line that is looked at begin and end. */
    private int[] ends = {};

    Said(char name, Sentence sentence) {
      this.name = name;
      this.sentence = sentence;
    }

    /** Whether a line is this sentence again; finds its figures. */
    boolean saysToo(TraceLine line) {
      String words = sentence.words();
      String reason = line.reason();
      if (!sentence.verdict().equals(line.verdict())) {
        return false;
      }
      if (ends.length == 0) {
        ends = new int[2 * figures.size()];
      }
      int at = 0;
      int figure = 0;
      for (int i = 0; i < words.length(); i++) {
        char c = words.charAt(i);
        if (at == reason.length() || (c == '0') != isDigit(reason.charAt(at))) {
          return false;
        }
        if (c == '0') {
          ends[figure++] = at;
          while (at < reason.length() && isDigit(reason.charAt(at))) {
            at++;
          }
          ends[figure++] = at;
        } else if (reason.charAt(at++) != c) {
          return false;
        }
      }
      return at == reason.length();
    }

    /** Those figures of a line that are others than last; to be asked for a line that says so. */
    void figures(StringBuilder text, String reason) {
      int end = text.length();
      for (int i = 0; i < figures.size(); i++) {
        if (i > 0) {
          text.append(',');
        }
        String old = figures.get(i);
        int from = ends[2 * i];
        int length = ends[2 * i + 1] - from;
        if (old.length() != length || !reason.startsWith(old, from)) {
          String now = reason.substring(from, from + length);
          if (now.equals(next(old))) {
            text.append(NEXT);
          } else {
            text.append(now);
          }
          figures.set(i, now);
          end = text.length();
        }
      }
      text.setLength(end); // what is missing at the end is as before
    }
  }

  /** Says a line in another sentence than the one before; gives it where it may be said again. */
  private static @Nullable Said sentence(
      StringBuilder text, TraceLine line, Map<Sentence, Said> said) {
    StringBuilder words = new StringBuilder(line.reason().length());
    List<String> figures = new ArrayList<>();
    String reason = plain(line.reason());
    part(reason, words, figures);
    Sentence sentence = new Sentence(plain(line.verdict()), words.toString());
    Said before = said.get(sentence);
    if (before != null && before.saysToo(new TraceLine("", "", sentence.verdict(), reason))) {
      text.append(before.name);
      before.figures(text, reason);
      return before;
    }
    text.append(NEW).append(String.join(",", figures));
    text.append(UNIT).append(sentence.verdict()).append(UNIT).append(sentence.words());
    if (said.size() == SENTENCES_MAX) {
      return null;
    }
    Said fresh = new Said((char) (FIRST + said.size()), sentence);
    fresh.figures = figures;
    said.put(sentence, fresh);
    return fresh;
  }

  /** The lines, each ended; empty for none. */
  static String of(List<TraceLine> lines) {
    StringBuilder text = new StringBuilder(lines.size() * CHARS_A_LINE);
    Map<Sentence, Said> said = new HashMap<>();
    Said last = null;
    String agent = "";
    String account = "";
    for (TraceLine line : lines) {
      String nextAgent = plain(line.agentId());
      String nextAccount = plain(line.accountId());
      name(text, agent, nextAgent);
      name(text, account, nextAccount);
      agent = nextAgent;
      account = nextAccount;
      if (last != null && last.saysToo(line)) {
        text.append(last.name);
        last.figures(text, line.reason());
      } else {
        last = sentence(text, line, said);
      }
      text.append('\n');
    }
    return text.toString();
  }

  /** What the lines so far have said, and they themselves. */
  static final class Reading {
    private final List<TraceLine> lines = new ArrayList<>();
    private final List<Said> said = new ArrayList<>();
    private String agent = "";
    private String account = "";

    /** A line that is not packed. */
    void add(TraceLine line) {
      lines.add(line);
    }

    /** A line that may be packed, by its fields; one of another kind is passed over. */
    void packed(String[] fields) {
      if (fields.length == FIELDS && !fields[0].isEmpty() && !fields[1].isEmpty()) {
        agent = name(agent, fields[0]);
        account = name(account, fields[1]);
        sentence(fields[2]);
      }
    }

    /** All lines so far. */
    List<TraceLine> lines() {
      return List.copyOf(lines);
    }

    private void sentence(String field) {
      if (field.startsWith(String.valueOf(NEW))) {
        String[] parts = field.substring(1).split(String.valueOf(UNIT), FIELDS);
        if (parts.length == FIELDS) {
          Said fresh = new Said((char) (FIRST + said.size()), new Sentence(parts[1], parts[2]));
          fresh.figures = figures(List.of(), parts[0]);
          said.add(fresh);
          say(fresh);
        }
        return;
      }
      int index = field.isEmpty() ? -1 : field.charAt(0) - FIRST;
      if (index >= 0 && index < said.size()) {
        Said again = said.get(index);
        again.figures = figures(again.figures, field.substring(1));
        say(again);
      }
    }

    private void say(Said one) {
      StringBuilder reason = new StringBuilder();
      int figure = 0;
      for (char c : one.sentence.words().toCharArray()) {
        if (c == '0' && figure < one.figures.size()) {
          reason.append(one.figures.get(figure++));
        } else {
          reason.append(c);
        }
      }
      lines.add(new TraceLine(agent, account, one.sentence.verdict(), reason.toString()));
    }
  }

  // ---- names: how many characters are as in the line before, then the rest

  private static void name(StringBuilder text, String before, String name) {
    int most = Math.min(SHARED_MAX, Math.min(before.length(), name.length()));
    int shared = 0;
    while (shared < most && before.charAt(shared) == name.charAt(shared)) {
      shared++;
    }
    text.append((char) (NO_CHARS + shared)).append(name, shared, name.length()).append('\t');
  }

  private static String name(String before, String field) {
    int shared = Math.clamp(field.charAt(0) - NO_CHARS, 0, before.length());
    return before.substring(0, shared) + field.substring(1);
  }

  // ---- words and figures: a figure is a run of digits, and in words a 0

  private static void part(String reason, StringBuilder words, List<String> figures) {
    int from = -1;
    for (int i = 0; i < reason.length(); i++) {
      char c = reason.charAt(i);
      boolean digit = isDigit(c);
      if (digit && from < 0) {
        from = i;
        words.append('0');
      } else if (!digit) {
        if (from >= 0) {
          figures.add(reason.substring(from, i));
          from = -1;
        }
        words.append(c);
      }
    }
    if (from >= 0) {
      figures.add(reason.substring(from));
    }
  }

  private static List<String> figures(List<String> before, String field) {
    String[] changed = field.split(",", -1);
    List<String> now = new ArrayList<>(before);
    for (int i = 0; i < changed.length; i++) {
      String each = changed[i];
      if (!each.isEmpty()) {
        String figure =
            each.equals(String.valueOf(NEXT)) && i < now.size() ? next(now.get(i)) : each;
        if (i < now.size()) {
          now.set(i, figure);
        } else {
          now.add(figure);
        }
      }
    }
    return now;
  }

  /** The figure after this one, as ranks follow each other; empty where that is not sure. */
  private static String next(String figure) {
    boolean plain = !figure.isEmpty() && figure.length() < 10 && figure.charAt(0) != '0';
    return plain ? Integer.toString(Integer.parseInt(figure) + 1) : "";
  }

  /** Without what parts lines and fields. */
  private static String plain(String said) {
    for (int i = 0; i < said.length(); i++) {
      if (parts(said.charAt(i))) {
        StringBuilder plain = new StringBuilder(said);
        for (int j = i; j < plain.length(); j++) {
          if (parts(plain.charAt(j))) {
            plain.setCharAt(j, ' ');
          }
        }
        return plain.toString();
      }
    }
    return said;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean parts(char c) {
    return c == '\t' || c == '\n' || c == '\r' || c == UNIT;
  }
}
