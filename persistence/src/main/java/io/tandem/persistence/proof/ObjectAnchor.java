package io.tandem.persistence.proof;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Stream;

/** Checkpoints as objects, one each: {@code checkpoint-000000000012.json}. */
public final class ObjectAnchor implements Anchor {

  private static final String START = "checkpoint-";
  private static final String END = ".json";

  private final ObjectStore store;
  private long known = -1;

  public ObjectAnchor(ObjectStore store) {
    this.store = store;
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public boolean isThere() {
    return store.isThere();
  }

  @Override
  public synchronized long newest() {
    if (known < 0) {
      try (Stream<String> keys = keys()) {
        known = keys.mapToLong(ObjectAnchor::numberOf).max().orElse(0);
      }
    }
    while (store.get(keyOf(known + 1)).isPresent()) { // another node's
      known++;
    }
    return known;
  }

  @Override
  public synchronized void add(Anchored checkpoint) {
    byte[] bytes = checkpoint.line().getBytes(StandardCharsets.UTF_8);
    String key = keyOf(checkpoint.number());
    if (!store.putIfAbsent(key, bytes)
        && store.get(key).map(ObjectAnchor::read).stream()
            .noneMatch(there -> there.note().equals(checkpoint.note()))) {
      throw new AnchorException(store.name() + " has another " + checkpoint);
    }
  }

  @Override
  public Stream<Anchored> all() {
    return keys().flatMap(key -> store.get(key).map(ObjectAnchor::read).stream());
  }

  private Stream<String> keys() {
    return store.keys().filter(key -> key.startsWith(START) && key.endsWith(END));
  }

  private static Anchored read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      return Anchored.of(text);
    } catch (IllegalArgumentException e) {
      return new Anchored(0, text, null); // to be named as no checkpoint at all
    }
  }

  private static String keyOf(long number) {
    return String.format(Locale.ROOT, "%s%012d%s", START, number, END);
  }

  private static long numberOf(String key) {
    try {
      return Long.parseLong(key.substring(START.length(), key.length() - END.length()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
