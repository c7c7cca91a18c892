package io.tandem.protocol.sip.trunk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session description with no other codecs than a trunk takes. Keys (telephone-event) pass
 * always: they are no codec, and menus need them.
 */
public final class CodecList {
  private static final Map<String, String> STATIC =
      Map.of(
          "0", "pcmu", "3", "gsm", "4", "g723", "8", "pcma", "9", "g722", "15", "g728", "18",
          "g729");
  private static final String KEYS = "telephone-event";

  private CodecList() {}

  /**
   * The description with those alone; empty when nothing of an audio stream is left.
   *
   * @param allowed encoding names in any case; empty for all
   */
  public static Optional<String> filter(String sdp, List<String> allowed) {
    if (allowed.isEmpty()) {
      return Optional.of(sdp);
    }
    Set<String> taken = new HashSet<>(Set.of(KEYS));
    allowed.forEach(name -> taken.add(name.toLowerCase(Locale.ROOT)));
    List<String> out = new ArrayList<>();
    List<String> medium = new ArrayList<>();
    for (String line : sdp.split("\r?\n")) {
      if (line.startsWith("m=") && !flush(medium, taken, out)) {
        return Optional.empty();
      }
      (line.startsWith("m=") || !medium.isEmpty() ? medium : out).add(line);
    }
    return flush(medium, taken, out)
        ? Optional.of(String.join("\r\n", out) + "\r\n")
        : Optional.empty();
  }

  /** One medium, filtered; false when it is audio and no codec of it is left. */
  private static boolean flush(List<String> medium, Set<String> taken, List<String> out) {
    if (medium.isEmpty() || !medium.getFirst().startsWith("m=audio ")) {
      out.addAll(medium);
      medium.clear();
      return true;
    }
    Map<String, String> names = names(medium);
    String[] words = medium.getFirst().split(" ");
    StringBuilder first = new StringBuilder(words[0]);
    Set<String> kept = new HashSet<>();
    boolean voice = false;
    for (int i = 1; i < words.length; i++) {
      String name = i < 3 ? "" : names.getOrDefault(words[i], "");
      if (i < 3 || taken.contains(name)) {
        first.append(' ').append(words[i]);
        if (i >= 3) {
          kept.add(words[i]);
          voice |= !name.equals(KEYS);
        }
      }
    }
    out.add(first.toString());
    for (String line : medium.subList(1, medium.size())) {
      String format = format(line);
      if (format.isEmpty() || format.equals("*") || kept.contains(format)) {
        out.add(line);
      }
    }
    medium.clear();
    return voice || words.length < 2 || words[1].equals("0");
  }

  private static Map<String, String> names(List<String> medium) {
    Map<String, String> names = new HashMap<>(STATIC);
    for (String line : medium) {
      if (line.startsWith("a=rtpmap:")) {
        int space = line.indexOf(' ');
        int slash = line.indexOf('/', Math.max(0, space));
        if (space > 0 && slash > space) {
          names.put(
              line.substring("a=rtpmap:".length(), space),
              line.substring(space + 1, slash).toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  /** The format an attribute is about; empty for one of the medium as a whole. */
  private static String format(String line) {
    for (String name : List.of("a=rtpmap:", "a=fmtp:", "a=rtcp-fb:")) {
      if (line.startsWith(name)) {
        int space = line.indexOf(' ');
        return space < 0 ? "" : line.substring(name.length(), space);
      }
    }
    return "";
  }
}
