package io.tandem.persistence.call;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why each agent was or was not chosen (MKT-5), kept as one text: a trace has a line for every
 * candidate, travels with the call through its whole life, and is read by people only. Its lines
 * are packed ({@link PackedLines}); those of older calls are written out.
 *
 * <p>Before them stands how the call came in over a trunk, where one brought it: a line of another
 * form, which a build that does not know it passes over.
 *
 * @param text a line a candidate: agent, account, verdict and reason, parted by tabs; or packed
 */
public record RoutingTrace(String text) {

  /** Of no candidate. */
  public static final RoutingTrace NONE = new RoutingTrace("");

  private static final int FIELDS = 4;
  private static final String ARRIVAL = "arrival|";
  private static final int ARRIVAL_FIELDS = 5;
  private static final int CHARS_A_LINE = 128;

  /** The lines as one text; tabs and line ends in what they say become blanks. */
  public static RoutingTrace of(List<TraceLine> lines) {
    return lines.isEmpty() ? NONE : new RoutingTrace(PackedLines.of(lines));
  }

  /** One line a candidate, in the order of routing. */
  public List<TraceLine> lines() {
    PackedLines.Reading reading = new PackedLines.Reading();
    text.lines()
        .forEach(
            line -> {
              String[] f = line.split("\t", FIELDS);
              if (f.length == FIELDS) {
                reading.add(new TraceLine(f[0], f[1], f[2], f[3]));
              } else {
                reading.packed(f);
              }
            });
    return reading.lines();
  }

  /** The same of a call that a trunk brought; unchanged for null. */
  public RoutingTrace arrived(@Nullable Arrival over) {
    if (over == null) {
      return this;
    }
    StringBuilder line = new StringBuilder(CHARS_A_LINE).append(ARRIVAL);
    put(line, over.trunkId()).append('|');
    put(line, over.verification()).append('|');
    put(line, over.attestation()).append('|');
    put(line, over.detail()).append('\n');
    return new RoutingTrace(line + text);
  }

  /** How the call came in over a trunk; empty where none brought it. */
  public Optional<Arrival> arrival() {
    int end = text.indexOf('\n');
    if (!text.startsWith(ARRIVAL) || end < 0) {
      return Optional.empty();
    }
    String[] fields = text.substring(0, end).split("\\|", ARRIVAL_FIELDS);
    return fields.length < ARRIVAL_FIELDS
        ? Optional.empty()
        : Optional.of(new Arrival(fields[1], fields[2], fields[3], fields[4]));
  }

  private static StringBuilder put(StringBuilder text, String said) {
    int from = text.length();
    text.append(said);
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t' || c == '\n' || c == '\r') {
        text.setCharAt(i, ' ');
      }
    }
    return text;
  }
}
