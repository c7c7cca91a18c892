package io.tandem.ops.bench.rtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bencode (BEP 3), in which rtpengine's ng protocol is written: texts, lists, dictionaries. */
final class Bencode {
  private final String text;
  private int at;

  private Bencode(String text) {
    this.text = text;
  }

  /** A text, a list or a map of these; latin-1, so that a character is an octet. */
  static String write(Object value) {
    return switch (value) {
      case String string -> string.getBytes(StandardCharsets.ISO_8859_1).length + ":" + string;
      case List<?> list -> {
        StringBuilder out = new StringBuilder("l");
        list.forEach(entry -> out.append(write(entry)));
        yield out.append('e').toString();
      }
      case Map<?, ?> map -> {
        StringBuilder out = new StringBuilder("d");
        new TreeMap<>(map).forEach((key, entry) -> out.append(write(key)).append(write(entry)));
        yield out.append('e').toString();
      }
      default -> throw new IllegalArgumentException("not a bencode value: " + value.getClass());
    };
  }

  /**
   * A dictionary; numbers become texts.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Map<?, ?> dictionary(String text) {
    if (new Bencode(text).next() instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException("not a bencode dictionary");
  }

  private Object next() {
    char kind = text.charAt(at);
    switch (kind) {
      case 'i' -> {
        return upTo('e', at + 1);
      }
      case 'l' -> {
        at++;
        List<Object> list = new ArrayList<>();
        while (text.charAt(at) != 'e') {
          list.add(next());
        }
        at++;
        return list;
      }
      case 'd' -> {
        at++;
        Map<String, Object> map = new TreeMap<>();
        while (text.charAt(at) != 'e') {
          String key = String.valueOf(next());
          map.put(key, next());
        }
        at++;
        return map;
      }
      default -> {
        int length = Integer.parseInt(upTo(':', at));
        String string = text.substring(at, at + length);
        at += length;
        return string;
      }
    }
  }

  private String upTo(char end, int from) {
    int stop = text.indexOf(end, from);
    if (stop < 0) {
      throw new IllegalArgumentException("a bencode value has no end");
    }
    at = stop + 1;
    return text.substring(from, stop);
  }
}
