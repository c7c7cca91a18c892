package io.tandem.ops.proof;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Just enough of RFC 8949 to show what an event says; with the JDK alone. */
final class Cbor {

  private static final int DEPTH_MAX = 64;
  private static final int SHOWN_BYTES = 16;
  private static final int BREAK = 0xff;

  /** A tagged value: in an event, data about a person, sealed. */
  record Tagged(long tag, Object value) {}

  /** No value. */
  enum Nothing {
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  private final byte[] bytes;
  private int at;

  Cbor(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The one value that the bytes are. */
  Object whole() {
    Object value = value(0);
    if (at != bytes.length) {
      throw new IllegalArgumentException("more than one value");
    }
    return value;
  }

  private Object value(int depth) {
    if (depth > DEPTH_MAX) {
      throw new IllegalArgumentException("too deep");
    }
    int head = next();
    int major = head >> 5;
    int low = head & 31;
    return switch (major) {
      case 0 -> argument(low);
      case 1 -> -1 - argument(low);
      case 2 -> string(low, 2);
      case 3 -> new String(string(low, 3), StandardCharsets.UTF_8);
      case 4 -> list(low, depth);
      case 5 -> map(low, depth);
      case 6 -> new Tagged(argument(low), value(depth + 1));
      default -> simple(low);
    };
  }

  private int next() {
    return bytes[at++] & 0xff;
  }

  private long argument(int low) {
    if (low < 24) {
      return low;
    }
    if (low > 27) {
      throw new IllegalArgumentException("no length");
    }
    long value = 0;
    for (int i = 1 << (low - 24); i > 0; i--) {
      value = (value << 8) | next();
    }
    return value;
  }

  private boolean ended() {
    if ((bytes[at] & 0xff) == BREAK) {
      at++;
      return true;
    }
    return false;
  }

  private byte[] string(int low, int major) {
    if (low != 31) {
      int length = Math.toIntExact(argument(low));
      byte[] string = java.util.Arrays.copyOfRange(bytes, at, at + length);
      if (length > bytes.length - at) {
        throw new IllegalArgumentException("cut short");
      }
      at += length;
      return string;
    }
    java.io.ByteArrayOutputStream parts = new java.io.ByteArrayOutputStream();
    while (!ended()) {
      parts.writeBytes(string(next() & 31, major));
    }
    return parts.toByteArray();
  }

  private List<Object> list(int low, int depth) {
    List<Object> list = new ArrayList<>();
    long count = low == 31 ? Long.MAX_VALUE : argument(low);
    while (count-- > 0 && !(low == 31 && ended())) {
      list.add(value(depth + 1));
    }
    return list;
  }

  private Map<Object, Object> map(int low, int depth) {
    Map<Object, Object> map = new LinkedHashMap<>();
    long count = low == 31 ? Long.MAX_VALUE : argument(low);
    while (count-- > 0 && !(low == 31 && ended())) {
      Object key = value(depth + 1);
      map.put(key, value(depth + 1));
    }
    return map;
  }

  private Object simple(int low) {
    return switch (low) {
      case 20 -> false;
      case 21 -> true;
      case 22, 23 -> Nothing.NULL;
      case 26 -> Float.intBitsToFloat((int) argument(low));
      case 27 -> Double.longBitsToDouble(argument(low));
      default -> throw new IllegalArgumentException("no such value");
    };
  }

  /** A value in words; what is sealed shows as that. */
  static String words(Object value) {
    return switch (value) {
      case byte[] some ->
          some.length > SHOWN_BYTES
              ? "(" + some.length + " bytes)"
              : "h'" + HexFormat.of().formatHex(some) + "'";
      case String text -> "\"" + text + "\"";
      case List<?> list ->
          list.stream().map(Cbor::words).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> e.getKey() + ": " + words(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Tagged tagged ->
          tagged.value() instanceof List<?> l && l.size() > 3 ? "(sealed)" : words(tagged.value());
      default -> value.toString();
    };
  }
}
