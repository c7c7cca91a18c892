package io.tandem.protocol.sip.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a header or URI, in their order: {@code ;name=value;flag} (RFC 3261 section
 * 7.3.1). Names are compared without case; values are as on the wire, quotes included. Immutable.
 */
public final class Params {
  public static final Params NONE = new Params(new String[0]);

  /** Names that are usual, so that usual messages make none anew. */
  private static final String[] USUAL = {"tag", "branch", "rport", "received", "expires", "lr"};

  /** name, value (null for a flag), name, value … */
  private final @Nullable String[] flat;

  private Params(@Nullable String[] flat) {
    this.flat = flat;
  }

  /** One parameter with a value; a null value is a flag. */
  public static Params of(String name, @Nullable String value) {
    return NONE.with(name, value);
  }

  static Params ofFlat(List<@Nullable String> flat) {
    return flat.isEmpty() ? NONE : new Params(flat.toArray(new String[0]));
  }

  public boolean has(String name) {
    return index(name) >= 0;
  }

  /** The value as written (quotes included); null when absent or a flag. */
  public @Nullable String get(String name) {
    int at = index(name);
    return at < 0 ? null : flat[at + 1];
  }

  /** The value without surrounding quotes and backslashes; null when absent or a flag. */
  public @Nullable String unquoted(String name) {
    String value = get(name);
    return value == null ? null : Quoted.unquote(value);
  }

  public boolean isEmpty() {
    return flat.length == 0;
  }

  public List<String> names() {
    List<String> names = new ArrayList<>(flat.length / 2);
    for (int i = 0; i < flat.length; i += 2) {
      names.add(Objects.requireNonNull(flat[i]));
    }
    return names;
  }

  /** With this parameter set, at its old place if it was there, else at the end. */
  public Params with(String name, @Nullable String value) {
    Quoted.requireOneLine(name);
    if (value != null) {
      Quoted.requireOneLine(value);
    }
    int at = index(name);
    String[] next = Arrays.copyOf(flat, at < 0 ? flat.length + 2 : flat.length);
    if (at < 0) {
      at = flat.length;
      next[at] = name;
    }
    next[at + 1] = value;
    return new Params(next);
  }

  public Params without(String name) {
    int at = index(name);
    if (at < 0) {
      return this;
    }
    List<@Nullable String> next = new ArrayList<>(Arrays.asList(flat));
    next.remove(at);
    next.remove(at);
    return ofFlat(next).without(name);
  }

  private int index(String name) {
    for (int i = 0; i < flat.length; i += 2) {
      if (name.equalsIgnoreCase(flat[i])) {
        return i;
      }
    }
    return -1;
  }

  /** Appends {@code ;name=value} for each parameter. */
  void appendTo(StringBuilder out) {
    for (int i = 0; i < flat.length; i += 2) {
      out.append(';').append(flat[i]);
      if (flat[i + 1] != null) {
        out.append('=').append(flat[i + 1]);
      }
    }
  }

  /**
   * Reads {@code ;a=b;flag} from {@code from} to the end of the text, when every name and value is
   * plain (no space, no quotes); null when the text is of another shape.
   */
  static @Nullable Params plain(String text, int from) {
    int at = from;
    int end = text.length();
    if (at == end) {
      return NONE;
    }
    @Nullable String[] flat = new String[2 * count(text, from)];
    int next = 0;
    while (at < end) {
      if (text.charAt(at++) != ';') {
        return null;
      }
      int nameFrom = at;
      while (at < end && Chars.isToken(text.charAt(at))) {
        at++;
      }
      if (at == nameFrom) {
        return null;
      }
      flat[next] = name(text, nameFrom, at);
      if (at < end && text.charAt(at) == '=') {
        int valueFrom = ++at;
        while (at < end && Chars.isPlainValue(text.charAt(at))) {
          at++;
        }
        if (at == valueFrom) {
          return null;
        }
        flat[next + 1] = text.substring(valueFrom, at);
      }
      next += 2;
    }
    return new Params(flat);
  }

  private static int count(String text, int from) {
    int count = 0;
    for (int at = text.indexOf(';', from); at >= 0; at = text.indexOf(';', at + 1)) {
      count++;
    }
    return count;
  }

  private static String name(String text, int from, int to) {
    for (String usual : USUAL) {
      if (usual.length() == to - from && text.startsWith(usual, from)) {
        return usual;
      }
    }
    return text.substring(from, to);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Params params && Arrays.equals(flat, params.flat);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(flat);
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    appendTo(out);
    return out.toString();
  }
}
