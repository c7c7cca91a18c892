package io.tandem.node.entity;

import com.github.f4b6a3.ulid.Ulid;
import java.time.Instant;
import java.util.Random;

/** Timed ids from a seed, so that a seeded test is the same every time. */
public final class SeededIds {

  private final Random random;

  public SeededIds(Random random) {
    this.random = random;
  }

  /** A new id of a given instant. */
  public String at(String prefix, Instant instant) {
    byte[] rest = new byte[10];
    random.nextBytes(rest);
    return prefix + '_' + new Ulid(instant.toEpochMilli(), rest);
  }
}
